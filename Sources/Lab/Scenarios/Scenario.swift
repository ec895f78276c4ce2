import Kernel
import Wire

/// A network, its traffic, a duration and a plan of faults: what profiles are compared on.
public struct Scenario: Sendable {
    /// As in the file's name.
    public var name: String
    public var summary: String
    /// How long the run is.
    public var duration: Duration
    /// Time before time-weighted figures count.
    public var warmUp: Duration
    public var network: NetworkModel
    /// Nodes start at moments drawn from the seed, up to this one.
    public var startSpread: Duration
    /// When each host starts, in place of moments drawn from the seed.
    public var startAt: [Duration]?
    /// Declared load; nil for none.
    public var traffic: Traffic?
    /// A stall shorter than this leaves a node healthy, by the scenario's judgement.
    public var healthyIfStallBelow: Duration?
    public var faults: [Fault]

    /// The hosts and what lies between them.
    public struct NetworkModel: Sendable {
        public var slotInterval: Duration
        public var minimumMasternodes: Int
        public var hosts: [Host]
        /// Nodes link with this many others, half on each side of them in a ring; nil for all.
        public var neighbours: Int?
        /// One-way, drawn per pair.
        public var latency: ClosedRange<Duration>
        /// Added to each segment, drawn below it.
        public var jitter: Duration
        /// Lost segments in a million.
        public var lossPerMillion: Int
        /// `tcp_retries2` of every host.
        public var tcpRetries: Int

        /// One host.
        public struct Host: Sendable {
            public var name: String
            public var endpoint: Endpoint
        }
    }

    /// Requests that each node sends to each linked peer, and their answers.
    public struct Traffic: Sendable {
        public var requestBytes: Int
        public var replyBytes: Int
        public var interval: Duration
    }

    /// One fault of the plan.
    public struct Fault: Sendable {
        public var at: Duration
        public var kind: Kind

        /// What goes wrong.
        public enum Kind: Sendable {
            /// The machine falls silent for good, or for `duration`.
            case powerLoss(HostChoice, duration: Duration?)
            /// The process does not run; its kernel does.
            case stall(HostChoice, duration: ClosedRange<Duration>)
            /// The process is killed; its kernel says so. It starts again after `down`.
            case kill(HostChoice, down: Duration)
            /// Incoming connection requests vanish, everything else passes (a stateful firewall).
            case closeInbound(HostChoice, duration: Duration?)
            /// Segments of these directed paths vanish.
            case drop(from: HostChoice, to: HostChoice, bothWays: Bool, duration: Duration?)
            /// The first hosts and the others no longer reach each other.
            case partition(first: Int, duration: Duration)
        }
    }

    /// Which host a fault strikes.
    public enum HostChoice: Sendable, Hashable {
        case index(Int)
        /// Each host in turn, seed by seed.
        case inTurn
        /// Drawn from the seed.
        case drawn

        /// The host for this seed.
        func host(seed: UInt64, fault: Int, of count: Int) -> Int {
            switch self {
            case .index(let index): return index
            case .inTurn: return Int(seed % UInt64(count))
            case .drawn:
                var stream = RandomStream(seed: seed, name: "fault \(fault)")
                return Int(stream.below(UInt64(count)))
            }
        }
    }
}
