import Wire

/// What a peer is filed under: its identity once it is proven or known from elsewhere, else where it was dialled. Callers
/// that have proven nothing are filed in a ``CallerGroup``.
public enum PeerKey: Sendable, Hashable, Comparable {
    case identity(Identity)
    case address(Endpoint)

    public static func < (left: PeerKey, right: PeerKey) -> Bool {
        switch (left, right) {
        case (.identity(let left), .identity(let right)): left < right
        case (.address(let left), .address(let right)): left < right
        case (.identity, .address): true
        case (.address, .identity): false
        }
    }
}

/// One peer in the why-ledger.
public struct PeerRecord: Sendable, Hashable {
    public let key: PeerKey
    /// Where it was last dialled or called from.
    public internal(set) var endpoint: Endpoint
    /// When something was last filed here.
    public internal(set) var touchedAt: Instant
    public internal(set) var tallies = PeerTallies()
    /// The last sixteen ends and refusals, oldest first.
    public internal(set) var outcomes: [PeerOutcome] = []
    /// The last sixteen things of the peer's that were not taken, oldest first.
    public internal(set) var objections: [PeerObjection] = []

    /// What our last probe of the peer found.
    public internal(set) var probe: DialabilityStatus?
    /// Where a second process with the peer's key was last seen, and when.
    public internal(set) var otherProcess: OtherProcessStatus?
    /// What the peer holds otherwise than this node, of what all nodes must hold alike; nil once a link is up.
    public internal(set) var difference: String?

    mutating func file(_ objection: PeerObjection) {
        objections.append(objection)
        if objections.count > StatusLedger.outcomeLimit { objections.removeFirst() }
    }

    mutating func file(_ outcome: PeerOutcome) {
        outcomes.append(outcome)
        if outcomes.count > StatusLedger.outcomeLimit { outcomes.removeFirst() }
    }

    /// Takes over what was filed before the identity was known.
    mutating func absorb(_ other: PeerRecord) {
        tallies.add(other.tallies)
        let merged = (outcomes + other.outcomes).sorted { $0.at < $1.at }
        outcomes = Array(merged.suffix(StatusLedger.outcomeLimit))
        objections = Array((objections + other.objections).sorted { $0.at < $1.at }.suffix(StatusLedger.outcomeLimit))
    }
}

/// How often something happened with one peer.
public struct PeerTallies: Sendable, Hashable, Codable {
    public internal(set) var dials: UInt64 = 0
    public internal(set) var dialFailures: UInt64 = 0
    public internal(set) var linksUp: UInt64 = 0
    public internal(set) var linksLost: UInt64 = 0
    public internal(set) var refusals: UInt64 = 0

    public init() {}

    private enum CodingKeys: String, CodingKey {
        case dials
        case dialFailures = "dial_failures"
        case linksUp = "links_up"
        case linksLost = "links_lost"
        case refusals
    }

    mutating func add(_ other: PeerTallies) {
        dials += other.dials
        dialFailures += other.dialFailures
        linksUp += other.linksUp
        linksLost += other.linksLost
        refusals += other.refusals
    }
}
