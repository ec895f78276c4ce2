import Collections
import Wire

/// One node: its policies, its link table, its timers and its random streams, as a single synchronous state machine.
///
/// A driver gives it one `Input` at a time, then carries out `effects` in order and arms one tick for
/// `nextDeadline`. Nothing here knows which driver that is. Confined to one thread.
public final class Node {
    /// What the node was made from.
    public let configuration: NodeConfiguration
    /// Random number of this process start.
    public let incarnation: UInt64
    /// Every link that has not ended.
    public internal(set) var table = LinkTable()
    /// What the driver has to do, in order; it empties the array.
    public var effects: [Effect] = []

    var now: Instant = .zero
    var wall = WallTime(milliseconds: 0)
    var timers = TimerHeap()
    var streams: [RandomStream]
    var links: any LinksPolicy
    var liveness: any LivenessPolicy
    var consensus: any ConsensusPolicy
    var discovery: [any DiscoveryPolicy]
    var applications: [any ApplicationPolicy]

    private var deferred: Deque<Deferred> = []
    private var nextToken: UInt64 = 1
    /// Who waits for which answer; look-up only.
    private var owners: [Token: UInt8] = [:]
    /// Messages that wait until a write is durable.
    private var waiting: OrderedDictionary<Token, [(LinkID, Message)]> = [:]
    private let livenessObservesTraffic: Bool

    /// What a policy asked for that touches another policy: done after the callback returned, in order.
    enum Deferred {
        case sendTo(Identity, Message, Token?)
        case replyTo(LinkID, Message)
        case dead(LinkID, Reason)
        case wanted([Wish], source: Int, DiscoveryPass)
        case up(Link)
        case down(Link, Reason)
    }

    /// The place of each policy in `streams` and in timer keys.
    enum Slot {
        static let links: UInt8 = 0
        static let liveness: UInt8 = 1
        static let consensus: UInt8 = 2
        static let firstDiscovery: UInt8 = 3
    }

    /// A node that has not started; the first input is `.start`.
    public init(_ configuration: NodeConfiguration) {
        self.configuration = configuration
        var incarnations = RandomStream(seed: configuration.seed, name: "incarnation")
        self.incarnation = incarnations.next()
        let modules = configuration.modules
        self.links = modules.links
        self.liveness = modules.liveness
        self.consensus = modules.consensus
        self.discovery = modules.discovery
        self.applications = modules.applications
        self.livenessObservesTraffic = modules.liveness.observesTraffic
        let names =
            ["links", "liveness", "consensus"]
            + Self.streamNames("discovery", modules.discovery.count, modules.discoveryIDs)
            + Self.streamNames("application", modules.applications.count, modules.applicationIDs)
        self.streams = names.map { RandomStream(seed: configuration.seed, name: $0) }
    }

    /// By the module's id where it is known, so that another module beside it moves no draw.
    private static func streamNames(_ role: String, _ count: Int, _ ids: [String]) -> [String] {
        (0..<count).map { "\(role) \($0 < ids.count ? ids[$0] : String($0))" }
    }

    /// When the node wants `.wake`, nil when it waits for nothing.
    public var nextDeadline: Instant? { timers.next }

    /// The state of the chain, for operators.
    public var chainStatus: ChainStatus { consensus.status }

    /// The link that a message to `peer` would take now.
    public func route(to peer: Identity) -> LinkID? { links.route(to: peer) }

    /// The link that an answer to a message of `link` would take now.
    public func replyRoute(for link: LinkID) -> LinkID? { links.replyRoute(for: link) }

    /// Gives an incoming connection its generation; the driver then reports `.accepted`.
    public func admit(from remote: Endpoint, at now: Instant) -> LinkID {
        table.insert(direction: .accepted, remote: remote, expected: nil, at: now)
    }

    /// Takes one input and everything that follows from it inside the node.
    public func handle(_ input: Input, at now: Instant, wall: WallTime) {
        self.now = now
        self.wall = wall
        dispatch(input)
        while let next = deferred.popFirst() { perform(next) }
    }

    func `defer`(_ action: Deferred) { deferred.append(action) }
}

// MARK: - Inputs

