import Kernel
import Wire

// What a host's kernel does with a segment, and what its process hears of it.
extension Simulation {
    mutating func dataArrives(_ sender: Int, _ generation: UInt32, _ segment: Segment) {
        guard isCurrent(sender, generation) else { return }
        if scenario.network.bandwidth != nil { sockets[sender].inFlight -= segment.bytes }
        let receiver = sender ^ 1
        guard hosts[sockets[receiver].host].power.isOn, !isProxied(sender) || wouldReach(sender) else {
            if isProxied(sender) {
                // A proxy has acknowledged what nobody will ever read, and goes on behind it.
                sockets[receiver].received = segment.number
                return heardAnswer(sender)
            }
            keep(segment, sender)
            startRetransmission(sender)
            return
        }
        guard sockets[receiver].phase == .open else {
            sendReset(to: sender)
            return
        }
        guard isProxied(sender) || !wasSentIntoCut(sender) else {
            keep(segment, sender)
            return startRetransmission(sender)
        }
        guard segment.number == sockets[receiver].received &+ 1 else {
            // Something that was sent before it is still on its way.
            sockets[receiver].openOutbox().receiveEarly(segment)
            return acknowledge(sender)
        }
        takeIn(segment, from: sender)
        guard let outbox = sockets[receiver].outbox else { return }
        while let next = outbox.takeEarly(after: sockets[receiver].received) { takeIn(next, from: sender) }
        if outbox.isEndEarly { streamEnds(sender) }
    }

    /// The receiver's kernel takes the next message of the stream, if it has room for it.
    private mutating func takeIn(_ segment: Segment, from sender: Int) {
        let receiver = sender ^ 1
        let host = sockets[receiver].host
        guard hasRoom(receiver, segment.bytes, from: sender) else {
            keep(segment, sender)
            startProbing(sender)
            return
        }
        sockets[receiver].received = segment.number
        acknowledge(segment, of: sender)
        let isRead = sockets[receiver].isReading && hosts[host].power == .running
        if !isRead { sockets[receiver].unread += segment.bytes }
        guard let message = segment.message else { return tellProgress(of: sender) }
        guard sockets[receiver].isReading else { return }
        if isRead {
            if let link = sockets[receiver].link { deliver(.received(link, message), to: host) }
        } else {
            hosts[host].inbox.append(.message(arrival(receiver), message))
        }
    }

    /// A process that reads always has room; the first message finds some, however long it is.
    @inline(__always) private func hasRoom(_ receiver: Int, _ bytes: Int, from sender: Int) -> Bool {
        if sockets[sender].zeroWindow != nil { return false }
        let unread = sockets[receiver].unread
        return unread == 0 || unread + bytes <= scenario.network.receiveBufferBytes
    }

    mutating func finishArrives(_ sender: Int, _ generation: UInt32) {
        guard isCurrent(sender, generation) else { return }
        guard hosts[sockets[sender ^ 1].host].power.isOn, sockets[sender].zeroWindow == nil,
            isProxied(sender) || !wasSentIntoCut(sender)
        else { return keepEnd(sender) }
        streamEnds(sender)
    }

    /// The end of stream is there; it counts once everything before it is.
    private mutating func streamEnds(_ sender: Int) {
        let receiver = sender ^ 1
        guard sockets[receiver].phase == .open, !sockets[receiver].isEndOfStreamHere else { return }
        acknowledge(sender)
        guard sockets[receiver].received == sockets[sender].sent else {
            sockets[receiver].openOutbox().isEndEarly = true
            return
        }
        sockets[receiver].isEndOfStreamHere = true
        if sockets[receiver].isReading {
            tellEnd(receiver, sockets[receiver].link, .endOfStream, sockets[receiver].host)
        }
    }

    mutating func sendReset(to socket: Int) {
        guard reaches(socket ^ 1) else { return }
        events.push(
            .reset(socket: socket, generation: sockets[socket].generation), at: now + segmentDelay(socket ^ 1)
        )
    }

    mutating func resetArrives(_ socket: Int, _ generation: UInt32) {
        guard isCurrent(socket, generation), sockets[socket].phase == .open,
            hosts[sockets[socket].host].power.isOn
        else { return }
        abort(socket, .reset)
    }

    /// The host's kernel gives the connection up; the process learns why.
    mutating func abort(_ socket: Int, _ reason: Reason) {
        let host = sockets[socket].host
        let link = sockets[socket].link
        sockets[socket].phase = .closed
        sockets[socket].giveUp()
        sockets[socket].acknowledgement.lose()
        collector.changed(host, sockets[socket ^ 1].host, in: self)
        tellEnd(socket, link, .failed(reason), host)
        release(socket)
    }

    private func arrival(_ socket: Int) -> VirtualHost.Arrival {
        VirtualHost.Arrival(
            socket: socket, generation: sockets[socket].generation, link: sockets[socket].link
        )
    }

    private mutating func tellEnd(_ socket: Int, _ link: LinkID?, _ end: StreamEnd, _ host: Int) {
        switch hosts[host].power {
        case .running: if let link { deliver(.ended(link, end), to: host) }
        case .stalled, .suspended: hosts[host].inbox.append(.end(arrival(socket), end))
        case .idle, .off: break
        }
    }
}
