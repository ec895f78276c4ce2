import Kernel
import Wire

// What a process hands to its kernel, and what becomes of it there.
extension Simulation {
    mutating func send(_ message: Message, over socket: Int) {
        guard sockets[socket].phase == .open, !sockets[socket].isWriteShut else { return }
        let size = message.encodedSize
        if !hosts[sockets[socket].host].isStranger {
            cost.messages += 1
            cost.bytes += size
        }
        let isLimited = scenario.network.bandwidth != nil
        if sockets[socket].isHeldUp || isLimited {
            // What the kernel does not take waits in the driver's own queue.
            let room = scenario.network.sendBufferBytes + profile(of: sockets[socket].host).transport.sendQueueBytes
            let waiting = (sockets[socket].outbox?.queuedBytes ?? 0) + sockets[socket].inFlight
            if waiting > 0 || !isLimited, waiting + size > room { return overflow(socket, message) }
        }
        settleAcknowledgement(by: socket)
        sockets[socket].acknowledgement.sent(at: now)
        let segment = Segment(number: sockets[socket].numberNext(at: now), message: message)
        if sockets[socket].isHeldUp { keep(segment, socket) } else { launch(segment, from: socket) }
    }

    /// The bounded queue is full: load is dropped, anything that the protocol needs ends the link.
    private mutating func overflow(_ socket: Int, _ message: Message) {
        guard message.channel != .application, let link = sockets[socket].link else { return }
        sockets[socket].phase = .closed
        sockets[socket].giveUp()
        // The node is in the middle of its effects: it hears of this one behind them.
        answer(.ended(link, .failed(.queueFull)), to: sockets[socket].host, at: now)
    }

    private mutating func launch(_ segment: Segment, from socket: Int) {
        guard reaches(socket) || isProxied(socket) else {
            if paths.answer(from: sockets[socket].host, to: sockets[socket ^ 1].host) == .reset {
                answerInName(of: socket)
            } else {
                keep(segment, socket)
                startRetransmission(socket)
            }
            return
        }
        let size = segment.message.encodedSize
        if scenario.network.bandwidth != nil { sockets[socket].inFlight += size }
        let arrival = arrival(of: socket, bytes: size)
        if scenario.network.bandwidth != nil { startProgress(of: segment, from: socket, until: arrival) }
        let generation = sockets[socket].generation
        events.push(
            .data(socket: socket, generation: generation, number: segment.number, segment.message), at: arrival
        )
    }

    /// A filter answers with an RST.
    private mutating func answerInName(of socket: Int) {
        events.push(
            .reset(socket: socket, generation: sockets[socket].generation), at: now + 2 * sockets[socket].latency
        )
    }

    /// The segment did not get through: it waits in the sender's kernel, before everything that was sent after it.
    mutating func keep(_ segment: Segment, _ socket: Int) {
        guard !sockets[socket].isGone else { return }
        sockets[socket].openOutbox().keep(segment)
        startWriteDeadline(socket)
    }

    /// Sends everything that waits.
    mutating func flush(_ socket: Int) {
        guard let outbox = sockets[socket].outbox else { return }
        outbox.blockedSince = nil
        for segment in outbox.takeQueue() { launch(segment, from: socket) }
        if outbox.isEndQueued {
            outbox.isEndQueued = false
            sendFinish(socket)
        }
    }

    // MARK: The end of a stream

    mutating func shutDownWrite(_ socket: Int) {
        guard sockets[socket].phase == .open, !sockets[socket].isWriteShut else { return }
        sockets[socket].isWriteShut = true
        sendFinish(socket)
    }

    private mutating func sendFinish(_ socket: Int) {
        guard !sockets[socket].isHeldUp, reaches(socket) else {
            keepEnd(socket)
            return
        }
        let arrival = arrival(of: socket, bytes: 0)
        events.push(.finish(socket: socket, generation: sockets[socket].generation), at: arrival)
    }

    /// The end of stream did not get through: it waits behind what else did not.
    mutating func keepEnd(_ socket: Int) {
        guard !sockets[socket].isGone else { return }
        sockets[socket].openOutbox().isEndQueued = true
        if sockets[socket].zeroWindow == nil { startRetransmission(socket) }
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
                sockets[socket].giveUp()
                sendReset(to: socket ^ 1)
            } else if !sockets[socket].isWriteShut {
                sendFinish(socket)
            }
            sockets[socket].phase = .closed
            settleAcknowledgement(by: socket)
            sockets[socket].acknowledgement.lose()
        }
        sockets[socket].link = nil
        release(socket)
    }
}
