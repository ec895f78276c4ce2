import Profile
import Wire

/// A module as a value: what it is called, what it can be told, and how to make one.
public struct ModuleDescriptor: Sendable {
    /// Name, role, version, stability, options: what profiles are checked against.
    public let spec: ModuleSpec
    /// What the module says to its peers: its policy's `Messages`.
    public let messages: any ModuleMessage.Type
    /// Makes the module from checked options.
    public let factory: ModuleFactory
    /// What of the module's options does not go with a network; asked before a node starts or reloads.
    public let misfits: @Sendable (Options, NetworkView) -> [NetworkMisfit]

    /// A descriptor; `spec.role` must be the factory's role.
    public init(
        spec: ModuleSpec, messages: any ModuleMessage.Type = NoMessages.self, factory: ModuleFactory,
        misfits: @escaping @Sendable (Options, NetworkView) -> [NetworkMisfit] = { _, _ in [] }
    ) {
        precondition(spec.role == factory.role.rawValue, "module \(spec.id): its spec and its factory name two roles")
        self.spec = spec
        self.messages = messages
        self.factory = factory
        self.misfits = misfits
    }
}

/// The kinds of module a node is made of.
public enum Role: String, Sendable, Hashable, CaseIterable {
    case transport
    case links
    case discovery
    case liveness
    case consensus
    case application
    case workload
    case store
    case rpc

    /// What the profile loader knows of the role.
    public var spec: RoleSpec {
        RoleSpec(
            name: rawValue, isList: self == .discovery || self == .workload || self == .rpc,
            isRequired: self != .application && self != .workload && self != .rpc, summary: summary
        )
    }

    private var summary: String {
        switch self {
        case .transport: "how bytes travel and how peers are authenticated"
        case .links: "who dials, the handshake, two links of one pair, redial, routing"
        case .discovery: "which peers are wanted, in what order, and why"
        case .liveness: "when a link is dead"
        case .consensus: "blocks"
        case .application: "what a transaction means"
        case .workload: "declared load"
        case .store: "what survives a crash"
        case .rpc: "what the outside sees"
        }
    }
}

/// How to make a module of each role. Policies are made per node; ports return what their driver needs to know.
public enum ModuleFactory: Sendable {
    case links(@Sendable (Options) throws -> any LinksPolicy)
    case discovery(@Sendable (Options) throws -> any DiscoveryPolicy)
    case liveness(@Sendable (Options) throws -> any LivenessPolicy)
    case consensus(@Sendable (Options) throws -> any ConsensusPolicy)
    case application(@Sendable (Options) throws -> any ApplicationPolicy)
    case workload(@Sendable (Options) throws -> any WorkloadPolicy)
    case transport(@Sendable (Options) throws -> TransportPort)
    case store(@Sendable (Options) throws -> StorePort)
    case rpc(@Sendable (Options) throws -> RPCPort)

    /// The role this factory makes modules of.
    public var role: Role {
        switch self {
        case .links: .links
        case .discovery: .discovery
        case .liveness: .liveness
        case .consensus: .consensus
        case .application: .application
        case .workload: .workload
        case .transport: .transport
        case .store: .store
        case .rpc: .rpc
        }
    }
}

/// How bytes travel, as both drivers need to know it.
public struct TransportPort: Sendable, Hashable {
    /// Where the node listens.
    public var listen: Endpoint
    /// What protects the bytes.
    public var security: Security
    /// How long opening a transport may take, everything included.
    public var connectTimeout: Duration
    /// How many bytes may wait for a slow peer before the queue counts as full.
    public var sendQueueBytes: Int
    /// What strangers may take of the node before they have proven anything.
    public var limits: AcceptLimits
    /// How long a TLS handshake may take, a dial's within `connectTimeout`.
    public var tlsTimeout: Duration
    /// For how long a certificate that the node makes itself is valid; it makes the next in time.
    public var certificateValidity: Duration

    public init(
        listen: Endpoint, security: Security, connectTimeout: Duration, sendQueueBytes: Int,
        limits: AcceptLimits = AcceptLimits(), tlsTimeout: Duration = .seconds(5),
        certificateValidity: Duration = .seconds(30 * 86_400)
    ) {
        self.listen = listen
        self.security = security
        self.connectTimeout = connectTimeout
        self.sendQueueBytes = sendQueueBytes
        self.limits = limits
        self.tlsTimeout = tlsTimeout
        self.certificateValidity = certificateValidity
    }

    /// What protects the bytes.
    public enum Security: String, Sendable, Hashable {
        /// Nothing; a signed handshake still proves who is there.
        case plain
        /// TLS 1.3, both ends with a certificate of their identity's key.
        case tls

        /// Round trips that opening costs beyond TCP's own.
        public var extraRoundTrips: Int { self == .tls ? 1 : 0 }
    }
}
