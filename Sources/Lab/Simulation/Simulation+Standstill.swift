import Kernel
import Wire

// Processes that do not run for a while, because something stopped them or because their machine sleeps.
extension Simulation {
    mutating func stall(_ host: Int, until end: Int64, for length: Duration) {
        guard hosts[host].power.isAlive else { return }
        hosts[host].stalledUntil = max(hosts[host].stalledUntil, end)
        let isHealthy = scenario.healthyIfStallBelow.map { length < $0 } ?? false
        if !isHealthy { collector.setHealthy(host, false, at: now) }
        guard hosts[host].power == .running else { return }
        hosts[host].power = .stalled
        hosts[host].standsSince = now
    }

    mutating func suspend(_ host: Int, until end: Int64) {
        guard hosts[host].power.isAlive else { return }
        hosts[host].asleepUntil = max(hosts[host].asleepUntil, end)
        guard hosts[host].power != .suspended else { return }
        if hosts[host].power == .running { hosts[host].standsSince = now }
        hosts[host].power = .suspended
        hosts[host].asleepSince = now
        collector.setHealthy(host, false, at: now)
    }

    /// The machine runs again, and its process does unless something else has stopped it.
    mutating func wakeUp(_ host: Int) {
        guard hosts[host].power == .suspended, now >= hosts[host].asleepUntil else { return }
        startClocks(of: host)
        hosts[host].power = .stalled
        resume(host)
    }

    /// What was received while the process stood still comes before any timer, as a real event loop has it.
    mutating func resume(_ host: Int) {
        guard hosts[host].power == .stalled, now >= hosts[host].stalledUntil else { return }
        hosts[host].power = .running
        collector.setHealthy(host, true, at: now)
        resumeWork(of: host, after: now - hosts[host].standsSince)
        let pending = hosts[host].inbox
        hosts[host].inbox = []
        for item in pending { handOver(item, host) }
        for socket in openSockets(of: host) where sockets[socket].unread > 0 && sockets[socket].isReading {
            announceRoom(socket)
        }
        drainAll(of: host)
        guard let node = hosts[host].node else { return }
        hosts[host].wakeAt = .max
        rearm(node.nextDeadline, host)
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

    // MARK: Clocks of a machine that sleeps

    /// The machine's own clocks go on where they stopped.
    mutating func startClocks(of host: Int) {
        let slept = now - hosts[host].asleepSince
        hosts[host].slept += slept
        for socket in sockets.indices where sockets[socket].host == host { sockets[socket].lastHeard += slept }
        let timers = hosts[host].sleepingTimers
        hosts[host].sleepingTimers = []
        for (timer, due) in timers { postpone(timer, due: due, host) }
    }

    /// Whether a timer may fire: its connection is still there, and its machine's clock has come as far as the run's.
    mutating func isDue(_ timer: SocketTimer) -> Bool {
        guard isCurrent(Int(timer.socket), timer.generation) else { return false }
        let host = sockets[Int(timer.socket)].host
        if hosts[host].power == .suspended {
            hosts[host].sleepingTimers.append((timer, now))
            return false
        }
        guard hosts[host].slept > timer.slept else { return true }
        postpone(timer, due: now, host)
        return false
    }

    private mutating func postpone(_ timer: SocketTimer, due: Int64, _ host: Int) {
        var timer = timer
        let overslept = hosts[host].slept - timer.slept
        timer.slept = hosts[host].slept
        events.push(.timer(timer), at: due + overslept)
    }
}
