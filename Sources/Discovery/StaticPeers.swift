import Collections
import Kernel
import Profile
import Wire

/// discovery `static`: wants the addresses that the profile lists, and learns of no others.
public struct StaticPeers: DiscoveryPolicy {
    /// What the profile says.
    public let options: StaticPeersOptions
    public var state = NoState()

    /// A module that has not started.
    public init(options: StaticPeersOptions) {
        self.options = options
    }

    public mutating func start(_ context: inout Context) {
        context.want(wishes(context), .start)
        context.schedule(DiscoveryTimer.pass, after: options.interval)
    }

    public mutating func fired(_ timer: DiscoveryTimer, _ context: inout Context) {
        guard timer == .pass else { return }
        context.want(wishes(context), .periodic)
        context.schedule(DiscoveryTimer.pass, after: options.interval)
    }

    /// An address that the network file gives to a masternode stands for that one.
    private func wishes(_ context: borrowing Context) -> [Wish] {
        let own = context.endpoint
        let masternodes = context.network.masternodes
        return options.peers.filter { $0 != own }.map { endpoint in
            let masternode = masternodes.first { $0.endpoint == endpoint }
            return Wish(identity: masternode?.identity, endpoint: endpoint, isMasternode: masternode != nil)
        }
    }
}

/// The options of `static`.
public struct StaticPeersOptions: Sendable, Hashable {
    /// Where to dial, in this order, each once.
    public private(set) var peers: [Endpoint]
    /// Time between two passes.
    public var interval: Duration

    /// Options as they are without a profile.
    public init(peers: [Endpoint] = [], interval: Duration = .seconds(120)) {
        self.peers = OrderedSet(peers).elements
        self.interval = interval
    }

    init(_ options: Options) {
        self.init(
            peers: options.strings("peers").compactMap { Endpoint($0) }, interval: options.duration("interval")
        )
    }

    static let spec = OptionSpec([
        .list("peers", of: .endpoint, default: [], count: 0...1000, "addresses that are always wanted, in this order"),
        .duration("interval", default: .seconds(120), in: .seconds(1) ... .seconds(3600), "time between two passes"),
    ])
}

extension StaticPeers {
    /// The module as registries know it.
    public static let descriptor = ModuleDescriptor(
        spec: ModuleSpec(
            role: Role.discovery.rawValue, id: "static", version: "1", stability: .beta,
            summary: "wants the addresses that the profile lists, and learns of no others",
            posture: "dials what the profile says; whom the network file does not name is unknown until the handshake",
            options: StaticPeersOptions.spec
        ),
        factory: .discovery { StaticPeers(options: StaticPeersOptions($0)) }
    )
}
