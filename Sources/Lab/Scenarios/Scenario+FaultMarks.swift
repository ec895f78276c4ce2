import Kernel

extension Scenario {
    /// The plan as a report draws it, for one seed.
    public func faultMarks(seed: UInt64) -> [FaultMark] {
        faults.enumerated().map { index, fault in
            let start = fault.at.seconds
            let mark = describe(fault.kind, index: index, seed: seed)
            return FaultMark(start: start, end: mark.lasts.map { start + $0 }, label: mark.label)
        }
    }

    private func describe(_ kind: Fault.Kind, index: Int, seed: UInt64) -> (label: String, lasts: Double?) {
        let name = { (choice: HostChoice) in
            self.network.hosts[choice.host(seed: seed, fault: index, of: self.network.hosts.count)].name
        }
        switch kind {
        case .powerLoss(let node, let duration): return ("\(name(node)) loses power", duration?.seconds)
        case .stall(let node, let range):
            let length = Self.stallLength(range, seed: seed, fault: index).seconds
            return ("\(name(node)) stalls", length)
        case .kill(let node, let down): return ("\(name(node)) is killed", down.seconds)
        case .closeInbound(let node, let duration): return ("nobody can dial \(name(node))", duration?.seconds)
        case .drop(let from, let to, let bothWays, let duration):
            return ("\(name(from)) \(bothWays ? "↮" : "↛") \(name(to))", duration?.seconds)
        case .partition(let first, let duration):
            return ("partition \(first)/\(network.hosts.count - first)", duration.seconds)
        }
    }

    /// Drawn in whole milliseconds, evenly over the range.
    static func stallLength(_ range: ClosedRange<Duration>, seed: UInt64, fault: Int) -> Duration {
        let span = range.upperBound - range.lowerBound
        guard span > .zero else { return range.lowerBound }
        var stream = RandomStream(seed: seed, name: "stall \(fault)")
        return range.lowerBound + .milliseconds(Int64(stream.below(UInt64(span.nanoseconds / 1_000_000))))
    }
}
