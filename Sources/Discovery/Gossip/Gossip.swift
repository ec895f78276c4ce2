import Collections
import Kernel
import Wire

/// discovery `gossip`: learns from peers where nodes are, tells them, and remembers it.
///
/// It wants nobody for itself, but for a test now and then: what it knows it offers to the modules that do the wanting.
/// Records are signed by whom they are about, so a peer can keep one back but not make one up. What a peer may say and
/// ask is metered per link, and nothing that strangers say can take the place of a masternode (``AddressBook``).
public struct Gossip: DiscoveryPolicy {
    public typealias Messages = GossipMessage

    /// What the profile says.
    public let options: GossipOptions
    public var state = State()

    /// A module that has not started.
    public init(options: GossipOptions) {
        self.options = options
    }

    /// What comes at a time.
    public enum Timer: PolicyTimer {
        /// Tidy up, ask somebody, say what is known.
        case pass
        /// Our own record gets old, or has to be topped.
        case renew
        /// Changes of the book go to the store.
        case save

        public var code: TimerCode {
            switch self {
            case .pass: TimerCode(kind: 0)
            case .renew: TimerCode(kind: 1)
            case .save: TimerCode(kind: 2)
            }
        }

        public init?(code: TimerCode) {
            switch code.kind {
            case 0: self = .pass
            case 1: self = .renew
            case 2: self = .save
            default: return nil
            }
        }
    }

    // MARK: The course of things

    /// The book is in the store; of an earlier process only what its peers may know is left, and where it found them.
    public mutating func start(_ context: inout Context) {
        let (sequence, anchors) = (state.sequence, state.anchors)
        state = State()
        state.sequence = sequence
        state.anchors = anchors
        state.book = AddressBook(key: BookKey(first: context.randomBits(), second: context.randomBits()))
        load(from: 0, &context)
    }

    /// Who is a masternode may have changed, and what we advertise.
    public mutating func reconfigured(_ context: inout Context) {
        for index in state.peers.values.indices {
            let identity = state.peers.values[index].identity
            state.peers.values[index].isMember = context.network.masternode(identity) != nil
        }
        let network = context.network
        state.book.regroup(now: context.wall.milliseconds) { network.masternode($0) != nil }
        guard state.loading == nil else { return }
        renewIfMoved(&context)
        offer(&context)
        saveSoon(&context)
    }

    /// The store has said what it has: from here on we speak.
    mutating func begin(_ context: inout Context) {
        state.loading = nil
        state.book.expire(now: context.wall.milliseconds)
        for identity in state.anchors where state.book.entry(identity) == nil {
            state.anchors.removeAll { $0 == identity }
        }
        renew(&context)
        for (link, peer) in state.peers {
            askIfChosen(link, &context)
            if let limit = peer.owed { answer(link, limit, &context) }
        }
        offer(&context)
        context.schedule(Timer.pass, after: options.interval)
        saveSoon(&context)
    }

    public mutating func fired(_ timer: Timer, _ context: inout Context) {
        switch timer {
        case .pass:
            pass(&context)
            context.schedule(Timer.pass, after: options.interval)
        case .renew: renew(&context)
        case .save:
            state.isSaveSet = false
            save(&context)
        }
    }

    private mutating func pass(_ context: inout Context) {
        let now = context.wall.milliseconds
        renewIfClockMoved(&context)
        state.book.expire(now: now)
        for (id, peer) in state.peers where peer.isDialled {
            if let link = context.link(id) { state.book.reached(peer.identity, at: link.remote, now: now) }
        }
        state.book.settleContests(now: now)
        test(&context)
        askSomebody(&context)
        noteAnchors()
        offer(&context)
        saveSoon(&context)
    }

