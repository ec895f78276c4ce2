import Kernel

/// One thing that a fault plan does to a host or to the network between hosts; hosts by their number from 0.
package enum WorldChange: Sendable, Hashable {
    /// The process does not run from now on; `staysHealthy` by the scenario's judgement of so short a stall.
    case stall(Int, staysHealthy: Bool)
    case resume(Int)
    /// The process is killed, its kernel goes on.
    case kill(Int)
    /// A process starts on a host whose process was killed.
    case start(Int)
    /// The machine falls silent with all it had in memory.
    case powerOff(Int)
    /// The machine is there again, and a process starts on it.
    case powerOn(Int)
    /// Incoming connection requests vanish.
    case closeInbound(Int)
    case openInbound(Int)
    /// Every packet of this direction vanishes.
    case block(from: Int, to: Int)
    case unblock(from: Int, to: Int)
    /// A router translates the host's addresses and forgets a mapping that was idle so long.
    case translate(Int, idle: Duration)
    case endTranslation(Int)
    /// What only a simulation can do, in words.
    case simulatedOnly(String)
}

/// A moment of a fault plan: a fault strikes, or is over.
package struct FaultStep: Sendable, Hashable {
    /// The planned moment, from the start of the run.
    package var at: Duration
    /// Which of the scenario's faults.
    package var fault: Int
    /// The fault is over.
    package var isHeal: Bool
    /// What to do, in order.
    package var changes: [WorldChange]
}

extension Scenario {
    /// The plan for one seed, with every draw made as the simulator makes it: strikes and heals in order of time.
    package func faultSteps(seed: UInt64) -> [FaultStep] {
        var steps: [FaultStep] = []
        for (index, fault) in faults.enumerated() {
            let (strike, heal, lasts) = changes(of: fault.kind, index: index, seed: seed)
            steps.append(FaultStep(at: fault.at, fault: index, isHeal: false, changes: strike))
            if let lasts { steps.append(FaultStep(at: fault.at + lasts, fault: index, isHeal: true, changes: heal)) }
        }
        // What strikes at one moment does so in the file's order, and before what heals then.
        return steps.enumerated().sorted { left, right in
            (left.element.at, left.element.isHeal ? 1 : 0, left.offset)
                < (right.element.at, right.element.isHeal ? 1 : 0, right.offset)
        }.map(\.element)
    }

    /// When each host starts, as the simulator draws it.
    package func startMoments(seed: UInt64) -> [Duration] {
        network.hosts.indices.map { index in
            var stream = RandomStream(seed: seed, name: "start \(index)")
            let drawn = stream.duration(below: startSpread)
            return startAt?[index] ?? drawn
        }
    }

    /// What the modules of a host's process draw from, as in a simulation; `start` counts the host's processes from 1.
    package func nodeSeed(_ host: Int, start: UInt64, seed: UInt64) -> UInt64 {
        seed ^ UInt64(host + 1) << 32 ^ start << 56
    }

    /// The place of each host's identity in the order of all identities, as in a simulation: modules that go through
    /// peers by identity go through them in the same order then.
    package func identityRanks(seed: UInt64) -> [Int] {
        let signatures = SimulatedSignatures(seed: seed)
        let identities = network.hosts.indices.map { signatures.identity(of: $0) }
        return identities.map { identity in identities.count { $0 < identity } }
    }

    /// One-way latency of a pair, as the simulator draws it.
    package func pairLatency(_ first: Int, _ second: Int, seed: UInt64) -> Duration {
        .nanoseconds(NetworkPaths(of: network, seed: seed).baseLatency(first, second))
    }

    /// The hosts that a host knows as masternodes, itself included.
    package func membersSeen(by host: Int) -> [Int] { network.members(seenBy: host) }

    /// The same scenario with every draw of a plan replaced by what was measured: when hosts started, when faults
    /// struck and when they were over.
    ///
    /// - Parameters:
    ///   - seed: the seed of the measured run; it says which hosts were struck.
    ///   - strikes: the moment of each fault, by its number; nil keeps the plan's.
    ///   - returns: when machines were there again and processes were started, by the fault that had ended them.
    ///   - heals: the end of each, nil where it did not end within the run; for processes, when they worked again.
    package func asMeasured(
        seed: UInt64, starts: [Duration], strikes: [Duration?], returns: [Duration?], heals: [Duration?]
    ) -> Scenario {
        var copy = self
        copy.startAt = starts
        copy.startUps = zip(returns, heals).map { back, heal in
            back.flatMap { back in heal.map { max(.zero, $0 - back) } }
        }
        copy.faults = faults.enumerated().map { index, fault in
            let at = strikes[index] ?? fault.at
            let end = heals[index].map { returns[index] ?? $0 }
            let lasts = end.map { max(.milliseconds(1), $0 - at) }
            return Fault(at: at, kind: fixed(fault.kind, index: index, seed: seed, lasts: lasts))
        }
        return copy
    }

