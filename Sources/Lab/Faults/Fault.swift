import Kernel

extension Scenario {
    /// One fault of the plan.
    public struct Fault: Sendable, Hashable {
        public var at: Duration
        public var kind: Kind

        public init(at: Duration, kind: Kind) {
            self.at = at
            self.kind = kind
        }

        /// What goes wrong.
        public enum Kind: Sendable, Hashable {
            /// The machine falls silent for good, or for `duration`.
            case powerLoss(HostChoice, duration: Duration?)
            /// The process does not run; its kernel does.
            case stall(HostChoice, duration: ClosedRange<Duration>)
            /// The process says that it is about to do long work, and then does not run for that long; its kernel does.
            case work(HostChoice, duration: Duration)
            /// The machine sleeps, its memory kept; no clock but the wall's goes on.
            case suspend(HostChoice, duration: Duration)
            /// The process is killed; its kernel says so. It starts again after `down`.
            case kill(HostChoice, down: Duration)
            /// Incoming connection requests vanish, everything else passes (a stateful firewall).
            case closeInbound(HostChoice, duration: Duration?)
            /// Segments of these directed paths do not get through.
            case drop(
                from: HostChoice, to: HostChoice, bothWays: Bool, duration: Duration?, answer: BlockAnswer = .silence)
            /// The first hosts and the others no longer reach each other.
            case partition(first: Int, duration: Duration)
            /// Every connection between two hosts is reset, once.
            case reset(HostChoice, HostChoice)
            /// The host is behind an address translator: nobody can dial it, and a connection that is idle for `idle` is
            /// forgotten without a word.
            case translate(HostChoice, idle: Duration, duration: Duration?)
            /// A proxy in front of the host acknowledges in its name, whether it lives or not.
            case proxy(HostChoice, duration: Duration?)
            /// Segments of the host, both ways, take longer and get lost.
            case weather(HostChoice, latency: Duration, lossPerMillion: Int, duration: Duration?)
            /// The host's wall clock is set forward, or back where `by` is negative.
            case clock(HostChoice, by: Duration, duration: Duration?)
            /// The host's disk is slow, or takes no more.
            case disk(HostChoice, delay: Duration, isFull: Bool, duration: Duration?)
        }
    }

    /// Which hosts a fault strikes.
    public enum HostChoice: Sendable, Hashable {
        case index(Int)
        /// Each host in turn, seed by seed.
        case inTurn
        /// Drawn from the seed.
        case drawn
        /// Every host.
        case all

        /// The host for this seed; the first where all are meant.
        func host(seed: UInt64, fault: Int, of count: Int) -> Int {
            hosts(seed: seed, fault: fault, of: count).first ?? 0
        }

        /// The hosts for this seed, in rising order.
        func hosts(seed: UInt64, fault: Int, of count: Int) -> [Int] {
            switch self {
            case .index(let index): return [index]
            case .inTurn: return [Int(seed % UInt64(count))]
            case .drawn:
                var stream = RandomStream(seed: seed, name: "fault \(fault)")
                return [Int(stream.below(UInt64(count)))]
            case .all: return Array(0..<count)
            }
        }
    }

    /// When the last fault of the plan is over with this seed, or has struck for good; at least the time that nodes take to
    /// start.
    func quietAfter(seed: UInt64) -> Duration {
        var quiet = startSpread
        if let startAt {
            quiet = startAt.contains(nil) ? startSpread : .zero
            for start in startAt { quiet = max(quiet, start ?? .zero) }
        }
        for (index, fault) in faults.enumerated() {
            let lasts = lasts(fault.kind, seed: seed, fault: index) ?? .zero
            quiet = max(quiet, fault.at + lasts + (fault.kind.endsProcess ? startUp(after: index) : .zero))
        }
        return quiet
    }

    /// How long the process that a fault had ended takes to work again, from its start.
    package func startUp(after fault: Int) -> Duration {
        (startUps.indices.contains(fault) ? startUps[fault] : nil) ?? network.startUp
    }

    /// How long a fault lasts with this seed; nil where it does for good.
    func lasts(_ kind: Fault.Kind, seed: UInt64, fault: Int) -> Duration? {
        switch kind {
        case .stall(_, let range): Self.stallLength(range, seed: seed, fault: fault)
        case .kill(_, let down): down
        case .suspend(_, let duration), .work(_, let duration), .partition(_, let duration): duration
        case .reset: .zero
        case .powerLoss(_, let duration), .closeInbound(_, let duration), .drop(_, _, _, let duration, _),
            .translate(_, _, let duration), .proxy(_, let duration), .weather(_, _, _, let duration),
            .clock(_, _, let duration), .disk(_, _, _, let duration):
            duration
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

extension Scenario.Fault.Kind {
    /// Hosts are without a process until one is started.
    var endsProcess: Bool {
        switch self {
        case .powerLoss, .kill: true
        default: false
        }
    }
}
