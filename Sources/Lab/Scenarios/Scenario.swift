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
    /// When each host starts, in place of a moment drawn from the seed; nil for those whose moment is drawn.
    public var startAt: [Duration?]?
    /// Declared load; nil for none.
    public var traffic: Traffic?
    /// A stall shorter than this leaves a node healthy, by the scenario's judgement.
    public var healthyIfStallBelow: Duration?
    public var faults: [Fault]
    /// How long after the last fault everything may take to be whole again.
    public var recoverWithin: Duration = .seconds(60)
    /// How faults are drawn from the seed, beside those of the plan; nil where none are.
    public var swarm: Swarm?
    /// What restarts nodes that do not answer it; nil where nothing does.
    public var supervisor: Supervisor?
    /// How long processes took to work again after each fault, by its number, where that was measured.
    var startUps: [Duration?] = []

    /// The hosts and what lies between them.
    public struct NetworkModel: Sendable {
        public var slotInterval: Duration
        public var minimumMasternodes: Int
        public var hosts: [Host]
        /// Nodes link with this many others, half on each side of them in a ring; nil for all.
        public var neighbours: Int?
        /// Hosts that every network file names as bootstrap addresses, by number.
        public var bootstrap: [Int] = []
        /// One-way, drawn per pair.
        public var latency: ClosedRange<Duration>
        /// Added to each segment, drawn below it.
        public var jitter: Duration
        /// Lost segments in a million.
        public var lossPerMillion: Int
        /// Pairs of which more is known than these ranges; each pair once.
        public var paths: [Path] = []
        /// `tcp_retries2` of every host.
        public var tcpRetries: Int
        /// What a host can send, all its links together; nil for no limit.
        public var bandwidth: Bandwidth?
        /// What a sender's kernel holds for a connection that is held up.
        public var sendBufferBytes = 512 * 1024
        /// What a receiver's kernel holds for a process that does not read.
        public var receiveBufferBytes = 64 * 1024
        /// Connections that wait for a process to take them in; beyond it a kernel is silent.
        public var backlog = 256
        /// Wall clocks are wrong by up to this, either way, drawn per host.
        public var clockOffset: Duration = .zero
        /// Wall clocks drift by up to this, either way, in millionths, drawn per host.
        public var clockDrift = 0
        /// What inputs keep a node's loop busy for; nil for nothing.
        public var service: ServiceCost?
        /// How long a process takes from its start until it works; its host refuses dials meanwhile. Not at the start of
        /// the run, whose moments are those at which nodes begin to work.
        public var startUp: Duration = .zero
        /// All hosts are one machine: their kernels' timers go by one clock.
        package var isOneMachine = false

        /// One host.
        public struct Host: Sendable {
            public var name: String
            public var endpoint: Endpoint
            /// A profile that this host runs in place of the compared one: a path, as the scenario's folder has it.
            public var profile: String?
            /// The host whose key this one has too, by number: a copy that nobody should have started.
            public var twinOf: Int?
            /// The network that this host takes itself to be in, where it is another than everybody's.
            public var foreignNetwork: String?
            /// What this host does to the others in place of running a node.
            public var adversary: Adversary?
            /// Whether network files say where it is; they always name it.
            public var isListed = true
            /// Where they say it is, if that is not where it is: it has moved since.
            public var listedAt: Endpoint?
            /// The only hosts whose addresses its own network file has, by number; nil for all that are listed.
            public var knows: [Int]?

            /// It is nobody's peer: what it does is not measured, and no figure counts it as a node.
            public var isStranger: Bool { foreignNetwork != nil || adversary != nil }

            public init(
                name: String, endpoint: Endpoint, profile: String? = nil, twinOf: Int? = nil,
                foreignNetwork: String? = nil, adversary: Adversary? = nil
            ) {
                self.name = name
                self.endpoint = endpoint
                self.profile = profile
                self.twinOf = twinOf
                self.foreignNetwork = foreignNetwork
                self.adversary = adversary
            }
        }
    }

    /// Requests that each node sends to each linked peer, and their answers.
    public struct Traffic: Sendable {
        public var requestBytes: Int
        public var replyBytes: Int
        public var interval: Duration
    }
}
