import Wire

/// The policies of a node and the context they share: everything that one input changes, as one value.
struct NodeMachine: ~Copyable {
    var context: Context
    var links: any LinksPolicy
    var liveness: any LivenessPolicy
    var consensus: any ConsensusPolicy
    var discovery: [any DiscoveryPolicy]
    var workloads: [any WorkloadPolicy]
    var livenessObservesTraffic: Bool
    var linksMeterTraffic: Bool

    /// The place of each policy in `streams` and in timer keys.
    enum Slot {
        static let links: UInt8 = 0
        static let liveness: UInt8 = 1
        static let consensus: UInt8 = 2
        static let firstDiscovery: UInt8 = 3
    }

    init(_ configuration: NodeConfiguration) {
        let modules = configuration.modules
        self.links = modules.links
        self.liveness = modules.liveness
        self.consensus = modules.consensus
        self.discovery = modules.discovery
        self.workloads = modules.workloads
        self.livenessObservesTraffic = modules.liveness.observesTraffic
        self.linksMeterTraffic = modules.links.metersTraffic
        self.context = Context(
            configuration,
            streams: Self.streamNames(modules).map { RandomStream(seed: configuration.seed, name: $0) }
        )
    }

    /// The names of the modules' random streams, in the order of their places.
    static func streamNames(_ modules: PolicySet) -> [String] {
        ["links", "liveness", "consensus"]
            + streamNames("discovery", modules.discovery.count, modules.discoveryIDs)
            + streamNames("workload", modules.workloads.count, modules.workloadIDs)
    }

    /// By the module's id where it is known, so that another module beside it moves no draw.
    private static func streamNames(_ role: String, _ count: Int, _ ids: [String]) -> [String] {
        (0..<count).map { "\(role) \($0 < ids.count ? ids[$0] : String($0))" }
    }

    mutating func handle(_ input: Input, at now: Instant, wall: WallTime) {
        context.now = now
        context.wall = wall
        if !context.fired.isEmpty { context.fired.removeAll(keepingCapacity: true) }
        dispatch(input)
        settle()
    }

    mutating func handle(
        _ input: Input, at now: Instant, wall: WallTime, into effects: inout [Effect]
    ) -> Instant? {
        handle(input, at: now, wall: wall)
        if !effects.isEmpty { effects.removeAll(keepingCapacity: true) }
        swap(&context.effects, &effects)
        return context.timers.next
    }

    var hasEffects: Bool { !context.effects.isEmpty }

    borrowing func route(to peer: Identity) -> LinkID? { links.route(to: peer) }

    borrowing func replyRoute(for link: LinkID) -> LinkID? { links.replyRoute(for: link) }

    mutating func settle() {
        while let next = context.deferred.popFirst() { perform(next) }
    }
}

// MARK: - What policies asked for

extension NodeMachine {
    private mutating func perform(_ action: Context.Deferred) {
        switch action {
        case .sendTo(let peer, let message):
            if let link = links.route(to: peer) {
                context.send(message, over: link)
            } else {
                context.observe(.messageDropped(nil, message.channel, .noRoute))
            }
        case .replyTo(let id, let message):
            if let link = links.replyRoute(for: id) {
                context.send(message, over: link)
            } else {
                context.observe(.messageDropped(id, message.channel, .noRoute))
            }
        case .dead(let id, let reason):
            guard let link = context.links[id] else { return }
            context.module = Slot.links
            links.dead(link, reason, &context)
        case .reportedUseful(let peer):
            context.module = Slot.links
            links.reportedUseful(peer, &context)
        case .reportedMisbehaviour(let peer, let misbehaviour):
            context.module = Slot.links
            links.reportedMisbehaviour(peer, misbehaviour, &context)
        case .wanted(let wishes, let source, let pass):
            context.module = Slot.links
            links.wanted(wishes, by: source, pass, &context)
        case .offered(let candidates, let source):
            for index in discovery.indices where Int(Slot.firstDiscovery) + index != source {
                context.module = Slot.firstDiscovery + UInt8(index)
                discovery[index].offered(candidates, by: source, &context)
            }
        case .dialEnded(let link, let reason): tellDiscovery(of: link, reason)
        case .up(let link):
            tellAll(.linkUp(link), from: Slot.liveness)
            context.lookAtClock()
        case .down(let link, let reason): tellAll(.linkDown(link, reason), from: Slot.liveness)
        case .identityConflict(let conflict): tellAll(.identityConflict(conflict), from: Slot.liveness)
        }
    }

    mutating func tellDiscovery(of dial: Link, _ reason: Reason) {
        for index in discovery.indices {
            context.module = Slot.firstDiscovery + UInt8(index)
            discovery[index].dialEnded(dial, reason, &context)
        }
    }

    mutating func tellOwner(of token: Token, _ call: PolicyCall) {
        guard let module = context.owners.removeValue(forKey: token) else { return }
        tell(module, call)
    }

    var firstWorkload: UInt8 { Slot.firstDiscovery + UInt8(discovery.count) }

    /// Tells one policy; the order of places is links, liveness, consensus, discovery, workloads.
    mutating func tell(_ module: UInt8, _ call: PolicyCall) {
        context.module = module
        switch module {
        case Slot.links: links.perform(call, &context)
        case Slot.liveness: liveness.perform(call, &context)
        case Slot.consensus: consensus.perform(call, &context)
        case ..<firstWorkload: discovery[Int(module - Slot.firstDiscovery)].perform(call, &context)
        default: workloads[Int(module - firstWorkload)].perform(call, &context)
        }
    }

    /// Whether a timer's code is one that the module in this place can have set.
    borrowing func reads(_ code: TimerCode, of module: UInt8) -> Bool {
        switch module {
        case Slot.links: links.reads(code)
        case Slot.liveness: liveness.reads(code)
        case Slot.consensus: consensus.reads(code)
        case ..<firstWorkload: discovery[Int(module - Slot.firstDiscovery)].reads(code)
        default: workloads[Int(module - firstWorkload)].reads(code)
        }
    }

    mutating func tellAll(_ call: PolicyCall, from first: UInt8 = 0) {
        for slot in first..<UInt8(context.streams.count) { tell(slot, call) }
    }
}
