import Kernel
import Wire

// One loop a process, which does one thing after the other. Where the scenario gives no cost, everything takes no time.
extension Simulation {
    /// Hands an input to a process behind what it has to do already, or keeps it until the process runs again.
    mutating func deliver(_ input: Input, to host: Int) {
        switch hosts[host].power {
        case .running:
            guard scenario.network.service != nil else { return feed(input, to: host) }
            hosts[host].work.append((input, now))
            if hosts[host].work.count == 1 { beginWork(host) }
        case .stalled, .suspended: hosts[host].inbox.append(.input(input))
        case .idle, .off: break
        }
    }

    /// The process does what costs nothing, and begins the first thing that does.
    private mutating func beginWork(_ host: Int) {
        guard let service = scenario.network.service else { return }
        while let next = hosts[host].work.first {
            collector.waited(now - next.since, host)
            let cost = service.cost(of: next.input)
            guard cost <= 0 else { return finishWork(of: host, at: now + cost) }
            feedNext(to: host)
        }
    }

    private mutating func finishWork(of host: Int, at time: Int64) {
        hosts[host].workEndsAt = time
        events.push(.served(host: Int32(host), start: UInt32(truncatingIfNeeded: hosts[host].starts)), at: time)
    }

    /// The process has done what it was at.
    mutating func served(_ host: Int, _ start: UInt32) {
        guard UInt32(truncatingIfNeeded: hosts[host].starts) == start, hosts[host].power == .running,
            hosts[host].workEndsAt == now, !hosts[host].work.isEmpty
        else { return }
        feedNext(to: host)
        beginWork(host)
    }

    /// The input stays at the head until it is worked off, so that what it brings about queues behind it.
    private mutating func feedNext(to host: Int) {
        guard let input = hosts[host].work.first?.input else { return }
        if case .wake = input { hosts[host].isWakeQueued = false }
        feed(input, to: host)
        if !hosts[host].work.isEmpty { hosts[host].work.removeFirst() }
    }

    /// The process goes on with what it was at when it was stopped, `pause` nanoseconds ago.
    mutating func resumeWork(of host: Int, after pause: Int64) {
        guard !hosts[host].work.isEmpty else { return }
        finishWork(of: host, at: max(now, hosts[host].workEndsAt + pause))
    }

    /// The node's tick: a loop looks at its timers behind what it had received before they came due.
    mutating func wake(_ host: Int) {
        guard hosts[host].wakeAt == now, hosts[host].power == .running else { return }
        hosts[host].wakeAt = .max
        guard hosts[host].work.isEmpty else {
            hosts[host].isWakeQueued = true
            hosts[host].work.append((.wake, now))
            return
        }
        feed(.wake, to: host)
    }
}
