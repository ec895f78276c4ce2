import Kernel
import Wire

// A fault strikes, and ends.
extension Simulation {
    mutating func strike(_ index: Int) throws {
        let kind = scenario.faults[index].kind
        let lasts = scenario.lasts(kind, seed: seed, fault: index)
        let end = lasts.map { now + $0.nanoseconds } ?? .max
        switch kind {
        case .powerLoss(let choice, _):
            for host in hosts(choice, index) { losePower(host, until: end) }
        case .stall(let choice, _):
            for host in hosts(choice, index) { stall(host, until: end, for: lasts ?? .zero) }
        case .work(let choice, let length):
            for host in hosts(choice, index) {
                if hosts[host].power == .running { feed(.workAhead(upTo: length), to: host) }
                stall(host, until: end, for: length)
            }
        case .suspend(let choice, _):
            for host in hosts(choice, index) { suspend(host, until: end) }
        case .kill(let choice, _):
            for host in hosts(choice, index) { kill(host, until: end) }
        case .reset(let from, let to):
            for (from, to) in pairs(from, to, index) { resetConnections(from, to) }
        default: change(kind, index, strikes: true)
        }
        if lasts != nil { events.push(.heal(index), at: end) }
        collector.allChanged(in: self)
    }

    mutating func heal(_ index: Int) {
        let kind = scenario.faults[index].kind
        switch kind {
        case .powerLoss(let choice, _), .kill(let choice, _):
            for host in hosts(choice, index) { bringBack(host) }
        case .stall(let choice, _), .work(let choice, _), .suspend(let choice, _):
            for host in hosts(choice, index) { resume(host) }
        case .reset: break
        default: change(kind, index, strikes: false)
        }
        collector.healed(at: now)
        collector.allChanged(in: self)
        events.push(.settled, at: now)
    }

    /// The hosts that a fault strikes with this run's seed.
    private func hosts(_ choice: Scenario.HostChoice, _ fault: Int) -> [Int] {
        choice.hosts(seed: seed, fault: fault, of: hosts.count)
    }

    private func pairs(
        _ from: Scenario.HostChoice, _ to: Scenario.HostChoice, _ fault: Int
    ) -> [(from: Int, to: Int)] {
        let targets = hosts(to, fault)
        return hosts(from, fault).flatMap { from in targets.filter { $0 != from }.map { (from, $0) } }
    }

    // MARK: The network, and what a host has

    private mutating func change(_ kind: Scenario.Fault.Kind, _ index: Int, strikes: Bool) {
        switch kind {
        case .closeInbound(let choice, _):
            for host in hosts(choice, index) {
                if strikes { paths.closeInbound(host) } else { paths.openInbound(host) }
            }
        case .drop(let from, let to, let bothWays, _, let answer):
            for (from, to) in pairs(from, to, index) {
                block(from, to, answer, strikes)
                if bothWays { block(to, from, answer, strikes) }
            }
        case .partition(let first, _):
            for left in 0..<first {
                for right in first..<hosts.count {
                    block(left, right, .silence, strikes)
                    block(right, left, .silence, strikes)
                }
            }
        case .translate(let choice, let idle, _):
            for host in hosts(choice, index) { translate(host, idle, strikes) }
        case .proxy(let choice, _):
            for host in hosts(choice, index) { if strikes { paths.addProxy(host) } else { paths.removeProxy(host) } }
        case .weather(let choice, let latency, let loss, _):
            for host in hosts(choice, index) {
                let cloud = NetworkPaths.Weather(host: host, latency: latency.nanoseconds, loss: UInt64(loss))
                if strikes { paths.add(cloud) } else { paths.remove(cloud) }
            }
        case .clock(let choice, let by, _):
            for host in hosts(choice, index) { hosts[host].wallError += strikes ? by.nanoseconds : -by.nanoseconds }
        case .disk(let choice, let delay, let isFull, _):
            for host in hosts(choice, index) {
                hosts[host].diskDelay += strikes ? delay.nanoseconds : -delay.nanoseconds
                if isFull { hosts[host].fullDisks += strikes ? 1 : -1 }
            }
        case .powerLoss, .stall, .work, .suspend, .kill, .reset: break
        }
    }

    private mutating func block(_ from: Int, _ to: Int, _ answer: BlockAnswer, _ strikes: Bool) {
        let path = NetworkPaths.BlockedPath(from: from, to: to, answer: answer)
        if strikes { paths.block(path) } else { paths.unblock(path) }
    }

    /// Connections that are open when a host moves behind a translator have just been seen by it.
    private mutating func translate(_ host: Int, _ idle: Duration, _ strikes: Bool) {
        let translator = NetworkPaths.Translator(host: host, idle: idle.nanoseconds)
        guard strikes else { return paths.remove(translator) }
        paths.add(translator)
        for socket in openSockets(of: host) { sockets[socket & ~1].mappedAt = now }
    }

    private mutating func resetConnections(_ from: Int, _ to: Int) {
        for socket in openSockets(of: from) where sockets[socket ^ 1].host == to && sockets[socket].phase == .open {
            sendReset(to: socket ^ 1)
            abort(socket, .reset)
        }
    }

    // MARK: Machines and processes

