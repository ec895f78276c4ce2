import Collections
import Wire

/// Folds a node's events into counters and, per peer, the reasons why links ended or never came up and why something that
/// the peer sent was not taken: the why-ledger.
///
/// Only a proven identity gets an entry of its own: one whose link was up, one that this node dialled by it, or a
/// masternode's at its own address. Other callers are filed by their networks of addresses.
///
/// Bounded, whatever strangers do: 1,024 peers with sixteen outcomes and sixteen objections each, and 256 groups of callers.
/// A new peer beyond that takes the place of those that were quiet longest, masternodes last.
public struct StatusLedger: Sendable {
    /// How many peers are remembered.
    public static let peerLimit = 1_024
    /// So many strangers are forgotten at a time: a look at all that are remembered for each new one would be most of what a
    /// flood of strangers costs the node's loop.
    static let forgottenAtOnce = 64
    /// How many outcomes of one peer are remembered.
    public static let outcomeLimit = 16
    /// How many open attempts are remembered; an event of a forgotten one is filed under its address.
    private static let attemptLimit = 4_096

    public private(set) var counters = StatusCounters()
    /// How often each reason was given.
    public private(set) var reasons = ReasonCounts()
    /// Whether others can dial this node; nil while too few have said.
    public private(set) var dialability: DialabilityStatus?
    /// What each discovery module said last which peers it wants, in the order in which they first spoke.
    public private(set) var wishes: [ModuleWishes] = []
    /// What keeps this node from its work and does not mend itself, ordered by code.
    public private(set) var problems: [StatusProblem] = []
    private var callers = CallerGroups()
    /// Another process with this node's own key; nil while none is heard of.
    public private(set) var otherProcess: OtherProcessStatus?
    private var records: OrderedDictionary<PeerKey, PeerRecord> = [:]
    /// Under which key each link that has not ended is filed, in the order of their generations.
    private var attempts: [(link: LinkID, key: PeerKey)] = []
    /// A refusal is followed by the end of its link, which is the same news.
    private var lastRefused: LinkID?
    /// The network's masternodes are recognised by their addresses.
    public var network: NetworkView

    /// An empty ledger; the network's masternodes are recognised by their addresses.
    public init(network: NetworkView) {
        self.network = network
    }

    /// Every peer that something was filed about, in the order of their keys.
    public var peers: [PeerRecord] { records.values.sorted { $0.key < $1.key } }

    /// What was filed under `key`.
    public func peer(_ key: PeerKey) -> PeerRecord? { records[key] }

    /// Callers of the last hour that have proven no identity, the latest first.
    public func callers(at now: Instant) -> [CallerGroup] { callers.recent(at: now) }

    /// Takes one event in.
    public mutating func record(_ event: Event, at now: Instant, wall: WallTime) {
        counters.count(event)
        switch event {
        case .dialStarted(let link, let endpoint, let identity):
            let key = key(dialled: identity, endpoint)
            remember(link, key)
            update(key, endpoint, now) { $0.tallies.dials += 1 }
        case .dialFailed(let link, let endpoint, let reason):
            let key = forget(link) ?? key(dialled: nil, endpoint)
            // Over TLS we may find somebody else there; whatever else stops a dial, this node did not decide it.
            let outcome = PeerOutcome(
                at: wall, kind: .dialFailed, reason: reason, ender: reason.deciderOfDial,
                direction: .dialled, link: link
            )
            reasons.count(outcome)
            update(key, endpoint, now) {
                $0.tallies.dialFailures += 1
                $0.file(outcome)
            }
        case .linkUp(let link, let identity, let endpoint, let direction):
            linkUp(link, identity, endpoint, direction, now)
        case .linkEnded(let link, let identity, let endpoint, let reason, let ender, let wasUp, let direction):
            let outcome = PeerOutcome(
                at: wall, kind: wasUp ? .lost : .failed, reason: reason, ender: ender, direction: direction, link: link
            )
            linkEnded(outcome, identity, endpoint, now)
        case .refused(let link, let identity, let endpoint, let reason):
            lastRefused = link
            let outcome = PeerOutcome(
                at: wall, kind: .refused, reason: reason, ender: .us, direction: .accepted, link: link
            )
            note(outcome, identity, endpoint)
            file(outcome, key(caller: identity, endpoint), endpoint, now) { $0.tallies.refusals += 1 }
        case .probed(let identity, let found):
            records[.identity(identity)]?.probe = DialabilityStatus(found, at: wall)
        case .dialability(let word, _): dialability = DialabilityStatus(word, at: wall)
        case .wanted(let wished, let module, _): file(ModuleWishes(module: module, wishes: wished, at: wall))
        default:
            compare(event, now, wall)
            object(event, now, wall)
        }
    }

