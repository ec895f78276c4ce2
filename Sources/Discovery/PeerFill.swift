import Collections
import Kernel
import Profile
import Wire

/// discovery `peer-fill`: fills free slots with bootstrap addresses that belong to no masternode, then with the strangers
/// that another module offers.
///
/// An address that we already have a link to stays wanted, because each pass replaces the one before: leaving it out
/// would say that its link is no longer of use.
public struct PeerFill: DiscoveryPolicy {
    /// What the profile says.
    public let options: PeerFillOptions
    public var state = State()

    public struct State: Codable, Sendable {
        /// The most strangers of one module that are looked at.
        static let offerLimit = 512
        /// Who other modules know, by their place in the node.
        var offers: OrderedDictionary<Int, [Candidate]> = [:]
        /// Of those that have several addresses.
        var turns = AddressTurns()
    }

    /// A module that has not started.
    public init(options: PeerFillOptions) {
        self.options = options
    }

    public mutating func start(_ context: inout Context) {
        context.want(wishes(context), .start)
        context.schedule(DiscoveryTimer.pass, after: options.interval)
    }

    public mutating func fired(_ timer: DiscoveryTimer, _ context: inout Context) {
        switch timer {
        case .start: break
        case .turn: turn(&context)
        case .pass:
            context.want(wishes(context), .periodic)
            context.schedule(DiscoveryTimer.pass, after: options.interval)
        }
    }

    /// What is offered counts from the next pass on: slots are filled at leisure.
    public mutating func offered(_ candidates: [Candidate], by source: Int, _ context: inout Context) {
        let isFirst = state.offers[source]?.isEmpty ?? true
        let own = context.identity
        let network = context.network
        state.offers[source] = Array(
            candidates.lazy.filter { $0.identity != own && network.masternode($0.identity) == nil }
                .prefix(State.offerLimit)
        )
        let offers = state.offers
        state.turns.keep { identity in offers.values.contains { $0.contains { $0.identity == identity } } }
        if isFirst, !(state.offers[source] ?? []).isEmpty { context.want(wishes(context), .periodic) }
    }

    public mutating func reconfigured(_ context: inout Context) { context.want(wishes(context), .periodic) }

    /// Whoever has another address is tried there, no more than once in two seconds.
    public mutating func dialEnded(_ link: Link, _ reason: Reason, _ context: inout Context) {
        guard reason.blamesAddress, let identity = link.expected,
            let candidate = state.offers.values.joined().first(where: { $0.identity == identity })
        else { return }
        switch state.turns.missed(identity, at: link.remote, among: candidate.endpoints, now: context.now) {
        case .moved: context.want(wishes(context), .periodic)
        case .waits: if let due = state.turns.nextDue { context.schedule(DiscoveryTimer.turn, at: due) }
        case nil: break
        }
    }

    private mutating func turn(_ context: inout Context) {
        if state.turns.moveDue(now: context.now) { context.want(wishes(context), .periodic) }
        if let due = state.turns.nextDue { context.schedule(DiscoveryTimer.turn, at: due) }
    }

    private func wishes(_ context: borrowing Context) -> [Wish] {
        let network = context.network
        let links = context.links
        let own = context.endpoint
        var free = options.slots - links.connectedPeerCount
        var wishes: [Wish] = []
        for endpoint in network.bootstrap where endpoint != own {
            let isMasternode = network.masternodes.contains { $0.endpoint == endpoint }
            if isMasternode || wishes.contains(where: { $0.endpoint == endpoint }) { continue }
            // The source port of an accepted link says nothing about where its other end listens.
            let isLinked = links.entries.contains {
                $0.phase == .up && $0.direction == .dialled && $0.remote == endpoint
            }
            if !isLinked {
                guard free > 0 else { continue }
                free -= 1
            }
            wishes.append(Wish(identity: nil, endpoint: endpoint, isMasternode: false))
        }
        for candidate in state.offers.values.joined() {
            let isRepeated = wishes.contains { wish in
                wish.identity == candidate.identity || candidate.endpoints.contains(wish.endpoint)
            }
            guard !isRepeated,
                let endpoint = state.turns.choice(for: candidate.identity, among: candidate.endpoints), endpoint != own
            else { continue }
            if links.newestUp(with: candidate.identity) == nil {
                guard free > 0 else { continue }
                free -= 1
            }
            wishes.append(Wish(identity: candidate.identity, endpoint: endpoint, isMasternode: false))
        }
        return wishes
    }
}

/// The options of `peer-fill`.
public struct PeerFillOptions: Sendable, Hashable {
    /// How many peers of any kind are enough.
    public var slots: Int
    /// Time between two passes.
    public var interval: Duration

    /// Options as they are without a profile.
    public init(slots: Int = 50, interval: Duration = .seconds(120)) {
        self.slots = slots
        self.interval = interval
    }

    init(_ options: Options) {
        self.init(slots: options.integer("slots"), interval: options.duration("interval"))
    }

    static let spec = OptionSpec([
        .integer("slots", default: 50, in: 1...1000, "connected peers, masternodes included, that are enough"),
        .duration("interval", default: .seconds(120), in: .seconds(1) ... .seconds(3600), "time between two passes"),
    ])
}

extension PeerFill {
    /// The module as registries know it.
    public static let descriptor = ModuleDescriptor(
        spec: ModuleSpec(
            role: Role.discovery.rawValue, id: "peer-fill", version: "1", stability: .beta,
            summary: "fills free slots with bootstrap addresses and offered strangers",
            posture: "dials addresses whose identity is unknown until the handshake",
            options: PeerFillOptions.spec
        ),
        factory: .discovery { PeerFill(options: PeerFillOptions($0)) }
    )
}
