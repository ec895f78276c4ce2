import Kernel

extension Scenario {
    /// The plan as a report draws it, for one seed.
    public func faultMarks(seed: UInt64) -> [FaultMark] {
        faults.enumerated().map { index, fault in
            let start = fault.at.seconds
            let lasts = lasts(fault.kind, seed: seed, fault: index)?.seconds
            return FaultMark(
                start: start, end: lasts.map { start + $0 }, label: label(fault.kind, index: index, seed: seed))
        }
    }

    private func label(_ kind: Fault.Kind, index: Int, seed: UInt64) -> String {
        let name = { (choice: HostChoice) in
            if choice == .all { return "every node" }
            return self.network.hosts[choice.host(seed: seed, fault: index, of: self.network.hosts.count)].name
        }
        switch kind {
        case .powerLoss(let node, _): return "\(name(node)) loses power"
        case .stall(let node, _): return "\(name(node)) stalls"
        case .work(let node, _): return "\(name(node)) does long work"
        case .suspend(let node, _): return "\(name(node)) sleeps"
        case .kill(let node, _): return "\(name(node)) is killed"
        case .closeInbound(let node, _): return "nobody can dial \(name(node))"
        case .drop(let from, let to, let bothWays, _, _): return "\(name(from)) \(bothWays ? "↮" : "↛") \(name(to))"
        case .partition(let first, _): return "partition \(first)/\(network.hosts.count - first)"
        case .reset(let from, let to): return "\(name(from)) ↯ \(name(to))"
        case .translate(let node, let idle, _): return "\(name(node)) behind NAT, \(Int(idle.seconds)) s"
        case .proxy(let node, _): return "a proxy answers for \(name(node))"
        case .weather(let node, _, _, _): return "\(name(node))'s line is bad"
        case .clock(let node, let by, _): return "\(name(node))'s clock \(by < .zero ? "back" : "ahead")"
        case .disk(let node, _, let isFull, _): return "\(name(node))'s disk is \(isFull ? "full" : "slow")"
        }
    }
}
