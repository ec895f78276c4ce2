import Kernel
import Profile
import Wire

/// discovery `static`: wants the peers that the profile lists, in its order, whatever anybody says.
public struct StaticPeers: DiscoveryPolicy {
    /// What the profile says.
    public let options: StaticPeersOptions
    public var state = NoState()

    /// A module that has not started.
    public init(options: StaticPeersOptions) {
        self.options = options
    }

    public mutating func start(_ context: inout Context) { say(.start, &context) }

    public mutating func fired(_ timer: DiscoveryTimer, _ context: inout Context) { say(.periodic, &context) }

    public mutating func reconfigured(_ context: inout Context) { say(.periodic, &context) }

    private func say(_ pass: DiscoveryPass, _ context: inout Context) {
        var wishes: [Wish] = []
        for peer in options.peers where peer.endpoint != context.endpoint && peer.identity != context.identity {
            // An address that the network file gives to a masternode stands for that one.
            let masternode = context.network.masternodes.first {
                $0.identity == peer.identity || peer.identity == nil && $0.endpoint == peer.endpoint
            }
            wishes.append(
                Wish(
                    identity: peer.identity ?? masternode?.identity, endpoint: peer.endpoint,
                    isMasternode: masternode != nil
                )
            )
        }
        context.want(wishes, pass)
        context.schedule(DiscoveryTimer.pass, after: options.interval)
    }
}

/// The options of `static`.
public struct StaticPeersOptions: Sendable, Hashable {
    /// One peer of the list.
    public struct Peer: Sendable, Hashable {
        /// Whom to expect; nil: whoever answers.
        public var identity: Identity?
        public var endpoint: Endpoint

        public init(identity: Identity?, endpoint: Endpoint) {
            self.identity = identity
            self.endpoint = endpoint
        }

        static let spec = OptionSpec([
            .endpoint("address", "where to dial").withExample("192.0.2.7:24100"),
            .optionalIdentity("identity", "whom to expect there; unset: whoever answers"),
        ])
    }

    public var peers: [Peer]
    /// Time between two passes.
    public var interval: Duration

    /// Options as they are without a profile.
    public init(peers: [Peer] = [], interval: Duration = .seconds(120)) {
        self.peers = peers
        self.interval = interval
    }

    init(_ options: Options) {
        self.init(
            peers: options.records("peers").compactMap { peer in
                Endpoint(peer.endpoint("address")).map {
                    Peer(identity: peer.optionalString("identity").flatMap { Identity(hex: $0) }, endpoint: $0)
                }
            },
            interval: options.duration("interval")
        )
    }

    static let spec = OptionSpec(
        [
            .list(
                "peers",
                of: .record(Peer.spec),
                default: [], count: 0...256, "the peers, in the order in which they are wanted"
            ),
            .duration(
                "interval", default: .seconds(120), in: .seconds(1) ... .seconds(3600), "time between two passes"),
        ],
        check: { options in
            var problems: [String] = []
            let peers = options.records("peers")
            for (index, peer) in peers.enumerated() {
                let address = peer.endpoint("address")
                if Endpoint(address)?.isDialable != true {
                    problems.append("peers[\(index)].address: nobody can dial \(address)")
                }
                for other in peers[..<index] {
                    if other.endpoint("address") == address {
                        problems.append("peers[\(index)].address: \(address) is listed twice")
                    }
                    if let identity = peer.optionalString("identity"), other.optionalString("identity") == identity {
                        problems.append(
                            "peers[\(index)].identity: is listed twice: an identity is dialled at one place")
                    }
                }
            }
            return problems
        }
    )
}

extension StaticPeers {
    /// The module as registries know it.
    public static let descriptor = ModuleDescriptor(
        spec: ModuleSpec(
            role: Role.discovery.rawValue, id: "static", version: "1", stability: .beta,
            summary: "wants the peers that the profile lists",
            posture: "dials what the operator wrote down and nothing else",
            options: StaticPeersOptions.spec
        ),
        factory: .discovery { StaticPeers(options: StaticPeersOptions($0)) }
    )
}
