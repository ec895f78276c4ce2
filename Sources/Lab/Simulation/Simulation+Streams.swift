import Kernel
import Wire

extension Simulation {
    // MARK: Sending

    mutating func send(_ message: Message, over socket: Int) {
        guard sockets[socket].phase == .open, !sockets[socket].isWriteShut else { return }
        let size = message.encodedSize
        cost.messages += 1
        cost.bytes += size
        guard sockets[socket].retransmission != nil else {
            launch(message, from: socket)
            return
        }
        if sockets[socket].queuedBytes + size > profile.transport.sendQueueBytes {
            overflow(socket, message)
            return
        }
        sockets[socket].queue.append(message)
        sockets[socket].queuedBytes += size
    }

    /// The bounded queue is full: load is dropped, anything that the protocol needs ends the link.
    private mutating func overflow(_ socket: Int, _ message: Message) {
        guard message.channel != .application, let link = sockets[socket].link else { return }
        let host = sockets[socket].host
        sockets[socket].phase = .closed
        sockets[socket].retransmission = nil
        // The node is in the middle of its effects: it hears of this one behind them.
        answer(.ended(link, .failed(.queueFull)), to: host, at: now)
    }

    private mutating func launch(_ message: Message, from socket: Int) {
        let (from, to) = (sockets[socket].host, sockets[socket ^ 1].host)
        if paths.isBlocked(from: from, to: to) {
            keepForLater(message, socket)
            return
        }
        let arrival = max(now + segmentDelay(socket), sockets[socket].arrivalFloor)
        sockets[socket].arrivalFloor = arrival
        events.push(.data(socket: socket, generation: sockets[socket].generation, message), at: arrival)
    }

    /// The segment vanished: it waits in the sender's kernel for the retransmission timer.
    private mutating func keepForLater(_ message: Message, _ socket: Int) {
        sockets[socket].queue.append(message)
        sockets[socket].queuedBytes += message.encodedSize
        startRetransmission(socket)
    }

    private mutating func startRetransmission(_ socket: Int) {
        guard sockets[socket].retransmission == nil else { return }
        let host = sockets[socket].host
        let roundTrip = 2 * sockets[socket].latency
        let timer = Retransmission(roundTrip: roundTrip)
        sockets[socket].retransmission = timer
        let at = hosts[host].wheel.firing(setAt: now, after: timer.firstDelay(roundTrip: roundTrip))
        events.push(.retransmit(socket: socket, generation: sockets[socket].generation), at: at)
    }

    // MARK: Arriving

    mutating func dataArrives(_ sender: Int, _ generation: UInt32, _ message: Message) {
        guard isCurrent(sender, generation) else { return }
        let receiver = sender ^ 1
        let host = sockets[receiver].host
        guard hosts[host].power.isOn else {
            keepForLater(message, sender)
            return
        }
        guard sockets[receiver].phase == .open else {
            sendReset(to: sender)
            return
        }
        acknowledge(sender)
        guard sockets[receiver].isReading else {
            sockets[receiver].unread += message.encodedSize
            return
        }
        guard hosts[host].power == .running else {
            hosts[host].inbox.append(.message(arrival(receiver), message))
            return
        }
        if let link = sockets[receiver].link { feed(.received(link, message), to: host) }
    }

    /// The receiver's kernel answers; where the answer cannot get back, the sender counts its data as lost.
    private mutating func acknowledge(_ sender: Int) {
        let receiver = sender ^ 1
        sockets[receiver].lastHeard = now
        let (from, to) = (sockets[receiver].host, sockets[sender].host)
        if paths.isBlocked(from: from, to: to) {
            startRetransmission(sender)
        } else {
            sockets[sender].lastHeard = max(sockets[sender].lastHeard, now + sockets[sender].latency)
            sockets[sender].keepalive?.heard()
        }
    }

    mutating func finishArrives(_ sender: Int, _ generation: UInt32) {
        guard isCurrent(sender, generation) else { return }
        let receiver = sender ^ 1
        let host = sockets[receiver].host
        guard hosts[host].power.isOn else {
            sockets[sender].isEndQueued = true
            startRetransmission(sender)
            return
        }
        guard sockets[receiver].phase == .open, !sockets[receiver].isEndOfStreamHere else { return }
        acknowledge(sender)
        sockets[receiver].isEndOfStreamHere = true
        if sockets[receiver].isReading { tellEnd(receiver, sockets[receiver].link, .endOfStream, host) }
    }

    private mutating func sendReset(to socket: Int) {
        let from = sockets[socket ^ 1].host
        guard !paths.isBlocked(from: from, to: sockets[socket].host) else { return }
        events.push(
            .reset(socket: socket, generation: sockets[socket].generation), at: now + segmentDelay(socket ^ 1)
        )
    }

    mutating func resetArrives(_ socket: Int, _ generation: UInt32) {
        guard isCurrent(socket, generation), sockets[socket].phase == .open else { return }
        abort(socket, .reset)
    }

