import Collections
import Kernel
import Profile
import Wire

/// discovery `masternode-priority`: wants every masternode of the network file, before anybody else.
///
/// The first pass happens at the start, further ones at every interval. Each says the same list again: which of these
/// peers need a dial is for the links policy to know.
///
/// Where a masternode is, it says itself, if another module has heard it; else the network file says. Of several
/// addresses one is wanted at a time, and the next after a dial that led nowhere.
public struct MasternodePriority: DiscoveryPolicy {
    /// What the profile says.
    public let options: MasternodePriorityOptions
    public var state = State()

    /// Bounded by the masternodes of the network file.
    public struct State: Codable, Sendable {
        /// What other modules know of the network's masternodes, by their place in the node.
        var offers: OrderedDictionary<Int, OrderedDictionary<Identity, [Endpoint]>> = [:]
        /// Of those that have several addresses.
        var turns = AddressTurns()
    }

    /// A module that has not started.
    public init(options: MasternodePriorityOptions) {
        self.options = options
    }

    public mutating func start(_ context: inout Context) {
        if options.hold == .zero {
            startPass(&context)
        } else {
            context.schedule(DiscoveryTimer.start, after: options.hold)
        }
    }

    private func startPass(_ context: inout Context) {
        context.want(options.startPass == .all ? wishes(context) : [], .start)
        context.schedule(DiscoveryTimer.pass, after: options.interval)
    }

    public mutating func fired(_ timer: DiscoveryTimer, _ context: inout Context) {
        switch timer {
        case .start: return startPass(&context)
        case .turn: return turn(&context)
        case .pass: break
        }
        if options.periodicPass == .whenAlone, context.links.connectedPeerCount > 0 {
            context.schedule(DiscoveryTimer.pass, after: options.interval)
            return
        }
        context.observe(
            .peerCheck(
                connected: context.links.connectedPeerCount, masternodes: context.network.masternodes.count,
                slots: slots(context)
            )
        )
        context.want(wishes(context), .periodic)
        context.schedule(DiscoveryTimer.pass, after: options.interval)
    }

    /// Who is new in the network file is dialled at once.
    public mutating func reconfigured(_ context: inout Context) { context.want(wishes(context), .periodic) }

    /// How many masternodes are wanted at most.
    private func slots(_ context: borrowing Context) -> Int {
        options.reservedSlots ?? context.network.masternodes.count
    }

    private func wishes(_ context: borrowing Context) -> [Wish] {
        let identity = context.identity
        let others = context.network.masternodes.filter { $0.identity != identity }
        var wishes: [Wish] = []
        for member in others.prefix(slots(context)) {
            let endpoints = endpoints(of: member, besides: context.endpoint)
            guard let endpoint = state.turns.choice(for: member.identity, among: endpoints) else { continue }
            wishes.append(Wish(identity: member.identity, endpoint: endpoint, isMasternode: true))
        }
        return wishes
    }

    // MARK: What other modules know

    public mutating func offered(_ candidates: [Candidate], by source: Int, _ context: inout Context) {
        let before = state.offers[source] ?? [:]
        var now: OrderedDictionary<Identity, [Endpoint]> = [:]
        for candidate in candidates where context.network.masternode(candidate.identity) != nil {
            now[candidate.identity] = Array(candidate.endpoints.prefix(AddressRecord.maximumEndpoints))
            if before[candidate.identity] != now[candidate.identity] { state.turns.begin(anew: candidate.identity) }
        }
        // The order is of no matter: each is looked up by its identity.
        let isNews = now.count != before.count || now.contains { before[$0.key] != $0.value }
        state.offers[source] = now
        if isNews { context.want(wishes(context), .periodic) }
    }

    public mutating func dialEnded(_ link: Link, _ reason: Reason, _ context: inout Context) {
        guard reason.movesTurn, let identity = link.expected, let member = context.network.masternode(identity)
        else { return }
        let endpoints = endpoints(of: member, besides: context.endpoint)
        switch state.turns.missed(identity, at: link.remote, among: endpoints, now: context.now) {
        case .moved: context.want(wishes(context), .periodic)
        case .waits: if let due = state.turns.nextDue { context.schedule(DiscoveryTimer.turn, at: due) }
        case nil: break
        }
    }

    private mutating func turn(_ context: inout Context) {
        if state.turns.moveDue(now: context.now) { context.want(wishes(context), .periodic) }
        if let due = state.turns.nextDue { context.schedule(DiscoveryTimer.turn, at: due) }
    }

