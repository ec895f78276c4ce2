import Wire

/// Whether a node can be dialled, as others found out.
public struct DialabilityStatus: Sendable, Hashable {
    /// Where it was dialled.
    public let address: Endpoint
    /// What the dial ended for; nil where the node that was meant answered.
    public let reason: Reason?
    /// Wall clock.
    public let at: WallTime

    init(_ word: Dialability, at wall: WallTime) {
        address = word.endpoint
        reason = word.reason
        at = wall
    }

    public var isReached: Bool { reason == nil }
}

extension DialabilityStatus: Codable {
    private enum CodingKeys: String, CodingKey {
        case at
        case address
        case isReached = "reached"
        case reason
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        at = try WallTime(written: container, .at)
        address = try container.decode(Endpoint.self, forKey: .address)
        reason = try container.decodeIfPresent(Reason.self, forKey: .reason)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(at.written, forKey: .at)
        try container.encode(address, forKey: .address)
        try container.encode(isReached, forKey: .isReached)
        try container.encodeIfPresent(reason, forKey: .reason)
    }
}
