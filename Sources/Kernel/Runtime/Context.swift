import Collections
import Wire

/// What a policy sees and how it acts while one callback runs, and at the same time all that a node holds beside its
/// policies: there is one per node, and it cannot be copied, so that a policy only ever borrows it.
///
/// Being a value, it costs no reference counting and no exclusivity check on the way of every message.
public struct Context: ~Copyable {
    var configuration: NodeConfiguration
    /// Who this node is.
    public let identity: Identity
    /// Where this node listens.
    public let endpoint: Endpoint
    /// Random number of this process start.
    public internal(set) var incarnation: UInt64
    /// What the wall clock showed when this process started.
    public internal(set) var startedAt = WallTime(milliseconds: 0)
    /// What the monotonic clock showed when this process started.
    var startInstant = Instant.zero
    /// The node's monotonic clock.
    public internal(set) var now: Instant = .zero
    /// The node's wall clock, as far as it is right.
    public internal(set) var wall = WallTime(milliseconds: 0)
    /// Every link that has not ended, ordered by generation.
    public internal(set) var links = LinkTable()
    /// What all nodes of the network must hold alike, as this node holds it.
    public internal(set) var agreement: Agreement

    /// The policy whose callback runs, by its place among the node's.
    var module: UInt8 = 0
    var effects: [Effect] = []
    var timers = TimerHeap()
    /// The timers that the input in hand has fired, in order.
    var fired: [TimerHeap.Key] = []
    var streams: [RandomStream]
    var deferred: Deque<Deferred> = []
    /// Who waits for which answer; look-up only, but for a checkpoint, which sorts the keys.
    var owners: [Token: UInt8] = [:]
    /// What became of writes, and the messages that wait for them.
    var writes = WriteLedger()
    /// What the key space of each policy is called, by its place.
    var spaces: [StoreSpace.Name]
    var nextToken: UInt64 = 1
    /// What consensus calls for the payloads of blocks.
    var application: (any ApplicationPolicy)?
    var clockWatch = ClockWatch()

    /// What a policy asked for that touches another policy: done after the callback returned, in order.
    enum Deferred {
        case sendTo(Identity, Message)
        case replyTo(LinkID, Message)
        case dead(LinkID, Reason)
        case reportedUseful(Identity)
        case reportedMisbehaviour(Identity, Misbehaviour)
        case wanted([Wish], source: Int, DiscoveryPass)
        case offered([Candidate], source: Int)
        indirect case identityConflict(IdentityConflict?)
        indirect case dialEnded(Link, Reason)
        indirect case up(Link)
        indirect case down(Link, Reason)
    }

    init(_ configuration: NodeConfiguration, streams: [RandomStream]) {
        self.configuration = configuration
        self.streams = streams
        application = configuration.modules.application
        spaces = configuration.modules.spaces
        identity = configuration.signer.identity
        endpoint = configuration.endpoint
        var incarnations = RandomStream(seed: configuration.seed, name: "incarnation")
        incarnation = incarnations.next()
        agreement = Agreement(network: configuration.network, modules: configuration.modules.agreed)
    }

    /// The same once more.
    init(copying other: borrowing Context) {
        configuration = other.configuration
        identity = other.identity
        endpoint = other.endpoint
        incarnation = other.incarnation
        startedAt = other.startedAt
        startInstant = other.startInstant
        agreement = other.agreement
        clockWatch = other.clockWatch
        now = other.now
        wall = other.wall
        links = other.links
        module = other.module
        effects = other.effects
        timers = other.timers
        fired = other.fired
        streams = other.streams
        deferred = other.deferred
        owners = other.owners
        writes = other.writes
        spaces = other.spaces
        nextToken = other.nextToken
        application = other.application
    }

    // MARK: What a policy may look at

    /// Who is there, and what all agree on.
    public var network: NetworkView { configuration.network }

    /// The link of this generation, nil once it has ended.
    public func link(_ id: LinkID) -> Link? { links[id] }