    public mutating func linkUp(_ link: Link, _ context: inout Context) {
        guard let identity = link.peer else { return }
        let isDialled = link.direction == .dialled
        state.peers[link.id] = Peer(
            identity: identity, group: AddressGroup(link.remote.ip), isDialled: isDialled,
            isMember: context.network.masternode(identity) != nil, credit: options.burst, creditAt: context.now
        )
        if isDialled { state.book.reached(identity, at: link.remote, now: context.wall.milliseconds) }
        guard state.loading == nil else { return }
        saveSoon(&context)
        if let own = state.own { context.send(Messages.addresses([own]), over: link.id) }
        askIfChosen(link.id, &context)
    }

    public mutating func linkDown(_ link: Link, _ reason: Reason, _ context: inout Context) {
        state.peers[link.id] = nil
    }

    public mutating func dialEnded(_ link: Link, _ reason: Reason, _ context: inout Context) {
        // While nobody is reached the fault is more likely ours.
        guard let identity = link.expected, reason.blamesAddress, !state.peers.isEmpty else { return }
        state.book.missed(identity, at: link.remote, now: context.wall.milliseconds)
        saveSoon(&context)
    }

    public mutating func shutdown(_ context: inout Context) {
        noteAnchors()
        if state.loading == nil { saveAll(&context) }
    }

    // MARK: What other modules learn

    /// Members first; then strangers: those that we have dialled links to, so that they stay wanted, the anchors of the
    /// last run, a fresh draw, and those that dialled us, who choose themselves.
    mutating func offer(_ context: inout Context) {
        let own = context.identity
        var candidates: [Candidate] = []
        for (identity, entry) in state.book.members where identity != own {
            candidates.append(Candidate(identity: identity, endpoints: entry.endpoints))
        }
        let linked = state.peers.values.filter { !$0.isMember }
        let dialled = linked.filter { $0.isDialled }.map(\.identity)
        let callers = linked.filter { !$0.isDialled }.map(\.identity)
        let drawn = state.book.strangers(options.offer, now: context.wall.milliseconds) { context.random(below: $0) }
            .map(\.record.identity)
        var told: OrderedSet<Identity> = [own]
        for identity in dialled + state.anchors + drawn + callers where told.append(identity).inserted {
            guard let entry = state.book.entry(identity) else { continue }
            candidates.append(Candidate(identity: identity, endpoints: entry.endpoints))
        }
        context.offer(candidates)
    }

    /// Has those dialled whose place somebody else has earned.
    private mutating func test(_ context: inout Context) {
        let tests = state.book.underTest.map {
            Wish(identity: $0.identity, endpoint: $0.endpoint, isMasternode: false)
        }
        guard tests != state.tests else { return }
        state.tests = tests
        context.want(tests, .periodic)
    }

    /// The strangers we have dialled links to: where the next run begins.
    private mutating func noteAnchors() {
        let linked = state.peers.values.filter { $0.isDialled && !$0.isMember }.map(\.identity)
            .filter { state.book.entry($0) != nil }
        guard !linked.isEmpty else { return }
        let kept = state.anchors.filter(linked.contains)
        let anchors = Array((kept + linked.filter { !kept.contains($0) }).prefix(options.anchors))
        guard anchors != state.anchors else { return }
        state.anchors = anchors
        state.isHeadUnsaved = true
    }
}

extension Reason {
    /// Whether a dial that ended so says that its address is not, or no longer, the peer's.
    var blamesAddress: Bool {
        switch self {
        case .connectionRefused, .connectTimeout, .unreachable, .reset, .endOfStream, .timedOut, .transportFailed,
            .tlsFailed, .tlsTimeout, .certificateExpired, .handshakeTimeout, .protocolVersion, .wrongNetwork,
            .wrongIdentity, .badSignature, .badFrame,
            .frameTooLarge, .unexpectedMessage, .selfConnection:
            true
        default: false
        }
    }

    /// Whether a dial that ended so makes it the turn of the peer's next address. A refusal says nothing of the address,
    /// and comes from somebody who has proven nothing: it must not pin a peer to where another one listens.
    var movesTurn: Bool {
        switch self {
        case .tooManyLinks, .tooFast, .banned, .rateLimited, .other: true
        default: blamesAddress
        }
    }
}
