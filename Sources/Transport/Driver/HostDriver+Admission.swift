import Kernel
import NIOCore
import Wire

// Who comes in, and who gives way when there are more accepted connections than may be on their way to being up.
extension HostDriver {
    /// Ends an accepted connection for which nothing was made.
    private struct TurnedAway: Error {}

    /// Judges a connection that the system has accepted, by its address alone: before TLS is set up, before a handshake
    /// is begun, before the node hears of it.
    ///
    /// - Throws: where it is not taken in; whoever called closes the channel then.
    func takeIn(_ channel: any NIOCore.Channel) throws {
        guard case .running = phase, let remote = Endpoint(channel.remoteAddress) else { throw TurnedAway() }
        let isKnown = masternodeSites.contains(remote.ip)
        guard gate.admits(remote.ip, ofMasternode: isKnown, at: clock.now) else {
            counters.door.refusedTooFast += 1
            try turnAway(channel, remote, .tooFast)
        }
        guard isKnown || sockets.count < descriptorsForStrangers, makeRoom(for: remote.ip, isKnown) else {
            counters.door.refusedTooMany += 1
            try turnAway(channel, remote, .tooManyLinks)
        }
        counters.door.accepted += 1
        let connection = makeConnection(.accepted, remote: remote)
        connection.isOfMasternode = isKnown
        doorway.enter(connection)
        try equip(channel, for: connection)
    }

    private func turnAway(_ channel: any NIOCore.Channel, _ remote: Endpoint, _ reason: Reason) throws -> Never {
        DoorNote.send(reason, over: channel, security: configuration.transport.security)
        tell(endOf: remote, reason)
        throw TurnedAway()
    }

    /// Tells of an accepted connection that the node had no part in, or counts it where there are many: it was turned
    /// away, or it broke, or the caller left.
    func tell(endOf remote: Endpoint, _ reason: Reason) {
        guard refusals.note(reason, of: remote) else { return }
        switch reason {
        case .endOfStream, .reset, .timedOut, .unreachable, .transportFailed:
            let ender: LinkEnder = reason == .endOfStream ? .peer : .transport
            observe(.linkEnded(.unknown, nil, remote, reason, ender, wasUp: false, direction: .accepted))
        default: observe(.refused(.unknown, nil, remote, reason))
        }
    }

    /// Makes room for a connection beyond the limit, where that is fair. Some places are kept for addresses of masternodes.
    private func makeRoom(for address: IPAddress, _ isKnown: Bool) -> Bool {
        let limits = configuration.transport.limits
        let others = doorway.count - doorway.countOfMasternodes
        let isFull = doorway.count >= limits.opening || (!isKnown && others >= limits.opening - limits.reserved)
        guard isFull else { return true }
        guard let connection = doorway.makesWay(for: address, ofMasternode: isKnown) else { return false }
        drop(connection)
        return true
    }

    /// Ends a stranger's connection at once, without waiting for its end of stream.
    private func drop(_ connection: LinkConnection) {
        counters.door.refusedTooMany += 1
        switch connection.stage {
        case .opening:
            // Read where TLS has not begun, as with the silent ones that places are full of.
            if let channel = connection.channel { DoorNote.send(.tooManyLinks, over: channel, security: .tls) }
            refuse(connection, .tooManyLinks)
        case .open:
            reject(connection, .tooManyLinks)
            turn()
        case .closing, .closed: break
        }
        connection.abandon()
        doorway.leave(connection)
    }
}