    /// The host's kernel gives the connection up; the process learns why.
    private mutating func abort(_ socket: Int, _ reason: Reason) {
        let host = sockets[socket].host
        let link = sockets[socket].link
        sockets[socket].phase = .closed
        sockets[socket].retransmission = nil
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
        case .running: if let link { feed(.ended(link, end), to: host) }
        case .stalled:
            hosts[host].inbox.append(.end(arrival(socket), end))
        case .idle, .off: break
        }
    }

    // MARK: Closing

    mutating func shutDownWrite(_ socket: Int) {
        guard sockets[socket].phase == .open, !sockets[socket].isWriteShut else { return }
        sockets[socket].isWriteShut = true
        sendFinish(socket)
    }

    private mutating func sendFinish(_ socket: Int) {
        let (from, to) = (sockets[socket].host, sockets[socket ^ 1].host)
        if sockets[socket].retransmission != nil || paths.isBlocked(from: from, to: to) {
            sockets[socket].isEndQueued = true
            startRetransmission(socket)
            return
        }
        let arrival = max(now + segmentDelay(socket), sockets[socket].arrivalFloor)
        sockets[socket].arrivalFloor = arrival
        events.push(.finish(socket: socket, generation: sockets[socket].generation), at: arrival)
    }

    /// The process closes: FIN behind what was sent, or RST where bytes were left unread, as a real host does.
    mutating func close(_ socket: Int) {
        switch sockets[socket].phase {
        case .free: return
        case .closed: break
        case .connecting:
            sockets[socket].phase = .closed
            if sockets[socket ^ 1].phase == .open {
                sendReset(to: socket ^ 1)
            } else {
                sockets[socket ^ 1].phase = .closed
            }
        case .open:
            if sockets[socket].unread > 0 {
                sockets[socket].retransmission = nil
                sendReset(to: socket ^ 1)
            } else if !sockets[socket].isWriteShut {
                sendFinish(socket)
            }
            sockets[socket].phase = .closed
        }
        sockets[socket].link = nil
        release(socket)
    }

    // MARK: Timers of the host's TCP

    mutating func apply(_ options: SocketOptions, to socket: Int) {
        guard sockets[socket].phase == .open else { return }
        sockets[socket].userTimeout = options.userTimeout.map(\.nanoseconds)
        guard let keepalive = options.keepalive else { return }
        let timer = KeepaliveTimer(keepalive, userTimeout: options.userTimeout)
        sockets[socket].keepalive = timer
        armKeepalive(socket, after: timer.idle)
    }

    private mutating func armKeepalive(_ socket: Int, after delay: Int64) {
        sockets[socket].keepaliveRound &+= 1
        let at = hosts[sockets[socket].host].wheel.firing(setAt: now, after: delay)
        events.push(
            .keepalive(
                socket: socket, generation: sockets[socket].generation, round: sockets[socket].keepaliveRound
            ),
            at: at
        )
    }

    mutating func keepalive(_ socket: Int, _ generation: UInt32, _ round: UInt32) {
        guard isCurrent(socket, generation), sockets[socket].phase == .open,
            sockets[socket].keepaliveRound == round, var timer = sockets[socket].keepalive
        else { return }
        let step = timer.fire(
            silence: max(0, now - sockets[socket].lastHeard),
            hasUnacknowledgedData: sockets[socket].hasUnacknowledgedData
        )
        sockets[socket].keepalive = timer
        switch step {
        case .wait(let delay): armKeepalive(socket, after: delay)
        case .probe(let next):
            if probeIsAnswered(socket) { armKeepalive(socket, after: next) }
        case .giveUp: abort(socket, .timedOut)
        }
    }

    /// Sends one probe. False when the answer was an RST.
    private mutating func probeIsAnswered(_ socket: Int) -> Bool {
        let peer = socket ^ 1
        let (from, to) = (sockets[socket].host, sockets[peer].host)
        // Lost, or its answer is: a probe carries no data, so nothing is sent again but the next probe.
        guard hosts[to].power.isOn, !paths.isBlocked(from: from, to: to), !paths.isBlocked(from: to, to: from) else {
            return true
        }
        guard sockets[peer].phase == .open else {
            sendReset(to: socket)
            return false
        }
        acknowledge(socket)
        return true
    }

    mutating func retransmit(_ socket: Int, _ generation: UInt32) {
        guard isCurrent(socket, generation), var timer = sockets[socket].retransmission else { return }
        // A socket that no process holds is given up after fewer tries (`tcp_orphan_retries`).
        let limit = scenario.network.tcpRetries
        let retries = sockets[socket].phase == .closed ? min(8, limit) : limit
        let step = timer.fire(at: now, userTimeout: sockets[socket].userTimeout, retries: retries)
        sockets[socket].retransmission = timer
        guard case .sendAgain(let next) = step else {
            let wasOpen = sockets[socket].phase == .open
            sockets[socket].retransmission = nil
            if wasOpen { abort(socket, .timedOut) } else { release(socket) }
            return
        }
        if !retransmissionSucceeds(socket) {
            let at = hosts[sockets[socket].host].wheel.firing(setAt: now, after: next)
            events.push(.retransmit(socket: socket, generation: generation), at: at)
        }
    }

    /// Sends everything again. True when it was acknowledged, or when the answer was an RST.
    private mutating func retransmissionSucceeds(_ socket: Int) -> Bool {
        let peer = socket ^ 1
        let (from, to) = (sockets[socket].host, sockets[peer].host)
        guard hosts[to].power.isOn, !paths.isBlocked(from: from, to: to) else { return false }
        let isAnswered = !paths.isBlocked(from: to, to: from)
        guard sockets[peer].phase == .open else {
            guard isAnswered else { return false }
            sockets[socket].retransmission = nil
            if sockets[socket].phase == .open { sendReset(to: socket) } else { release(socket) }
            return true
        }
        if isAnswered { sockets[socket].retransmission = nil }
        let waiting = sockets[socket].queue
        sockets[socket].queue = []
        sockets[socket].queuedBytes = 0
        for message in waiting { launch(message, from: socket) }
        if sockets[socket].isEndQueued {
            sockets[socket].isEndQueued = false
            sendFinish(socket)
        }
        if isAnswered {
            sockets[socket].lastHeard = max(sockets[socket].lastHeard, now + 2 * sockets[socket].latency)
            sockets[socket].keepalive?.heard()
            if sockets[socket].phase == .closed { release(socket) }
        }
        return isAnswered
    }
}
