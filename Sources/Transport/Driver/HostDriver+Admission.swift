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
        connection.isStranger = true
        strangers += 1
        if isKnown { strangersOfMasternodes += 1 }
        try equip(channel, for: connection)
    }

    private func turnAway(_ channel: any NIOCore.Channel, _ remote: Endpoint, _ reason: Reason) throws -> Never {
        DoorNote.send(reason, over: channel, security: configuration.transport.security)
        tell(refusal: reason, of: remote)
        throw TurnedAway()
    }

    /// Tells of a refusal that the node has no part in, or counts it where there are many.
    func tell(refusal reason: Reason, of remote: Endpoint) {
        // The generation that no link has.
        if refusals.note(reason, of: remote) { observe(.refused(LinkID(number: 0), nil, remote, reason)) }
    }

    /// An accepted connection is up, or gone: it holds no place any more.
    func releasePlace(of connection: LinkConnection) {
        guard connection.isStranger else { return }
        connection.isStranger = false
        strangers -= 1
        if connection.isOfMasternode { strangersOfMasternodes -= 1 }
    }

    /// Makes room for a connection beyond the limit, where that is fair: the address (IPv6: /64) that has the most loses
    /// its oldest, if the newcomer's is left with fewer even so. It is the rule that `single-link` has for handshakes,
    /// for those that the node has not heard of yet, or is done with.
    ///
    /// Some places are kept for addresses of masternodes, and such a newcomer has precedence over any stranger.
    private func makeRoom(for address: IPAddress, _ isKnown: Bool) -> Bool {
        let limits = configuration.transport.limits
        let others = strangers - strangersOfMasternodes
        let isFull = strangers >= limits.opening || (!isKnown && others >= limits.opening - limits.reserved)
        guard isFull else { return true }
        var crowd = sockets.values.filter { $0.isStranger && !$0.isOfMasternode }
        let yields = isKnown && !crowd.isEmpty
        if isKnown, crowd.isEmpty { crowd = sockets.values.filter(\.isStranger) }
        guard let (loudest, count) = Self.loudest(of: crowd) else { return false }
        let own = crowd.count { $0.remote?.ip.site == address.site }
        guard yields || count > own + 1 else { return false }
        drop(loudest)
        return true
    }

    /// The oldest connection of the address that has the most, and how many those are. Of two addresses with as many, the
    /// one whose oldest came first.
    private static func loudest(of crowd: [LinkConnection]) -> (oldest: LinkConnection, count: Int)? {
        var sites: [IPAddress: (oldest: LinkConnection, count: Int)] = [:]
        for connection in crowd {
            guard let site = connection.remote?.ip.site else { continue }
            var entry = sites[site] ?? (connection, 0)
            if connection.serial < entry.oldest.serial { entry.oldest = connection }
            entry.count += 1
            sites[site] = entry
        }
        return sites.values.max { ($0.count, $1.oldest.serial) < ($1.count, $0.oldest.serial) }
    }

    /// Ends a stranger's connection at once, without waiting for its end of stream.
    private func drop(_ connection: LinkConnection) {
        counters.door.refusedTooMany += 1
        switch connection.stage {
        case .opening: refuse(connection, .tooManyLinks)
        case .open:
            fail(connection, .tooManyLinks)
            turn()
        case .closing, .closed: break
        }
        connection.abandon()
        releasePlace(of: connection)
    }
}
