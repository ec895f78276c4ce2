import Wire

/// What a policy sees and how it acts while one callback runs. It cannot be kept: it is not copyable, and a policy
/// only ever borrows it.
public struct Context: ~Copyable {
    let node: Node
    let module: UInt8

    // MARK: What a policy may look at

    /// The node's monotonic clock.
    public var now: Instant { node.now }

    /// The node's wall clock, as far as it is right.
    public var wall: WallTime { node.wall }

    /// This node.
    public var identity: Identity { node.configuration.signer.identity }

    /// Where this node listens.
    public var endpoint: Endpoint { node.configuration.endpoint }

    /// Random number of this process start.
    public var incarnation: UInt64 { node.incarnation }

    /// Who is there, and what all agree on.
    public var network: NetworkView { node.configuration.network }

    /// Every link that has not ended, ordered by generation.
    public var links: LinkTable { node.table }

    /// The link of this generation, nil once it has ended.
    public func link(_ id: LinkID) -> Link? { node.table[id] }

    /// The transport's limit on opening a connection.
    public var connectTimeout: Duration { node.configuration.connectTimeout }

    // MARK: Random numbers, from this module's own stream

    /// An unbiased draw from `0 ..< bound`.
    public mutating func random(below bound: UInt64) -> UInt64 { node.streams[Int(module)].below(bound) }

    /// Sixty-four random bits.
    public mutating func randomBits() -> UInt64 { node.streams[Int(module)].next() }

    /// A draw from `0 ..< limit`.
    public mutating func random(below limit: Duration) -> Duration { node.streams[Int(module)].duration(below: limit) }

    // MARK: Timers

    /// Sets a timer, rounded up to the millisecond; setting the same one again replaces it.
    public mutating func schedule(_ timer: some PolicyTimer, at deadline: Instant) {
        node.timers.set(TimerHeap.Key(module: module, code: timer.code), at: deadline)
    }

    /// Sets a timer `delay` from now.
    public mutating func schedule(_ timer: some PolicyTimer, after delay: Duration) {
        schedule(timer, at: now + delay)
    }

    /// Forgets a timer; nothing happens where it is not set.
    public mutating func cancel(_ timer: some PolicyTimer) {
        node.timers.cancel(TimerHeap.Key(module: module, code: timer.code))
    }

    // MARK: Links

    /// Opens a transport to `endpoint` and returns the new link's generation.
    public mutating func open(_ endpoint: Endpoint, expecting identity: Identity?) -> LinkID {
        node.open(endpoint, expecting: identity)
    }

    /// Sends over this very link, behind everything sent before; with `token`, only once that write is durable.
    public mutating func send(_ message: Message, over link: LinkID, after token: Token? = nil) {
        node.send(message, over: link, after: token)
    }

    /// Sends to a peer over the link that the links policy routes it by. Dropped, and said so, where there is none.
    public mutating func send(_ message: Message, to peer: Identity, after token: Token? = nil) {
        node.defer(.sendTo(peer, message, token))
    }

    /// Answers a message of `link` over the link that the links policy routes answers by.
    public mutating func reply(_ message: Message, to link: LinkID) {
        node.defer(.replyTo(link, message))
    }

    /// Says that the handshake of `link` is done and who is there.
    public mutating func markUp(_ link: LinkID, peer: Identity) { node.markUp(link, peer: peer) }

    /// Notes who the other end of a link says it is, before the link is up.
    public mutating func identify(_ link: LinkID, as peer: Identity) {
        node.table.update(link) { $0.peer = peer }
    }

    /// Ends a link: what was sent goes out, then both ways are closed.
    public mutating func close(_ link: LinkID, _ reason: Reason, by ender: LinkEnder = .us) {
        node.close(link, reason, by: ender)
    }

    /// Ends a link for every policy and reads no more from it, yet leaves its transport open until `close`.
    public mutating func retire(_ link: LinkID, _ reason: Reason, by ender: LinkEnder) {
        node.retire(link, reason, by: ender)
    }

    /// Sends our end of stream and goes on reading.
    public mutating func shutdownWrite(_ link: LinkID) { node.shutdownWrite(link) }

    /// Reads no more from this link.
    public mutating func stopReading(_ link: LinkID) { node.stopReading(link) }

    /// Asks the host's TCP for these options.
    public mutating func setSocketOptions(_ options: SocketOptions, on link: LinkID) {
        node.effects.append(.socketOptions(link, options))
    }

    /// Tells the links policy that a link is dead.
    public mutating func declareDead(_ link: LinkID, _ reason: Reason) { node.defer(.dead(link, reason)) }

    // MARK: Discovery

    /// Says which peers this module wants now, in this order, in place of what it said before.
    public mutating func want(_ wishes: [Wish], _ pass: DiscoveryPass) {
        node.defer(.wanted(wishes, source: Int(module), pass))
    }

    // MARK: Services of the driver

    /// This node's signature of `bytes`.
    public func sign(_ bytes: [UInt8]) -> Signature { node.configuration.signer.sign(bytes) }

    /// Asks the driver to check signatures, 64 at most; `verified` answers.
    public mutating func verify(_ checks: [SignatureCheck]) -> Token {
        precondition(checks.count <= 64, "at most 64 signatures in one batch")
        return node.issue(for: module) { .verify(checks, $0) }
    }

    /// Asks the driver to make a batch durable; `persisted` answers.
    public mutating func persist(_ batch: StoreBatch) -> Token { node.issue(for: module) { .persist(batch, $0) } }

    /// Asks the store; `rows` answers.
    public mutating func read(_ query: StoreQuery) -> Token { node.issue(for: module) { .read(query, $0) } }

    // MARK: What the outside learns

    /// Tells logs, metrics, the why-ledger and traces.
    public mutating func observe(_ event: Event) { node.effects.append(.observe(event)) }

    /// A line for people; what machines want is an `Event` of its own.
    public mutating func note(_ level: NoteLevel, _ text: String) { observe(.note(level, text)) }
}
