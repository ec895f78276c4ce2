import Profile
import Wire

/// What all nodes of a network agree on, and who they are, as policies see it.
public struct NetworkView: Sendable, Hashable {
    /// Name of the network; a handshake between two names is refused.
    public var name: String
    /// When slot 0 begins.
    public var genesis: WallTime
    /// How long a slot is.
    public var slotInterval: Duration
    /// How many masternodes, this one included, must be active for a block to be made.
    public var minimumMasternodes: Int
    /// The share of masternodes that makes a block final.
    public var quorum: Quorum
    /// Sorted by identity, so that every node counts the same turn.
    public let masternodes: [Masternode]
    /// Every node's list is its own part of the whole, as in simulated networks in which a node knows its neighbours only.
    /// Lists are then not compared in handshakes.
    public var isPartial = false
    /// Addresses to learn the network from.
    public var bootstrap: [Endpoint]
    /// The same by name; a discovery module that looks names up makes addresses of them.
    public var bootstrapNames: [HostName]

    public init(
        name: String, genesis: WallTime, slotInterval: Duration, minimumMasternodes: Int, masternodes: [Masternode],
        bootstrap: [Endpoint] = [], bootstrapNames: [HostName] = [], quorum: Quorum = .twoThirds
    ) {
        self.name = name
        self.quorum = quorum
        self.genesis = genesis
        self.slotInterval = slotInterval
        self.minimumMasternodes = minimumMasternodes
        self.masternodes = masternodes.sorted { $0.identity < $1.identity }
        self.bootstrap = bootstrap
        self.bootstrapNames = bootstrapNames
    }

    /// One member of the fixed set.
    public struct Masternode: Sendable, Hashable {
        public var name: String
        public var identity: Identity
        /// Where the network file says it is; nil where it leaves that to discovery.
        public var endpoint: Endpoint?
        /// The same by name, in place of an address.
        public var hostName: HostName?

        public init(name: String, identity: Identity, endpoint: Endpoint?, hostName: HostName? = nil) {
            self.name = name
            self.identity = identity
            self.endpoint = endpoint
            self.hostName = hostName
        }
    }

    /// The masternode with this identity, nil for a stranger.
    public func masternode(_ identity: Identity) -> Masternode? {
        var (low, high) = (0, masternodes.count)
        while low < high {
            let middle = (low + high) / 2
            if masternodes[middle].identity < identity { low = middle + 1 } else { high = middle }
        }
        return low < masternodes.count && masternodes[low].identity == identity ? masternodes[low] : nil
    }
}

/// Everything a node is made from. A driver builds one from a profile, a network and its own services.
public struct NodeConfiguration {
    public var network: NetworkView
    public var endpoint: Endpoint
    public var signer: any Signer
    /// Every random stream of the node derives from it: system entropy in a real node, the run's seed in a simulation.
    public var seed: UInt64
    public var connectTimeout: Duration
    public var modules: PolicySet

    public init(
        network: NetworkView, endpoint: Endpoint, signer: any Signer, seed: UInt64, connectTimeout: Duration,
        modules: PolicySet
    ) {
        self.network = network
        self.endpoint = endpoint
        self.signer = signer
        self.seed = seed
        self.connectTimeout = connectTimeout
        self.modules = modules
    }
}

/// The policies of one node, made and not yet started.
public struct PolicySet {
    public var links: any LinksPolicy
    public var liveness: any LivenessPolicy
    public var consensus: any ConsensusPolicy
    public var discovery: [any DiscoveryPolicy]
    /// Nil where the profile selects none: then blocks are empty.
    public var application: (any ApplicationPolicy)?
    public var workloads: [any WorkloadPolicy]
    /// The links module's id; its key space is named after it.
    public var linksID = ""
    /// The liveness module's id.
    public var livenessID = ""
    /// The consensus module's id.
    public var consensusID = ""
    /// Ids of the discovery modules, in their order: their random streams and key spaces are named after them.
    public var discoveryIDs: [String] = []
    /// Ids of the workload modules, in their order.
    public var workloadIDs: [String] = []
    /// What the modules add to what all nodes of the network must hold alike.
    public var agreed: [AgreedValue] = []

    public init(
        links: any LinksPolicy, liveness: any LivenessPolicy, consensus: any ConsensusPolicy,
        discovery: [any DiscoveryPolicy], application: (any ApplicationPolicy)? = nil,
        workloads: [any WorkloadPolicy] = []
    ) {
        self.links = links
        self.liveness = liveness
        self.consensus = consensus
        self.discovery = discovery
        self.application = application
        self.workloads = workloads
    }

    /// The names of the modules' key spaces, in the order links, liveness, consensus, discovery, workloads: by the
    /// module's id, or by its place in its role where nobody has said the id.
    var spaces: [StoreSpace.Name] {
        Self.spaces(.links, 1, [linksID]) + Self.spaces(.liveness, 1, [livenessID])
            + Self.spaces(.consensus, 1, [consensusID]) + Self.spaces(.discovery, discovery.count, discoveryIDs)
            + Self.spaces(.workload, workloads.count, workloadIDs)
    }

    private static func spaces(_ role: Role, _ count: Int, _ ids: [String]) -> [StoreSpace.Name] {
        (0..<count).map { place in
            let id = place < ids.count ? ids[place] : ""
            return StoreSpace.Name(role: role.rawValue, module: id.isEmpty ? String(place) : id)
        }
    }
}