    /// Who is at the other end of a link, nil before the handshake has told and once the link has ended.
    public func peer(of id: LinkID) -> Identity? { links.peer(of: id) }

    /// How long this process runs.
    public var uptime: Duration { now - startInstant }

    /// By how much this host's wall clock differs from the clocks of linked peers; nil where no handshake has told.
    public var clockOffset: ClockOffset? {
        ClockOffset(links: links.entries, network: network, now: now, wall: wall)
    }

    /// The transport's limit on opening a connection.
    public var connectTimeout: Duration { configuration.connectTimeout }

    // MARK: Random numbers, from this module's own stream

    /// An unbiased draw from `0 ..< bound`.
    public mutating func random(below bound: UInt64) -> UInt64 { streams[Int(module)].below(bound) }

    /// Sixty-four random bits.
    public mutating func randomBits() -> UInt64 { streams[Int(module)].next() }

    /// A draw from `0 ..< limit`.
    public mutating func random(below limit: Duration) -> Duration { streams[Int(module)].duration(below: limit) }

    /// A draw from `0 ..< limit` that depends on nothing but this process start, the module and `purpose`: whatever else
    /// is drawn before it, or in another order, leaves it as it is.
    ///
    /// It spreads a herd and hides nothing: peers know the incarnation that it comes from.
    public func random(below limit: Duration, for purpose: UInt64) -> Duration {
        var mixer = SplitMix64(state: incarnation ^ purpose)
        var stream = RandomStream(seed: mixer.next(), name: "module \(module)")
        return stream.duration(below: limit)
    }

    // MARK: Timers

    /// Sets a timer, rounded up to the millisecond; setting the same one again replaces it.
    public mutating func schedule(_ timer: some PolicyTimer, at deadline: Instant) {
        timers.set(TimerHeap.Key(module: module, code: timer.code), at: deadline)
    }

    /// Sets a timer `delay` from now.
    public mutating func schedule(_ timer: some PolicyTimer, after delay: Duration) {
        schedule(timer, at: now + delay)
    }

    /// Forgets a timer; nothing happens where it is not set.
    public mutating func cancel(_ timer: some PolicyTimer) {
        timers.cancel(TimerHeap.Key(module: module, code: timer.code))
    }

    // MARK: Modules

    /// What the module in a place is called: its role, and its id where a node can have several of the role.
    func name(of place: UInt8) -> String { NodeMachine.name(of: place, in: configuration.modules) }

    // MARK: Links

    /// Opens a transport to `endpoint` and returns the new link's generation.
    public mutating func open(_ endpoint: Endpoint, expecting identity: Identity?) -> LinkID {
        let id = links.insert(direction: .dialled, remote: endpoint, expected: identity, at: now)
        observe(.dialStarted(id, endpoint, identity))
        effects.append(.open(id, endpoint, expected: identity, timeout: configuration.connectTimeout))
        return id
    }

    /// Opens a transport to see who answers at `endpoint`. No link comes of it, and logs and metrics hear of it by what the
    /// policy tells them.
    public mutating func probe(_ endpoint: Endpoint, expecting identity: Identity) -> LinkID {
        let id = links.insert(direction: .dialled, remote: endpoint, expected: identity, isProbe: true, at: now)
        effects.append(.open(id, endpoint, expected: identity, timeout: configuration.connectTimeout))
        return id
    }

    /// Notes that an accepted connection is the other end's probe.
    public mutating func markAsProbe(_ link: LinkID) {
        links.update(link) { $0.isProbe = true }
    }

    /// Sends over this very link, behind everything sent before.
    ///
    /// With `token` the message goes out only where that write is known to be durable: at once if it is durable already, else
    /// when the store says so. It is dropped, and an event says so (`DropCause.notDurable`), where the write has failed or
    /// fails, and where this process has made no such write. The same where the node ends before the store has answered,
    /// without the event.
    public mutating func send(_ message: Message, over link: LinkID, after token: WriteToken? = nil) {
        guard let token else { return sendNow(message, over: link) }
        switch writes.fate(of: token) {
        case .pending: writes.hold(WaitingMessage(message, to: .link(link)), until: token)
        case .durable: sendNow(message, over: link)
        case .notDurable: observe(.messageDropped(link, message.channel, .notDurable))
        }
    }

