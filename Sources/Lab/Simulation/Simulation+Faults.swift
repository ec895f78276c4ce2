import Kernel
import Wire

extension Simulation {
    mutating func strike(_ index: Int) throws {
        let fault = scenario.faults[index]
        switch fault.kind {
        case .powerLoss(let choice, let duration):
            losePower(host(choice, index))
            healLater(index, duration)
        case .stall(let choice, let range):
            let length = Scenario.stallLength(range, seed: seed, fault: index)
            stall(host(choice, index), for: length)
            healLater(index, length)
        case .kill(let choice, let down):
            kill(host(choice, index))
            healLater(index, down)
        case .closeInbound(let choice, let duration):
            paths.closeInbound(host(choice, index))
            healLater(index, duration)
        case .drop(let from, let to, let bothWays, let duration):
            block(host(from, index), host(to, index), bothWays)
            healLater(index, duration)
        case .partition(let first, let duration):
            for left in 0..<first { for right in first..<hosts.count { block(left, right, true) } }
            healLater(index, duration)
        }
        collector.allChanged(in: self)
    }

    mutating func heal(_ index: Int) {
        switch scenario.faults[index].kind {
        case .powerLoss(let choice, _), .kill(let choice, _):
            let host = self.host(choice, index)
            if hosts[host].power == .off { hosts[host].power = .idle }
            collector.setHealthy(host, true, at: now)
            events.push(.start(host: host), at: now)
        case .stall(let choice, _):
            resume(host(choice, index))
        case .closeInbound(let choice, _): paths.openInbound(host(choice, index))
        case .drop(let from, let to, let bothWays, _):
            paths.unblock(from: host(from, index), to: host(to, index))
            if bothWays { paths.unblock(from: host(to, index), to: host(from, index)) }
        case .partition(let first, _):
            for left in 0..<first {
                for right in first..<hosts.count {
                    paths.unblock(from: left, to: right)
                    paths.unblock(from: right, to: left)
                }
            }
        }
        collector.healed(at: now)
        collector.allChanged(in: self)
    }

    /// The host that a fault strikes with this run's seed.
    private func host(_ choice: Scenario.HostChoice, _ fault: Int) -> Int {
        choice.host(seed: seed, fault: fault, of: hosts.count)
    }

    private mutating func healLater(_ index: Int, _ duration: Duration?) {
        if let duration { events.push(.heal(index), at: now + duration.nanoseconds) }
    }

    private mutating func block(_ from: Int, _ to: Int, _ bothWays: Bool) {
        guard from != to else { return }
        paths.block(from: from, to: to)
        if bothWays { paths.block(from: to, to: from) }
    }

    private mutating func losePower(_ host: Int) {
        for socket in openSockets(of: host) {
            sockets[socket].phase = .closed
            sockets[socket].retransmission = nil
            release(socket)
        }
        stopProcess(host, power: .off)
    }

    /// The kernel of the host ends what the process had open.
    private mutating func kill(_ host: Int) {
        for socket in openSockets(of: host) { close(socket) }
        stopProcess(host, power: .idle)
    }

    private mutating func stopProcess(_ host: Int, power: VirtualHost.Power) {
        hosts[host].power = power
        hosts[host].node = nil
        hosts[host].inbox = []
        hosts[host].wakeAt = .max
        if !profile.storeOutlivesProcess { hosts[host].store = nil }
        collector.setHealthy(host, false, at: now)
        collector.stopped(host, at: now, in: self)
    }

    private func openSockets(of host: Int) -> [Int] {
        sockets.indices.filter {
            sockets[$0].host == host && (sockets[$0].phase == .open || sockets[$0].phase == .connecting)
        }
    }

    private mutating func stall(_ host: Int, for length: Duration) {
        guard hosts[host].power == .running else { return }
        hosts[host].power = .stalled
        let isHealthy = scenario.healthyIfStallBelow.map { length < $0 } ?? false
        if !isHealthy { collector.setHealthy(host, false, at: now) }
    }

    /// What was received while the process stood still comes before any timer, as a real event loop has it.
    private mutating func resume(_ host: Int) {
        guard hosts[host].power == .stalled else { return }
        hosts[host].power = .running
        collector.setHealthy(host, true, at: now)
        let pending = hosts[host].inbox
        hosts[host].inbox = []
        for item in pending {
            switch item {
            case .accept(let socket, let generation):
                if isCurrent(socket, generation), sockets[socket].phase == .open { takeIn(socket) }
            case .message(let arrival, let message):
                if let link = link(of: arrival) { feed(.received(link, message), to: host) }
            case .end(let arrival, let end):
                if let link = link(of: arrival) { feed(.ended(link, end), to: host) }
            case .input(let input): feed(input, to: host)
            }
        }
        if let node = hosts[host].node, let next = node.nextDeadline, next.nanoseconds <= now { feed(.wake, to: host) }
        if let node = hosts[host].node {
            hosts[host].wakeAt = .max
            rearm(node, host)
        }
    }
    /// The link that something came for while the process stood still; a connection that it has just taken in has one now.
    private func link(of arrival: VirtualHost.Arrival) -> LinkID? {
        arrival.link ?? (isCurrent(arrival.socket, arrival.generation) ? sockets[arrival.socket].link : nil)
    }
}
