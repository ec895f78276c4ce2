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
        // What the kernel does not take waits in the driver's own queue.
        if sockets[socket].isHeldUp || scenario.network.bandwidth != nil { return queue(message, size, socket) }
        settleAcknowledgement(by: socket)
        sockets[socket].acknowledgement.sent(at: now)
        launch(Segment(number: sockets[socket].numberNext(at: now), message: message), from: socket)
    }

    mutating func launch(_ segment: Segment, from socket: Int) {
        guard reaches(socket) || isProxied(socket) else {
            if paths.answer(from: sockets[socket].host, to: sockets[socket ^ 1].host) == .reset {
                answerInName(of: socket)
            } else {
                keep(segment, socket)
                startRetransmission(socket)
            }
            return
        }
        if scenario.network.bandwidth != nil { sockets[socket].inFlight += segment.bytes }
        let arrival = arrival(of: socket, bytes: segment.bytes)
        if scenario.network.bandwidth != nil { startProgress(of: segment, from: socket, until: arrival) }
        events.push(dataEvent(segment, from: socket), at: arrival)
    }

    private func dataEvent(_ segment: Segment, from socket: Int) -> SimulationEvent {
        let generation = sockets[socket].generation
        guard let message = segment.message else {
            return .part(
                socket: socket, generation: generation, number: segment.number, bytes: Int32(clamping: segment.bytes)
            )
        }
        guard segment.bytes != message.encodedSize else {
            return .data(socket: socket, generation: generation, number: segment.number, message)
        }
        return .lastPart(
            socket: Int32(socket), generation: generation, number: segment.number,
            bytes: Int32(clamping: segment.bytes), message
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
    }

    /// Sends everything that waits in the kernel; and what the driver holds, where the kernel has room for it again.
    mutating func flush(_ socket: Int, makesRoom: Bool) {
        guard let outbox = sockets[socket].outbox else { return }
        outbox.blockedSince = nil
        for segment in outbox.takeQueue() { launch(segment, from: socket) }
        if makesRoom { drain(socket) }
        if outbox.isEndQueued {
            outbox.isEndQueued = false
            sendFinish(socket)
        }
    }

    // MARK: The end of a stream

    mutating func shutDownWrite(_ socket: Int) {
        guard sockets[socket].phase == .open, !sockets[socket].isWriteShut else { return }
        sockets[socket].isWriteShut = true
        if let driver = sockets[socket].driver, !driver.queue.isEmpty {
            driver.endsWhenEmpty = true
        } else {
            sendFinish(socket)
        }
    }

    mutating func sendFinish(_ socket: Int) {
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

    /// The process closes: FIN behind what was sent but for load that waits, or RST where bytes were left unread, as a real
    /// host does.
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
            } else if handOverRest(of: socket) || !sockets[socket].isWriteShut {
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
