import Wire

/// A second process with a node's key, as operators see it.
///
/// JSON: `{"at":"2025-12-17T03:23:00Z","address":"198.51.100.7:24100"}`.
public struct OtherProcessStatus: Sendable, Hashable {
    /// When it was last seen, on this node's wall clock.
    public let at: WallTime
    /// Where; nil where only its doings were seen.
    public let address: Endpoint?
    /// This node's own key: whether this process is the younger one, which makes no blocks. Nil for a peer's key.
    public let isYounger: Bool?
}

extension OtherProcessStatus: Codable {
    private enum CodingKeys: String, CodingKey {
        case at
        case address
        case isYounger = "this_one_is_younger"
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        at = try WallTime(written: container, .at)
        address = try container.decodeIfPresent(Endpoint.self, forKey: .address)
        isYounger = try container.decodeIfPresent(Bool.self, forKey: .isYounger)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(at.written, forKey: .at)
        try container.encodeIfPresent(address, forKey: .address)
        try container.encodeIfPresent(isYounger, forKey: .isYounger)
    }
}
