import Kernel
import Wire

// A fault strikes, and ends.
extension Simulation {
    mutating func strike(_ index: Int) throws {
        let kind = scenario.faults[index].kind
        let lasts = scenario.lasts(kind, seed: seed, fault: index)
        var end = lasts.map { now + $0.nanoseconds } ?? .max
        switch kind {
        case .powerLoss(let choice, _):
            let poweredAt = end
            if lasts != nil { end += scenario.startUp(after: index).nanoseconds }
            for host in hosts(choice, index) { losePower(host, poweredAt: poweredAt, until: end) }
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
            end += scenario.startUp(after: index).nanoseconds
            for host in hosts(choice, index) { kill(host, until: end) }
        case .reset(let from, let to):
            for (from, to) in pairs(from, to, index) { resetConnections(from, to) }
        default: change(kind, index, until: end, strikes: true)
        }
        if lasts != nil { events.push(.heal(index), at: end) }
        loseAcknowledgements()
        collector.allChanged(in: self)
    }

    mutating func heal(_ index: Int) {
        let kind = scenario.faults[index].kind
        switch kind {
        case .powerLoss(let choice, _), .kill(let choice, _):
            for host in hosts(choice, index) { bringBack(host) }
        case .stall(let choice, _), .work(let choice, _):
            for host in hosts(choice, index) { resume(host) }
        case .suspend(let choice, _):
            for host in hosts(choice, index) { wakeUp(host) }
        case .reset: break
        default: change(kind, index, until: now, strikes: false)
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

    /// - Parameter end: when the fault is over: now, where it ends.
    private mutating func change(_ kind: Scenario.Fault.Kind, _ index: Int, until end: Int64, strikes: Bool) {
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
                let cloud = NetworkPaths.Weather(
                    host: host, latency: latency.nanoseconds, loss: UInt64(loss), until: end
                )
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
        if strikes { paths.block(path, at: now) } else { paths.unblock(path) }
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
}
