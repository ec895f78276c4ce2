import Kernel
import Wire

// What a process hands to its kernel, and what becomes of it there.
extension Simulation {
    mutating func send(_ message: Message, over socket: Int) {
        guard sockets[socket].phase == .open, !sockets[socket].isWriteShut else { return }
        let size = message.encodedSize
        cost.messages += 1
        cost.bytes += size
        let isLimited = scenario.network.bandwidth != nil
        if sockets[socket].isHeldUp || isLimited {
            // What the kernel does not take waits in the driver's own queue.
            let room = scenario.network.sendBufferBytes + profile(of: sockets[socket].host).transport.sendQueueBytes
            let waiting = sockets[socket].queuedBytes + sockets[socket].inFlight
            if waiting > 0 || !isLimited, waiting + size > room { return overflow(socket, message) }
        }
        guard sockets[socket].isHeldUp else {
            launch(message, from: socket)
            return
        }
        sockets[socket].queue.append(message)
        sockets[socket].queuedBytes += size
        if sockets[socket].queuedBytes > scenario.network.sendBufferBytes { startWriteDeadline(socket) }
    }

    /// The kernel has no room: the driver waits so long for some.
    private mutating func startWriteDeadline(_ socket: Int) {
        guard let deadline = sockets[socket].writeDeadline, sockets[socket].blockedSince == nil else { return }
        sockets[socket].blockedSince = now
        events.push(.writeDeadline(socket: socket, generation: sockets[socket].generation), at: now + deadline)
    }

    /// A process that does not run looks at no clock; it does when it runs again.
    mutating func writeDeadlinePassed(_ socket: Int, _ generation: UInt32) {
        guard isCurrent(socket, generation), sockets[socket].phase == .open,
            let since = sockets[socket].blockedSince, let deadline = sockets[socket].writeDeadline
        else { return }
        let due = since + deadline
        if due > now || hosts[sockets[socket].host].power != .running {
            events.push(.writeDeadline(socket: socket, generation: generation), at: max(due, now + 1_000_000_000))
        } else {
            abort(socket, .timedOut)
        }
    }

    /// The bounded queue is full: load is dropped, anything that the protocol needs ends the link.
    private mutating func overflow(_ socket: Int, _ message: Message) {
        guard message.channel != .application, let link = sockets[socket].link else { return }
        sockets[socket].phase = .closed
        sockets[socket].stopTimers()
        // The node is in the middle of its effects: it hears of this one behind them.
        answer(.ended(link, .failed(.queueFull)), to: sockets[socket].host, at: now)
    }

    private mutating func launch(_ message: Message, from socket: Int) {
        guard reaches(socket) || isProxied(socket) else {
            if paths.answer(from: sockets[socket].host, to: sockets[socket ^ 1].host) == .reset {
                answerInName(of: socket)
            } else {
                keep(message, socket)
                startRetransmission(socket)
            }
            return
        }
        let size = message.encodedSize
        if scenario.network.bandwidth != nil { sockets[socket].inFlight += size }
        let arrival = arrival(of: socket, bytes: size)
        events.push(.data(socket: socket, generation: sockets[socket].generation, message), at: arrival)
    }

    /// A filter answers with an RST.
    private mutating func answerInName(of socket: Int) {
        events.push(
            .reset(socket: socket, generation: sockets[socket].generation), at: now + 2 * sockets[socket].latency
        )
    }

    /// The segment did not get through: it waits in the sender's kernel, before everything that was sent after it.
    mutating func keep(_ message: Message, _ socket: Int) {
        sockets[socket].queue.insert(message, at: sockets[socket].returned)
        sockets[socket].returned += 1
        sockets[socket].queuedBytes += message.encodedSize
    }

    /// Sends everything that waits.
    mutating func flush(_ socket: Int) {
        let waiting = sockets[socket].queue
        sockets[socket].queue = []
        sockets[socket].queuedBytes = 0
        sockets[socket].returned = 0
        sockets[socket].blockedSince = nil
        for message in waiting { launch(message, from: socket) }
        if sockets[socket].isEndQueued {
            sockets[socket].isEndQueued = false
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
            sockets[socket].isEndQueued = true
            if sockets[socket].zeroWindow == nil { startRetransmission(socket) }
            return
        }
        let arrival = arrival(of: socket, bytes: 0)
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
                sockets[socket].stopTimers()
                sendReset(to: socket ^ 1)
            } else if !sockets[socket].isWriteShut {
                sendFinish(socket)
            }
            sockets[socket].phase = .closed
        }
        sockets[socket].link = nil
        release(socket)
    }
}