    /// Takes in what a handshake told of this node or of the peer: another process, another agreement.
    private mutating func compare(_ event: Event, _ now: Instant, _ wall: WallTime) {
        switch event {
        case .twoProcesses(let identity, let kept, let refused):
            update(.identity(identity), kept, now) {
                $0.otherProcess = OtherProcessStatus(at: wall, address: refused, isYounger: nil)
            }
        case .identityConflict(let conflict):
            otherProcess = conflict.map {
                OtherProcessStatus(at: wall, address: $0.endpoint, isYounger: $0.isYounger)
            }
        case .agreementDiffers(let link, let identity, let endpoint, let value):
            // An address that nobody proved gets no record of a peer.
            guard let key = filed(link) ?? key(caller: identity, endpoint) else { return }
            update(key, endpoint, now) { $0.difference = value }
        default: break
        }
    }

    private mutating func file(_ told: ModuleWishes) {
        wishes.removeAll { $0.module == told.module && told.wishes.isEmpty }
        if let place = wishes.firstIndex(where: { $0.module == told.module }) {
            wishes[place] = told
        } else if !told.wishes.isEmpty {
            wishes.append(told)
        }
    }

    /// What did not end a link and came to nothing all the same.
    private mutating func object(_ event: Event, _ now: Instant, _ wall: WallTime) {
        switch event {
        case .messageDropped(let link, let channel, let cause):
            reasons.count(channel, cause)
            file(PeerObjection(at: wall, kind: .message, cause: cause.rawValue), link.flatMap(filed), now)
        case .addressRefused(let link, _, let cause):
            reasons.count(.address, cause.rawValue)
            file(PeerObjection(at: wall, kind: .address, cause: cause.rawValue), filed(link), now)
        case .blockRejected(let identity, let cause):
            reasons.count(.block, cause.rawValue)
            file(
                PeerObjection(at: wall, kind: .block, cause: cause.rawValue), identity.map(PeerKey.identity), now
            )
        case .equivocated(let identity, _):
            let cause = DropCause.equivocation.rawValue
            reasons.count(.block, cause)
            file(PeerObjection(at: wall, kind: .block, cause: cause), .identity(identity), now)
        case .ownSlotSkipped(_, let cause): reasons.count(.slot, cause.rawValue)
        default: break
        }
    }

    /// Files under a peer that is known already: an objection alone is no reason to remember a stranger.
    private mutating func file(_ objection: PeerObjection, _ key: PeerKey?, _ now: Instant) {
        guard let key else { return }
        records[key]?.touchedAt = now
        records[key]?.file(objection)
    }

    private mutating func linkUp(
        _ link: LinkID, _ identity: Identity, _ endpoint: Endpoint, _ direction: LinkDirection, _ now: Instant
    ) {
        let key = PeerKey.identity(identity)
        let before = forget(link) ?? (direction == .dialled ? self.key(dialled: nil, endpoint) : key)
        // A dial to a bare address has learnt whom it reached.
        if before != key, direction == .dialled, let record = records.removeValue(forKey: before) {
            update(key, endpoint, now) { $0.absorb(record) }
        }
        remember(link, key)
        update(key, endpoint, now) {
            $0.tallies.linksUp += 1
            $0.difference = nil
        }
    }

    private mutating func linkEnded(
        _ outcome: PeerOutcome, _ identity: Identity?, _ endpoint: Endpoint, _ now: Instant
    ) {
        let filed = forget(outcome.link)
        if lastRefused == outcome.link, outcome.kind == .failed, outcome.link != .unknown { return }
        note(outcome, identity, endpoint)
        // What was up has proven its identity, and whom this node dialled it knew; a caller has only claimed one.
        let isKnown = outcome.kind == .lost || outcome.direction == .dialled
        let key =
            (isKnown ? identity.map { .identity($0) } : nil) ?? filed
            ?? (outcome.direction == .dialled ? key(dialled: nil, endpoint) : key(caller: identity, endpoint))
        file(outcome, key, endpoint, now) { if outcome.kind == .lost { $0.tallies.linksLost += 1 } }
    }