    /// Sends to a peer over the link that the links policy routes it by. Dropped, and said so, where there is none.
    ///
    /// `token` has the same meaning as for `send(_:over:after:)`; a message that waits is routed when it goes out.
    public mutating func send(_ message: Message, to peer: Identity, after token: WriteToken? = nil) {
        switch token.map({ writes.fate(of: $0) }) {
        case .pending?: if let token { writes.hold(WaitingMessage(message, to: .peer(peer)), until: token) }
        case .durable?, nil: deferred.append(.sendTo(peer, message))
        case .notDurable?: observe(.messageDropped(nil, message.channel, .notDurable))
        }
    }

    private mutating func sendNow(_ message: Message, over link: LinkID) {
        if links.canSend(over: link) {
            effects.append(.send(link, message))
        } else {
            observe(.messageDropped(link, message.channel, .notUp))
        }
    }

    /// Answers a message of `link` over the link that the links policy routes answers by.
    public mutating func reply(_ message: Message, to link: LinkID) {
        deferred.append(.replyTo(link, message))
    }

    /// Says that the handshake of `link` is done and who is there.
    public mutating func markUp(_ link: LinkID, peer: Identity) {
        let now = now
        links.update(link) {
            $0.peer = peer
            $0.phase = .up
            $0.upAt = now
        }
        guard let record = links[link] else { return }
        observe(.linkUp(link, peer, record.remote, record.direction))
        deferred.append(.up(record))
    }

    /// Notes who the other end of a link says it is, before the link is up.
    public mutating func identify(_ link: LinkID, as peer: Identity) {
        links.update(link) { $0.peer = peer }
    }

    /// Notes what a link's handshake told of the peer's wall clock.
    public mutating func note(_ clock: PeerClock, of link: LinkID) {
        links.update(link) { $0.peerClock = clock }
    }

    /// Looks whether this host's wall clock is wrong, and tells where that has changed.
    mutating func lookAtClock() {
        let others = network.masternodes.count - (network.masternode(identity) == nil ? 0 : 1)
        let enough = min(ClockOffset.enoughPeers, max(1, others))
        let found = clockWatch.look(at: clockOffset, enough: enough, now: now, wall: wall)
        if let found { observe(.clockOffset(found, isWrong: clockWatch.isWrong)) }
    }

    /// Ends a link: what was sent goes out, then both ways are closed.
    public mutating func close(_ link: LinkID, _ reason: Reason, by ender: LinkEnder = .us) {
        guard let record = links.remove(link) else { return }
        effects.append(.close(link, reason))
        if record.phase != .halfClosed { announceEnd(of: record, reason, by: ender) }
    }

    /// Ends a link for every policy and reads no more from it, yet leaves our way to the peer open until `close`.
    public mutating func halfClose(_ link: LinkID, _ reason: Reason, by ender: LinkEnder) {
        guard let record = links[link], record.phase != .halfClosed else { return }
        links.update(link) { $0.phase = .halfClosed }
        stopReading(link)
        announceEnd(of: record, reason, by: ender)
    }

    private mutating func announceEnd(of link: Link, _ reason: Reason, by ender: LinkEnder) {
        let wasUp = link.phase == .up
        if link.isProbe {
            if link.direction == .dialled { deferred.append(.dialEnded(link, reason)) }
            return
        }
        observe(
            .linkEnded(
                link.id, link.peer ?? link.expected, link.remote, reason, ender, wasUp: wasUp,
                direction: link.direction
            )
        )
        if wasUp {
            deferred.append(.down(link, reason))
        } else if link.direction == .dialled {
            deferred.append(.dialEnded(link, reason))
        }
    }