    private func changes(
        of kind: Fault.Kind, index: Int, seed: UInt64
    ) -> (strike: [WorldChange], heal: [WorldChange], lasts: Duration?) {
        let hosts = { (choice: HostChoice) in choice.hosts(seed: seed, fault: index, of: self.network.hosts.count) }
        let lasts = lasts(kind, seed: seed, fault: index)
        switch kind {
        case .powerLoss(let choice, _):
            return (hosts(choice).map { .powerOff($0) }, hosts(choice).map { .powerOn($0) }, lasts)
        case .stall(let choice, _):
            let staysHealthy = healthyIfStallBelow.flatMap { limit in lasts.map { $0 < limit } } ?? false
            return (
                hosts(choice).map { .stall($0, staysHealthy: staysHealthy) }, hosts(choice).map { .resume($0) }, lasts
            )
        case .kill(let choice, _): return (hosts(choice).map { .kill($0) }, hosts(choice).map { .start($0) }, lasts)
        case .closeInbound(let choice, _):
            return (hosts(choice).map { .closeInbound($0) }, hosts(choice).map { .openInbound($0) }, lasts)
        case .translate(let choice, let idle, _):
            return (
                hosts(choice).map { .translate($0, idle: idle) }, hosts(choice).map { .endTranslation($0) }, lasts
            )
        case .drop(let from, let to, let bothWays, _, .silence):
            let pairs = hosts(from).flatMap { from in hosts(to).map { (from, $0) } }
            return paths(bothWays ? pairs + pairs.map { ($1, $0) } : pairs, lasts)
        case .partition(let first, _):
            let pairs = (0..<first).flatMap { left in
                (first..<network.hosts.count).flatMap { right in [(left, right), (right, left)] }
            }
            return paths(pairs, lasts)
        case .drop(_, _, _, _, let answer): return ([.simulatedOnly("drop with answer: \(answer.rawValue)")], [], lasts)
        case .suspend: return ([.simulatedOnly("suspend")], [], lasts)
        case .work: return ([.simulatedOnly("long_work")], [], lasts)
        case .reset: return ([.simulatedOnly("reset")], [], lasts)
        case .proxy: return ([.simulatedOnly("acknowledging_proxy")], [], lasts)
        case .weather: return ([.simulatedOnly("weather")], [], lasts)
        case .clock: return ([.simulatedOnly("clock")], [], lasts)
        case .disk: return ([.simulatedOnly("disk")], [], lasts)
        }
    }

    private func paths(
        _ pairs: [(Int, Int)], _ lasts: Duration?
    ) -> (strike: [WorldChange], heal: [WorldChange], lasts: Duration?) {
        let real = pairs.filter { $0.0 != $0.1 }
        return (
            real.map { .block(from: $0.0, to: $0.1) }, real.map { .unblock(from: $0.0, to: $0.1) }, lasts
        )
    }

    private func fixed(_ kind: Fault.Kind, index: Int, seed: UInt64, lasts: Duration?) -> Fault.Kind {
        let host = { (choice: HostChoice) in
            choice == .all
                ? choice : HostChoice.index(choice.host(seed: seed, fault: index, of: self.network.hosts.count))
        }
        // A stall, a kill or a partition that the run did not see the end of lasts beyond it.
        let beyond = duration + .seconds(1)
        switch kind {
        case .powerLoss(let choice, _): return .powerLoss(host(choice), duration: lasts)
        case .stall(let choice, _): return .stall(host(choice), duration: (lasts ?? beyond)...(lasts ?? beyond))
        case .kill(let choice, _): return .kill(host(choice), down: lasts ?? beyond)
        case .closeInbound(let choice, _): return .closeInbound(host(choice), duration: lasts)
        case .translate(let choice, let idle, _): return .translate(host(choice), idle: idle, duration: lasts)
        case .drop(let from, let to, let bothWays, _, let answer):
            return .drop(from: host(from), to: host(to), bothWays: bothWays, duration: lasts, answer: answer)
        case .partition(let first, _): return .partition(first: first, duration: lasts ?? beyond)
        // Nothing that only a simulation can do is ever measured.
        case .suspend, .work, .reset, .proxy, .weather, .clock, .disk: return kind
        }
    }
}