    /// Counts an end, and notes where it is a problem of this node's.
    private mutating func note(_ outcome: PeerOutcome, _ identity: Identity?, _ endpoint: Endpoint) {
        reasons.count(outcome)
        let isMember = network.masternode(identity, at: endpoint.ip) != nil
        guard let ender = outcome.ender, let code = StatusProblem.Code(outcome.reason, by: ender, isMember: isMember)
        else { return }
        if let index = problems.firstIndex(where: { $0.code == code }) {
            problems[index] = StatusProblem(code: code, at: outcome.at, count: problems[index].count + 1)
        } else {
            problems.append(StatusProblem(code: code, at: outcome.at, count: 1))
            problems.sort { $0.code < $1.code }
        }
    }

    // MARK: Keys

    /// Under what a dial of this node is filed.
    private func key(dialled identity: Identity?, _ endpoint: Endpoint) -> PeerKey {
        if let identity { return .identity(identity) }
        if let known = network.masternodes.first(where: { $0.endpoint == endpoint }) {
            return .identity(known.identity)
        }
        return .address(endpoint)
    }

    /// Under what a caller is filed that has only said who it is; nil where it shares a place with its neighbours.
    private func key(caller identity: Identity?, _ endpoint: Endpoint) -> PeerKey? {
        guard let identity else { return nil }
        let key = PeerKey.identity(identity)
        if network.masternode(identity)?.endpoint?.ip == endpoint.ip { return key }
        // A peer whose link was up from there before.
        guard let record = records[key], record.endpoint.ip == endpoint.ip else { return nil }
        return key
    }

    private mutating func remember(_ link: LinkID, _ key: PeerKey) {
        attempts.append((link, key))
        if attempts.count > Self.attemptLimit { attempts.removeFirst() }
    }

    /// Under which key a link that has not ended is filed.
    private func filed(_ link: LinkID) -> PeerKey? { attempts.last { $0.link == link }?.key }

    private mutating func forget(_ link: LinkID) -> PeerKey? {
        guard let index = attempts.firstIndex(where: { $0.link == link }) else { return nil }
        return attempts.remove(at: index).key
    }

    private mutating func file(
        _ outcome: PeerOutcome, _ key: PeerKey?, _ endpoint: Endpoint, _ now: Instant,
        _ change: (inout PeerRecord) -> Void
    ) {
        guard let key else { return callers.file(outcome, of: endpoint.ip, at: now) }
        update(key, endpoint, now) {
            change(&$0)
            $0.file(outcome)
        }
    }

    private mutating func update(
        _ key: PeerKey, _ endpoint: Endpoint, _ now: Instant, _ change: (inout PeerRecord) -> Void
    ) {
        if records[key] == nil, records.count >= Self.peerLimit { evict() }
        var record = records[key] ?? PeerRecord(key: key, endpoint: endpoint, touchedAt: now)
        record.endpoint = endpoint
        record.touchedAt = now
        change(&record)
        records[key] = record
    }

    /// Makes room: forgets the strangers that were quiet longest, half of them at most, or the one masternode where there
    /// is nobody else.
    private mutating func evict() {
        let order = records.values.enumerated()
            .map { (index: $0, isMember: isMasternode($1.key), touchedAt: $1.touchedAt) }
            .sorted {
                if $0.isMember != $1.isMember { return $1.isMember }
                return ($0.touchedAt, $0.index) < ($1.touchedAt, $1.index)
            }
        let strangers = order.prefix { !$0.isMember }.count
        var isDoomed = Array(repeating: false, count: order.count)
        for entry in order.prefix(max(1, min(Self.forgottenAtOnce, strangers / 2))) { isDoomed[entry.index] = true }
        var kept = OrderedDictionary<PeerKey, PeerRecord>(minimumCapacity: Self.peerLimit)
        for (index, record) in records.values.enumerated() where !isDoomed[index] { kept[record.key] = record }
        records = kept
    }

    private func isMasternode(_ key: PeerKey) -> Bool {
        guard case .identity(let identity) = key else { return false }
        return network.masternode(identity) != nil
    }
}
