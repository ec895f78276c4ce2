import Kernel
import Wire

// What a driver holds because its kernel has no room, and in which order it hands it over: `SendQueue`, as on real sockets.
extension Simulation {
    /// Takes in a message where the connection is held up or the line is limited.
    mutating func queue(_ message: Message, _ size: Int, _ socket: Int) {
        let host = sockets[socket].host
        let driver = sockets[socket].openDriver(limit: profile(of: host).transport.sendQueueBytes)
        switch driver.queue.verdict(on: size, isDroppable: message.isDroppable) {
        case .queued: break
        case .dropped: return noteDrop(message, .queueFull, socket)
        case .full: return endForFullQueue(socket)
        }
        driver.queue.append(
            message, bytes: size, message.sendClass, isDroppable: message.isDroppable, at: ownTime(of: host)
        )
        drain(socket)
    }

    private mutating func endForFullQueue(_ socket: Int) {
        guard let link = sockets[socket].link else { return }
        sockets[socket].phase = .closed
        sockets[socket].giveUp()
        // The node is in the middle of its effects: it hears of this one behind them.
        answer(.ended(link, .failed(.queueFull)), to: sockets[socket].host, at: now)
    }

    private mutating func noteDrop(_ message: Message, _ cause: DropCause, _ socket: Int) {
        let event = Event.messageDropped(sockets[socket].link, message.channel, cause)
        collector.count(event, sockets[socket].host, at: now)
    }

    /// Hands over what the kernel takes, most urgent first. A process that does not run hands over nothing.
    mutating func drain(_ socket: Int) {
        guard let driver = sockets[socket].driver, sockets[socket].phase == .open,
            hosts[sockets[socket].host].power == .running
        else { return }
        driver.settle(at: now)
        let time = ownTime(of: sockets[socket].host)
        while takesMore(socket) {
            var dropped: [Message] = []
            let part = driver.queue.next(at: time) { message, _, _ in dropped.append(message) }
            for message in dropped { noteDrop(message, .waitedTooLong, socket) }
            guard let part else { break }
            handOver(part, driver, socket)
        }
        if driver.endsWhenEmpty, driver.queue.isEmpty {
            driver.endsWhenEmpty = false
            sendFinish(socket)
        }
        if driver.queue.isEmpty { sockets[socket].outbox?.blockedSince = nil } else { startWriteDeadline(socket) }
        guard !driver.queue.isEmpty, !driver.isArmed, let departure = driver.nextDeparture else { return }
        driver.isArmed = true
        events.push(.lineFree(socket: socket, generation: sockets[socket].generation), at: departure)
    }

    mutating func lineFree(_ socket: Int, _ generation: UInt32) {
        guard isCurrent(socket, generation) else { return }
        sockets[socket].driver?.isArmed = false
        drain(socket)
    }

    /// A kernel whose connection is held up has its buffer's room; what it has room for while the line is busy, the queue
    /// knows itself.
    private func takesMore(_ socket: Int) -> Bool {
        guard sockets[socket].isHeldUp, let outbox = sockets[socket].outbox else { return true }
        return outbox.queuedBytes + sockets[socket].inFlight < scenario.network.sendBufferBytes
    }

    private mutating func handOver(_ part: SendQueue<Message>.Part, _ driver: DriverQueue, _ socket: Int) {
        settleAcknowledgement(by: socket)
        sockets[socket].acknowledgement.sent(at: now)
        let segment = Segment(
            number: sockets[socket].numberNext(at: now), message: part.isLast ? part.item : nil, bytes: part.wireBytes
        )
        let host = sockets[socket].host
        let before = hosts[host].uplinkFreeAt
        if sockets[socket].isHeldUp { keep(segment, socket) } else { launch(segment, from: socket) }
        // Only what goes over the line waits for it.
        if hosts[host].uplinkFreeAt != before {
            driver.hold(part.wireBytes, until: hosts[host].uplinkFreeAt)
        } else {
            driver.queue.taken(part.wireBytes)
        }
    }

    /// The process closes: what must not be lost goes to the kernel, before the end of stream.
    ///
    /// - Returns: whether an end of stream that was to follow has not gone out yet.
    mutating func handOverRest(of socket: Int) -> Bool {
        guard let driver = sockets[socket].driver else { return false }
        _ = driver.queue.dropLoad()
        driver.openUp()
        while let part = driver.queue.next(at: ownTime(of: sockets[socket].host), drop: { _, _, _ in }) {
            handOver(part, driver, socket)
            driver.openUp()
        }
        let ends = driver.endsWhenEmpty
        sockets[socket].closeDriver()
        return ends
    }

    /// A process that stood still goes on sending.
    mutating func drainAll(of host: Int) {
        for socket in openSockets(of: host) where sockets[socket].driver != nil { drain(socket) }
    }
}