extension Node {
    private func dispatch(_ input: Input) {
        switch input {
        case .start: tellAll(.start)
        case .opened(let id, let identity): opened(id, identity)
        case .openFailed(let id, let reason): openFailed(id, reason)
        case .accepted(let id, let identity): accepted(id, identity)
        case .received(let id, let message): received(id, message)
        case .ended(let id, let end): ended(id, end)
        case .persisted(let token): persisted(token)
        case .storeFailed(let token, let text): storeFailed(token, text)
        case .rows(let token, let rows):
            withOwner(of: token, .rows(rows, token))
        case .verified(let token, let mask):
            withOwner(of: token, .verified(token, mask: mask))
        case .wake: wake()
        case .shutdown: shutdown()
        }
    }

    private func opened(_ id: LinkID, _ identity: Identity?) {
        table.update(id) {
            $0.phase = .handshaking
            $0.transportIdentity = identity
        }
        guard let link = table[id] else { return }
        var context = Context(node: self, module: Slot.links)
        links.dialled(link, &context)
    }

    private func openFailed(_ id: LinkID, _ reason: Reason) {
        guard let link = table.remove(id) else { return }
        effects.append(.observe(.dialFailed(id, link.remote, reason)))
        var context = Context(node: self, module: Slot.links)
        links.dialFailed(link, reason, &context)
    }

    private func accepted(_ id: LinkID, _ identity: Identity?) {
        table.update(id) { $0.transportIdentity = identity }
        guard let link = table[id] else { return }
        var context = Context(node: self, module: Slot.links)
        links.accepted(link, &context)
    }

    private func received(_ id: LinkID, _ message: Message) {
        guard let link = table[id] else { return }
        let channel = message.channel
        if channel == .links {
            var context = Context(node: self, module: Slot.links)
            links.received(message, from: id, &context)
            return
        }
        guard link.phase == .up else {
            effects.append(.observe(.messageDropped(id, channel, .notUp)))
            if link.phase == .handshaking { close(id, .unexpectedMessage) }
            return
        }
        if livenessObservesTraffic {
            var context = Context(node: self, module: Slot.liveness)
            liveness.heard(id, &context)
        }
        deliver(message, channel, from: id)
    }

    private func deliver(_ message: Message, _ channel: Channel, from id: LinkID) {
        switch channel {
        case .links: break
        case .liveness:
            var context = Context(node: self, module: Slot.liveness)
            liveness.received(message, from: id, &context)
        case .consensus:
            var context = Context(node: self, module: Slot.consensus)
            consensus.received(message, from: id, &context)
        case .discovery:
            for index in discovery.indices {
                var context = Context(node: self, module: Slot.firstDiscovery + UInt8(index))
                discovery[index].received(message, from: id, &context)
            }
        case .application:
            if applications.isEmpty { effects.append(.observe(.messageDropped(id, channel, .noReceiver))) }
            for index in applications.indices {
                var context = Context(node: self, module: firstApplication + UInt8(index))
                applications[index].received(message, from: id, &context)
            }
        }
    }

    private func ended(_ id: LinkID, _ end: StreamEnd) {
        guard let link = table[id] else { return }
        var context = Context(node: self, module: Slot.links)
        links.ended(link, end, &context)
        // A transport that is gone cannot be kept by any policy.
        if case .failed(let reason) = end, table[id] != nil { close(id, reason, by: .transport) }
    }

    private func persisted(_ token: Token) {
        let released = waiting.removeValue(forKey: token) ?? []
        for (link, message) in released { send(message, over: link, after: nil) }
        withOwner(of: token, .persisted(token))
    }

    private func storeFailed(_ token: Token, _ text: String) {
        owners[token] = nil
        waiting.removeValue(forKey: token)
        effects.append(.observe(.note(.error, "the store refused: \(text)")))
    }

    private func wake() {
        while let key = timers.popDue(at: now) {
            tell(key.module, .fired(key.code))
            while let next = deferred.popFirst() { perform(next) }
        }
    }

    private func shutdown() {
        tellAll(.shutdown)
        for link in table.entries {
            if link.phase == .up { send(.goodbye(.shutdown), over: link.id, after: nil) }
            close(link.id, .shutdown)
        }
    }

    private var firstApplication: UInt8 { Slot.firstDiscovery + UInt8(discovery.count) }

    private func withOwner(of token: Token, _ call: PolicyCall) {
        guard let module = owners.removeValue(forKey: token) else { return }
        tell(module, call)
    }

