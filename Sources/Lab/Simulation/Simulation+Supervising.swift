import Kernel

// The program beside each node that restarts it.
extension Simulation {
    /// What a supervisor does, as the simulator's clock holds it.
    enum SupervisorStep {
        case ask
        /// The answer to the last question it had patience for is overdue; the process is the one with this number.
        case giveUp(start: UInt32)
        /// The process that it has started works.
        case works
    }

    mutating func supervise(_ host: Int, _ step: SupervisorStep) {
        guard let supervisor = scenario.supervisor else { return }
        switch step {
        case .ask:
            events.push(.supervisor(host: Int32(host), .ask), at: now + supervisor.interval.nanoseconds)
            return ask(host, supervisor)
        case .giveUp(let start):
            guard UInt32(truncatingIfNeeded: hosts[host].starts) == start, hosts[host].power.isAlive else { return }
            collector.restarted()
            kill(host, until: now + (supervisor.down + scenario.network.startUp).nanoseconds)
            events.push(.supervisor(host: Int32(host), .works), at: hosts[host].backAt)
        case .works: bringBack(host)
        }
        collector.allChanged(in: self)
    }

    private mutating func ask(_ host: Int, _ supervisor: Supervisor) {
        // A machine that sleeps has its supervisor asleep, and a process that is down or young is none of its business.
        guard hosts[host].power == .running || hosts[host].power == .stalled,
            now - hosts[host].startedAt >= supervisor.grace.nanoseconds
        else {
            hosts[host].unanswered = 0
            return
        }
        let deadline = now + supervisor.timeout.nanoseconds
        guard answerTime(of: host, supervisor) > deadline else {
            hosts[host].unanswered = 0
            return
        }
        hosts[host].unanswered += 1
        guard hosts[host].unanswered >= supervisor.misses else { return }
        hosts[host].unanswered = 0
        let start = UInt32(truncatingIfNeeded: hosts[host].starts)
        events.push(.supervisor(host: Int32(host), .giveUp(start: start)), at: deadline)
    }

    /// When a question that is asked now will have its answer.
    private func answerTime(of host: Int, _ supervisor: Supervisor) -> Int64 {
        let resumed = hosts[host].power == .stalled ? hosts[host].stalledUntil : now
        guard supervisor.answer == .loop, let service = scenario.network.service, !hosts[host].work.isEmpty else {
            return resumed
        }
        let behind = hosts[host].work.dropFirst().reduce(0) { $0 + service.cost(of: $1.input) }
        return max(resumed, hosts[host].workEndsAt) + behind
    }
}
