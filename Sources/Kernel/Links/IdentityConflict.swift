import Wire

/// Another process runs with this node's key: a copy of its machine, or a standby that took over.
///
/// Of the two, the one that started later by what both say of themselves is the younger one; where both say the same
/// moment, the one with the higher incarnation. The order needs no agreement about clocks: everybody who compares the two
/// statements comes to the same one. The younger one makes no blocks and casts no votes as long as it hears of the older one.
public struct IdentityConflict: Sendable, Hashable, Codable {
    /// This process started after the other one: it is the one that stops signing.
    public var isYounger: Bool
    /// Where the other one was seen; nil where only its doings were.
    public var endpoint: Endpoint?
    /// The other process's random number; nil where it has not told.
    public var incarnation: UInt64?
    /// When the other process started, by its own wall clock; nil where it has not told.
    public var startedAt: WallTime?

    public init(
        isYounger: Bool, endpoint: Endpoint?, incarnation: UInt64? = nil, startedAt: WallTime? = nil
    ) {
        self.isYounger = isYounger
        self.endpoint = endpoint
        self.incarnation = incarnation
        self.startedAt = startedAt
    }
}
