import Collections
import Wire

/// Callers of one network of addresses who have proven no identity: port scanners, nodes of other networks, and peers that
/// did not get as far. What they claim to be is not kept.
///
/// JSON: `{"attempts":12,"ends":[{"count":12,"ended_by":"us","outcome":"refused","reason":"handshake-timeout"}],
/// "first_at":"2025-12-17T03:20:00Z","last_address":"203.0.113.9","last_at":"2025-12-17T03:23:00Z",
/// "network":"203.0.113.0/24"}`.
public struct CallerGroup: Sendable, Hashable {
    /// The first address of the network: an IPv4 /24, an IPv6 /48.
    public let network: IPAddress
    /// Ends and refusals that were filed here.
    public internal(set) var attempts: UInt64 = 0
    public let firstAt: WallTime
    public internal(set) var lastAt: WallTime
    /// Who of the network called last.
    public internal(set) var lastAddress: IPAddress
    /// How the attempts ended, in the order in which each way was first seen; sixteen ways at most.
    public internal(set) var ends: [ReasonCounts.End] = []
    /// When something was last filed here, on the node's monotonic clock.
    var touchedAt: Instant

    /// `203.0.113.0/24`.
    public var name: String { "\(network)/\(network.isVersion6 ? 48 : 24)" }
}

extension CallerGroup: Codable {
    private enum CodingKeys: String, CodingKey {
        case network
        case attempts
        case firstAt = "first_at"
        case lastAt = "last_at"
        case lastAddress = "last_address"
        case ends
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let name = try container.decode(String.self, forKey: .network)
        guard let network = IPAddress(String(name.prefix { $0 != "/" })) else {
            throw DecodingError.dataCorruptedError(
                forKey: .network, in: container, debugDescription: "a network is written as 203.0.113.0/24"
            )
        }
        self.network = network
        attempts = try container.decode(UInt64.self, forKey: .attempts)
        firstAt = try WallTime(written: container, .firstAt)
        lastAt = try WallTime(written: container, .lastAt)
        lastAddress = try container.decode(IPAddress.self, forKey: .lastAddress)
        ends = try container.decode([ReasonCounts.End].self, forKey: .ends)
        touchedAt = .zero
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(name, forKey: .network)
        try container.encode(attempts, forKey: .attempts)
        try container.encode(firstAt.written, forKey: .firstAt)
        try container.encode(lastAt.written, forKey: .lastAt)
        try container.encode(lastAddress, forKey: .lastAddress)
        try container.encode(ends, forKey: .ends)
    }

    public static func == (left: CallerGroup, right: CallerGroup) -> Bool {
        left.network == right.network && left.attempts == right.attempts && left.firstAt == right.firstAt
            && left.lastAt == right.lastAt && left.lastAddress == right.lastAddress && left.ends == right.ends
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(network)
        hasher.combine(attempts)
        hasher.combine(lastAt)
    }
}

/// The groups of callers that a node remembers: 256 at most, each for an hour after its last attempt.
struct CallerGroups: Sendable {
    static let limit = 256
    static let memory: Duration = .seconds(3_600)
    private static let waysOfOneGroup = 16

    private var groups: OrderedDictionary<IPAddress, CallerGroup> = [:]

    /// Files the end of an attempt from `address`.
    mutating func file(_ outcome: PeerOutcome, of address: IPAddress, at now: Instant) {
        let network = address.network
        if groups[network] == nil {
            forget(at: now)
            if groups.count >= Self.limit { forgetOldest() }
        }
        var group =
            groups[network]
            ?? CallerGroup(
                network: network, firstAt: outcome.at, lastAt: outcome.at, lastAddress: address, touchedAt: now
            )
        group.attempts += 1
        group.lastAt = outcome.at
        group.lastAddress = address
        group.touchedAt = now
        let end = ReasonCounts.End(outcome)
        if let index = group.ends.firstIndex(where: { $0.isSameWay(as: end) }) {
            group.ends[index].add()
        } else if group.ends.count < Self.waysOfOneGroup {
            group.ends.append(end)
        }
        groups[network] = group
    }

    /// Those that called within the last hour, the latest first.
    func recent(at now: Instant) -> [CallerGroup] {
        groups.values.filter { now - $0.touchedAt < Self.memory }
            .sorted { ($0.touchedAt, $0.network) > ($1.touchedAt, $1.network) }
    }

    private mutating func forget(at now: Instant) {
        groups.removeAll { now - $0.value.touchedAt >= Self.memory }
    }

    private mutating func forgetOldest() {
        guard let index = groups.values.indices.min(by: { groups.values[$0].touchedAt < groups.values[$1].touchedAt })
        else { return }
        groups.remove(at: index)
    }
}
