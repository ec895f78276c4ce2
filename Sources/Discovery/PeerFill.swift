import Collections
import Kernel
import Profile
import Wire

/// discovery `peer-fill`: wants bootstrap addresses that belong to no masternode, always, and fills free slots with the
/// strangers that another module offers.
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
        guard reason.movesTurn, let identity = link.expected,
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
