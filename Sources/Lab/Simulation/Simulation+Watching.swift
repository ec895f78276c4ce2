import Kernel

// What each driver watches by its own clock: whether what it sends is taken, and whether the other host says anything.
extension Simulation {
    // MARK: Writing

    /// A new limit begins the wait anew.
    mutating func setWriteDeadline(_ deadline: Int64?, _ socket: Int) {
        guard sockets[socket].writeDeadline != deadline else { return }
        sockets[socket].writeDeadline = deadline
        guard let outbox = sockets[socket].outbox else { return }
        outbox.blockedSince = nil
        outbox.blockedRound &+= 1
        startWriteDeadline(socket)
    }

    /// The kernel has no room: the driver waits so long for some.
    mutating func startWriteDeadline(_ socket: Int) {
        guard let deadline = sockets[socket].writeDeadline, let outbox = sockets[socket].outbox,
            outbox.blockedSince == nil, sockets[socket].isHeldUp, sockets[socket].driver?.queue.isEmpty == false
        else { return }
        outbox.blockedSince = ownTime(of: sockets[socket].host).nanoseconds
        outbox.blockedRound &+= 1
        arm(.writeDeadline, socket, round: outbox.blockedRound, at: now + deadline)
    }

    /// A process that does not run looks at no clock; it does when it runs again.
    mutating func writeDeadlinePassed(_ socket: Int, _ round: UInt32) {
        let host = sockets[socket].host
        guard sockets[socket].phase == .open, sockets[socket].outbox?.blockedRound == round,
            let since = sockets[socket].outbox?.blockedSince,
            let deadline = sockets[socket].writeDeadline
        else { return }
        let left = since + deadline - ownTime(of: host).nanoseconds
        if left > 0 || hosts[host].power != .running {
            arm(.writeDeadline, socket, round: round, at: now + (left > 0 ? left : 1_000_000_000))
        } else {
            abort(socket, .timedOut)
        }
    }

    // MARK: Silence

    mutating func setHostSilence(_ limit: Int64?, _ socket: Int) {
        sockets[socket].hostSilence = limit
        sockets[socket].silenceRound &+= 1
        if let limit { arm(.hostSilence, socket, round: sockets[socket].silenceRound, at: now + limit) }
    }

    /// A process that does not run looks when it runs again; its kernel has listened meanwhile.
    mutating func judgeSilence(_ socket: Int, _ round: UInt32) {
        guard sockets[socket].phase == .open, sockets[socket].silenceRound == round,
            let limit = sockets[socket].hostSilence
        else { return }
        let left = sockets[socket].lastHeard + limit - now
        if left > 0 || hosts[sockets[socket].host].power != .running {
            arm(.hostSilence, socket, round: round, at: now + (left > 0 ? left : 1_000_000_000))
        } else {
            abort(socket, .timedOut)
        }
    }

    // MARK: Long messages on a slow path

    private static let progressInterval: Int64 = 1_000_000_000

    /// Notes that a message, or a part of one, will be a while going over the line: the other end sees it come.
    mutating func startProgress(of segment: Segment, from socket: Int, until arrival: Int64) {
        guard let bandwidth = scenario.network.bandwidth else { return }
        let first = arrival - bandwidth.nanoseconds(for: segment.bytes) + Self.progressInterval
        guard first < arrival else { return }
        let event = SimulationEvent.progress(
            socket: socket, generation: sockets[socket].generation, number: segment.number, until: arrival
        )
        events.push(event, at: first)
    }

    /// Some of what has this number is there, if nothing that was sent before it is still on its way.
    mutating func progressArrives(_ sender: Int, _ generation: UInt32, _ number: UInt32, until arrival: Int64) {
        guard isCurrent(sender, generation), sockets[sender].phase == .open else { return }
        if now + Self.progressInterval < arrival {
            let next = SimulationEvent.progress(
                socket: sender, generation: generation, number: number, until: arrival
            )
            events.push(next, at: now + Self.progressInterval)
        }
        let receiver = sender ^ 1
        guard hosts[sockets[receiver].host].power.isOn, sockets[receiver].phase == .open,
            number == sockets[receiver].received &+ 1, reaches(sender)
        else { return }
        acknowledge(sender)
        tellProgress(of: sender)
    }

    /// Bytes have come and no message is whole by them. Both ends hear of it, once a second at most; the sender where it
    /// has more to send, as often as its driver looks.
    mutating func tellProgress(of sender: Int) {
        guard let driver = sockets[sender].driver else { return }
        if !driver.queue.isEmpty, let deadline = sockets[sender].writeDeadline, let link = sockets[sender].link,
            now - driver.senderToldAt >= max(Self.progressInterval, deadline / 4)
        {
            driver.senderToldAt = now
            if hosts[sockets[sender].host].power == .running {
                deliver(.progress(link), to: sockets[sender].host)
            }
        }
        let receiver = sender ^ 1
        guard sockets[receiver].isReading, hosts[sockets[receiver].host].power == .running,
            let link = sockets[receiver].link, now - driver.receiverToldAt >= Self.progressInterval
        else { return }
        driver.receiverToldAt = now
        deliver(.progress(link), to: sockets[receiver].host)
    }
}