    /// Sends our end of stream and goes on reading.
    public mutating func shutdownWrite(_ link: LinkID) {
        guard let record = links[link], !record.isWriteShut else { return }
        links.update(link) { $0.isWriteShut = true }
        effects.append(.shutdownWrite(link))
    }

    /// Reads no more from this link.
    public mutating func stopReading(_ link: LinkID) {
        guard let record = links[link], !record.isReadingStopped else { return }
        links.update(link) { $0.isReadingStopped = true }
        effects.append(.stopReading(link))
    }

    /// Asks the host's TCP for these options.
    public mutating func setSocketOptions(_ options: SocketOptions, on link: LinkID) {
        effects.append(.socketOptions(link, options))
    }

    /// Tells the links policy that a link is dead.
    public mutating func declareDead(_ link: LinkID, _ reason: Reason) { deferred.append(.dead(link, reason)) }

    /// Tells the links policy that what a peer sent was new and right: merit, where links are too many.
    public mutating func reportUseful(_ peer: Identity) { deferred.append(.reportedUseful(peer)) }

    /// Tells the links policy that a peer did what no honest node does, such as passing on a signature that it could have
    /// checked and that does not hold. It costs the peer points, and in the end its link.
    ///
    /// Only for proof. What another clock, tip or list of masternodes would explain is no misbehaviour: networks have banned
    /// their honest peers for such.
    public mutating func reportMisbehaviour(_ peer: Identity, _ misbehaviour: Misbehaviour) {
        deferred.append(.reportedMisbehaviour(peer, misbehaviour))
    }

    /// Tells every module, and the outside, that another process runs with this node's key, and what is known of it; nil
    /// where that is over.
    public mutating func reportIdentityConflict(_ conflict: IdentityConflict?) {
        observe(.identityConflict(conflict))
        deferred.append(.identityConflict(conflict))
    }

    // MARK: Discovery

    /// Says which peers this module wants now, in this order, in place of what it said before.
    public mutating func want(_ wishes: [Wish], _ pass: DiscoveryPass) {
        observe(.wanted(wishes, by: name(of: module), pass))
        deferred.append(.wanted(wishes, source: Int(module), pass))
    }

    /// Tells the node's other discovery modules which peers this one knows, in this order, in place of what it said before.
    public mutating func offer(_ candidates: [Candidate]) {
        deferred.append(.offered(candidates, source: Int(module)))
    }

    // MARK: Services of the driver

    /// This node's signature of `bytes`.
    public func sign(_ bytes: [UInt8]) -> Signature { configuration.signer.sign(bytes) }

    /// Asks the driver to check signatures, as many as there are; `verified` answers.
    public mutating func verify(_ checks: [SignatureCheck]) -> Token { issue { .verify(checks, $0) } }

    /// What `PersistingPolicy.persist` does.
    mutating func persist(_ batch: StoreBatch, format: UInt32) -> WriteToken {
        let token = writes.issue(for: module)
        effects.append(.persist(space(format), batch, token))
        return token
    }

    /// What `PersistingPolicy.read` does.
    mutating func read(_ query: StoreQuery, format: UInt32) -> Token {
        let space = space(format)
        return issue { .read(space, query, $0) }
    }

    private func space(_ format: UInt32) -> StoreSpace { StoreSpace(spaces[Int(module)], format: format) }

    /// Asks the driver for the addresses of a host's name; `resolved` answers.
    public mutating func resolve(_ name: String) -> Token { issue { .resolve(name, $0) } }

    private mutating func issue(_ effect: (Token) -> Effect) -> Token {
        let token = Token(number: nextToken)
        nextToken += 1
        owners[token] = module
        effects.append(effect(token))
        return token
    }

    // MARK: What the outside learns

    /// Tells logs, metrics, the why-ledger and traces.
    public mutating func observe(_ event: Event) { effects.append(.observe(event)) }

    /// A line for people; what machines want is an `Event` of its own.
    public mutating func note(_ level: NoteLevel, _ text: String) { observe(.note(level, text)) }
}
