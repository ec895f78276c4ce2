import Kernel
import Wire

// What a host's kernel does with a segment, and what its process hears of it.
extension Simulation {
    mutating func dataArrives(_ sender: Int, _ generation: UInt32, _ message: Message) {
        guard isCurrent(sender, generation) else { return }
        if scenario.network.bandwidth != nil { sockets[sender].inFlight -= message.encodedSize }
        let receiver = sender ^ 1
        let host = sockets[receiver].host
        guard hosts[host].power.isOn, !isProxied(sender) || wouldReach(sender) else {
            // A proxy has acknowledged what nobody will ever read.
            if isProxied(sender) { return heardAnswer(sender) }
            keep(message, sender)
            startRetransmission(sender)
            return
        }
        guard sockets[receiver].phase == .open else {
            sendReset(to: sender)
            return
        }
        guard hasRoom(receiver, message, from: sender) else {
            // A later segment may overtake none that found no room.
            keep(message, sender)
            startProbing(sender)
            return
        }
        acknowledge(sender)
        let isRead = sockets[receiver].isReading && hosts[host].power == .running
        if !isRead { sockets[receiver].unread += message.encodedSize }
        guard sockets[receiver].isReading else { return }
        if isRead {
            if let link = sockets[receiver].link { deliver(.received(link, message), to: host) }
        } else {
            hosts[host].inbox.append(.message(arrival(receiver), message))
        }
    }

    /// A process that reads always has room; the first message finds some, however long it is.
    private func hasRoom(_ receiver: Int, _ message: Message, from sender: Int) -> Bool {
        if sockets[sender].zeroWindow != nil { return false }
        let unread = sockets[receiver].unread
        return unread == 0 || unread + message.encodedSize <= scenario.network.receiveBufferBytes
    }

    /// The receiver's kernel answers; where the answer cannot get back, the sender counts its data as lost.
    mutating func acknowledge(_ sender: Int) {
        let receiver = sender ^ 1
        sockets[receiver].lastHeard = now
        if reaches(receiver) { heardAnswer(sender) } else { startRetransmission(sender) }
    }

    private mutating func heardAnswer(_ socket: Int) {
        sockets[socket].lastHeard = max(sockets[socket].lastHeard, now + sockets[socket].latency)
        sockets[socket].keepalive?.heard()
    }

    mutating func finishArrives(_ sender: Int, _ generation: UInt32) {
        guard isCurrent(sender, generation) else { return }
        let receiver = sender ^ 1
        let host = sockets[receiver].host
        guard hosts[host].power.isOn, sockets[sender].zeroWindow == nil else {
            sockets[sender].isEndQueued = true
            if sockets[sender].zeroWindow == nil { startRetransmission(sender) }
            return
        }
        guard sockets[receiver].phase == .open, !sockets[receiver].isEndOfStreamHere else { return }
        acknowledge(sender)
        sockets[receiver].isEndOfStreamHere = true
        if sockets[receiver].isReading { tellEnd(receiver, sockets[receiver].link, .endOfStream, host) }
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
        sockets[socket].stopTimers()
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