    /// What a masternode says of itself, then what the network file says.
    private func endpoints(of member: NetworkView.Masternode, besides own: Endpoint) -> [Endpoint] {
        var endpoints: [Endpoint] = []
        for offer in state.offers.values {
            for endpoint in offer[member.identity] ?? [] where !endpoints.contains(endpoint) && endpoint != own {
                endpoints.append(endpoint)
            }
        }
        if let listed = member.endpoint, !endpoints.contains(listed), listed != own { endpoints.append(listed) }
        return endpoints
    }
}

/// The options of `masternode-priority`.
public struct MasternodePriorityOptions: Sendable, Hashable {
    /// Whom the first pass sees.
    public enum StartPass: String, Sendable, Hashable, CaseIterable {
        /// Everybody in the network file.
        case all
        /// Those that are known to be active: after a start that is nobody.
        case activeOnly = "active-only"
    }

    /// When the periodic pass does anything.
    public enum PeriodicPass: String, Sendable, Hashable, CaseIterable {
        case always
        /// Only where no peer is linked.
        case whenAlone = "when-alone"
    }

    /// How many masternodes are wanted at most; nil: all of the network file.
    public var reservedSlots: Int?
    /// Time between two passes.
    public var interval: Duration
    /// Whom the pass at the start sees.
    public var startPass: StartPass
    /// How long the pass at the start is put off.
    public var hold: Duration
    /// When the periodic pass does anything.
    public var periodicPass: PeriodicPass

    /// Options as they are without a profile.
    public init(
        reservedSlots: Int? = nil, interval: Duration = .seconds(120), startPass: StartPass = .all,
        hold: Duration = .zero, periodicPass: PeriodicPass = .always
    ) {
        self.reservedSlots = reservedSlots
        self.interval = interval
        self.startPass = startPass
        self.hold = hold
        self.periodicPass = periodicPass
    }

    init(_ options: Options) throws {
        guard let startPass = StartPass(rawValue: options.choice("start_pass")),
            let periodicPass = PeriodicPass(rawValue: options.choice("periodic_pass"))
        else {
            preconditionFailure("the option spec of masternode-priority lists a choice that the module lacks")
        }
        self.init(
            reservedSlots: Self.slots(options), interval: options.duration("interval"),
            startPass: startPass, hold: options.duration("hold"), periodicPass: periodicPass
        )
    }

    /// 0 stands for no limit.
    private static func slots(_ options: Options) -> Int? {
        let slots = options.integer("reserved_slots")
        return slots == 0 ? nil : slots
    }

    /// A number that is too low leaves pairs of masternodes without a link, and nothing else says so.
    static func misfits(_ options: Options, _ network: NetworkView) -> [NetworkMisfit] {
        let others = max(0, network.masternodes.count - 1)
        guard let slots = slots(options), slots < others else { return [] }
        return [
            NetworkMisfit(
                option: "reserved_slots", severity: .warning,
                message:
                    "'reserved_slots' is \(slots), and the network has \(others) other masternodes: \(others - slots) of "
                    + "them are never dialled from here",
                remedy: "set it to 0, which stands for all of them"
            )
        ]
    }

    static let spec = OptionSpec([
        .integer(
            "reserved_slots", default: 0, in: 0...1000,
            "links that are kept for masternodes; 0: one for each of the network file"
        ),
        .duration("interval", default: .seconds(120), in: .seconds(1) ... .seconds(3600), "time between two passes"),
        .choice(
            "start_pass", default: "all", of: StartPass.allCases.map(\.rawValue),
            "whom the pass at the start sees: all, or those known as active: after a start, nobody (historical)"
        ),
        .duration(
            "hold", default: .zero, in: .zero ... .seconds(3600),
            "how long the pass at the start is put off, for another list to come first (historical)"
        ),
        .choice(
            "periodic_pass", default: "always", of: PeriodicPass.allCases.map(\.rawValue),
            "when the periodic pass does anything: always, or only where no peer is linked (historical)"
        ),
    ])
}

extension MasternodePriority {
    /// The module as registries know it.
    public static let descriptor = ModuleDescriptor(
        spec: ModuleSpec(
            role: Role.discovery.rawValue, id: "masternode-priority", version: "1", stability: .beta,
            summary: "wants every masternode of the network file",
            posture: "dials only identities that the network file names",
            options: MasternodePriorityOptions.spec
        ),
        factory: .discovery { MasternodePriority(options: try MasternodePriorityOptions($0)) },
        misfits: MasternodePriorityOptions.misfits
    )
}