    /// Tells one policy; the order of slots is links, liveness, consensus, discovery, applications.
    private func tell(_ module: UInt8, _ call: PolicyCall) {
        var context = Context(node: self, module: module)
        switch module {
        case Slot.links: links.perform(call, &context)
        case Slot.liveness: liveness.perform(call, &context)
        case Slot.consensus: consensus.perform(call, &context)
        case ..<firstApplication: discovery[Int(module - Slot.firstDiscovery)].perform(call, &context)
        default: applications[Int(module - firstApplication)].perform(call, &context)
        }
    }

    private func tellAll(_ call: PolicyCall, from first: UInt8 = 0) {
        for slot in first..<UInt8(streams.count) { tell(slot, call) }
    }
}

// MARK: - What policies asked for

extension Node {
    private func perform(_ action: Deferred) {
        switch action {
        case .sendTo(let peer, let message, let token):
            if let link = links.route(to: peer) {
                send(message, over: link, after: token)
            } else {
                effects.append(.observe(.messageDropped(nil, message.channel, .noRoute)))
            }
        case .replyTo(let id, let message):
            if let link = links.replyRoute(for: id) {
                send(message, over: link, after: nil)
            } else {
                effects.append(.observe(.messageDropped(id, message.channel, .noRoute)))
            }
        case .dead(let id, let reason):
            guard let link = table[id] else { return }
            var context = Context(node: self, module: Slot.links)
            links.dead(link, reason, &context)
        case .wanted(let wishes, let source, let pass):
            var context = Context(node: self, module: Slot.links)
            links.wanted(wishes, by: source, pass, &context)
        case .up(let link): tellAll(.linkUp(link), from: Slot.liveness)
        case .down(let link, let reason): tellAll(.linkDown(link, reason), from: Slot.liveness)
        }
    }

    func open(_ endpoint: Endpoint, expecting identity: Identity?) -> LinkID {
        let id = table.insert(direction: .dialled, remote: endpoint, expected: identity, at: now)
        effects.append(.observe(.dialStarted(id, endpoint, identity)))
        effects.append(.open(id, endpoint, expected: identity, timeout: configuration.connectTimeout))
        return id
    }

    func send(_ message: Message, over id: LinkID, after token: Token?) {
        if let token, owners[token] != nil {
            waiting[token, default: []].append((id, message))
            return
        }
        guard let link = table[id], link.phase != .connecting, !link.isWriteShut else {
            effects.append(.observe(.messageDropped(id, message.channel, .notUp)))
            return
        }
        effects.append(.send(id, message))
    }

    func markUp(_ id: LinkID, peer: Identity) {
        table.update(id) {
            $0.peer = peer
            $0.phase = .up
            $0.upAt = now
        }
        guard let link = table[id] else { return }
        effects.append(.observe(.linkUp(id, peer, link.remote, link.direction)))
        deferred.append(.up(link))
    }

    func close(_ id: LinkID, _ reason: Reason, by ender: LinkEnder = .us) {
        guard let link = table.remove(id) else { return }
        effects.append(.close(id, reason))
        if link.phase != .lingering { announceEnd(of: link, reason, by: ender) }
    }

    func retire(_ id: LinkID, _ reason: Reason, by ender: LinkEnder) {
        guard let link = table[id], link.phase != .lingering else { return }
        table.update(id) { $0.phase = .lingering }
        stopReading(id)
        announceEnd(of: link, reason, by: ender)
    }

    private func announceEnd(of link: Link, _ reason: Reason, by ender: LinkEnder) {
        let wasUp = link.phase == .up
        effects.append(
            .observe(
                .linkEnded(
                    link.id, link.peer ?? link.expected, link.remote, reason, ender, wasUp: wasUp,
                    direction: link.direction
                )
            )
        )
        if wasUp { deferred.append(.down(link, reason)) }
    }

    func shutdownWrite(_ id: LinkID) {
        guard let link = table[id], !link.isWriteShut else { return }
        table.update(id) { $0.isWriteShut = true }
        effects.append(.shutdownWrite(id))
    }

    func stopReading(_ id: LinkID) {
        guard let link = table[id], !link.isReadingStopped else { return }
        table.update(id) { $0.isReadingStopped = true }
        effects.append(.stopReading(id))
    }

    func issue(for module: UInt8, _ effect: (Token) -> Effect) -> Token {
        let token = Token(number: nextToken)
        nextToken += 1
        owners[token] = module
        effects.append(effect(token))
        return token
    }
}