    private mutating func losePower(_ host: Int, until end: Int64) {
        let wasDown = !hosts[host].power.isAlive
        for socket in sockets.indices where sockets[socket].host == host && sockets[socket].phase != .free {
            // A dial that nobody has answered has no other end yet.
            if sockets[socket].phase == .connecting, sockets[socket ^ 1].phase == .free {
                sockets[socket ^ 1].phase = .closed
            }
            sockets[socket].phase = .closed
            sockets[socket].stopTimers()
            release(socket)
        }
        hosts[host].sleepingTimers = []
        hosts[host].uplinkFreeAt = now
        stopProcess(host, power: .off)
        hosts[host].backAt = wasDown ? max(hosts[host].backAt, end) : end
    }

    /// The kernel of the host ends what the process had open.
    private mutating func kill(_ host: Int, until end: Int64) {
        guard hosts[host].power != .off else {
            hosts[host].backAt = max(hosts[host].backAt, end)
            return
        }
        let wasDown = !hosts[host].power.isAlive
        // Who ends the process of a machine that sleeps has woken it: its kernel goes on.
        if hosts[host].power == .suspended { wakeUp(host) }
        for socket in openSockets(of: host) { close(socket) }
        stopProcess(host, power: .idle)
        hosts[host].backAt = wasDown ? max(hosts[host].backAt, end) : end
    }

    private mutating func stopProcess(_ host: Int, power: VirtualHost.Power) {
        abandonDisk(of: host)
        hosts[host].power = power
        hosts[host].node = nil
        hosts[host].inbox = []
        hosts[host].wakeAt = .max
        if !profile(of: host).storeOutlivesProcess { hosts[host].store = nil }
        collector.setHealthy(host, false, at: now)
        collector.stopped(host, at: now, in: self)
    }

    private mutating func bringBack(_ host: Int) {
        guard !hosts[host].power.isAlive, now >= hosts[host].backAt else { return }
        hosts[host].power = .idle
        collector.setHealthy(host, true, at: now)
        events.push(.start(host: host), at: now)
    }

    private func openSockets(of host: Int) -> [Int] {
        sockets.indices.filter {
            sockets[$0].host == host && (sockets[$0].phase == .open || sockets[$0].phase == .connecting)
        }
    }

    private mutating func stall(_ host: Int, until end: Int64, for length: Duration) {
        switch hosts[host].power {
        case .running: hosts[host].backAt = end
        case .stalled: hosts[host].backAt = max(hosts[host].backAt, end)
        case .idle, .suspended, .off: return
        }
        hosts[host].power = .stalled
        let isHealthy = scenario.healthyIfStallBelow.map { length < $0 } ?? false
        if !isHealthy { collector.setHealthy(host, false, at: now) }
    }

    private mutating func suspend(_ host: Int, until end: Int64) {
        switch hosts[host].power {
        case .running: hosts[host].backAt = end
        case .stalled: hosts[host].backAt = max(hosts[host].backAt, end)
        case .suspended:
            hosts[host].backAt = max(hosts[host].backAt, end)
            return
        case .idle, .off: return
        }
        hosts[host].power = .suspended
        hosts[host].asleepSince = now
        collector.setHealthy(host, false, at: now)
    }

    /// What was received while the process stood still comes before any timer, as a real event loop has it.
    private mutating func resume(_ host: Int) {
        let wasAsleep = hosts[host].power == .suspended
        guard wasAsleep || hosts[host].power == .stalled, now >= hosts[host].backAt else { return }
        hosts[host].power = .running
        hosts[host].loopFreeAt = now
        if wasAsleep { wakeUp(host) }
        collector.setHealthy(host, true, at: now)
        let pending = hosts[host].inbox
        hosts[host].inbox = []
        for item in pending { handOver(item, host) }
        for socket in openSockets(of: host) where sockets[socket].unread > 0 && sockets[socket].isReading {
            announceRoom(socket)
        }
        if let node = hosts[host].node, let next = node.nextDeadline, next.nanoseconds + hosts[host].slept <= now {
            feed(.wake, to: host)
        }
        if let node = hosts[host].node {
            hosts[host].wakeAt = .max
            rearm(node, host)
        }
    }

    /// The machine's own clocks go on where they stopped.
    private mutating func wakeUp(_ host: Int) {
        hosts[host].slept += now - hosts[host].asleepSince
        let timers = hosts[host].sleepingTimers
        hosts[host].sleepingTimers = []
        for timer in timers { events.push(timer.event, at: now + timer.due - hosts[host].asleepSince) }
    }

    private mutating func handOver(_ item: VirtualHost.Pending, _ host: Int) {
        switch item {
        case .accept(let socket, let generation):
            if isCurrent(socket, generation), sockets[socket].phase == .open { takeIn(socket) }
        case .message(let arrival, let message):
            if let link = link(of: arrival) { deliver(.received(link, message), to: host) }
        case .end(let arrival, let end):
            if let link = link(of: arrival) { deliver(.ended(link, end), to: host) }
        case .input(let input): deliver(input, to: host)
        }
    }

    /// The link that something came for while the process stood still; a connection that it has just taken in has one now.
    private func link(of arrival: VirtualHost.Arrival) -> LinkID? {
        arrival.link ?? (isCurrent(arrival.socket, arrival.generation) ? sockets[arrival.socket].link : nil)
    }
}
