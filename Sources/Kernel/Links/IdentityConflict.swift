import Wire

/// Another process runs with this node's key: a copy of its machine, or a standby that took over.
public struct IdentityConflict: Sendable, Hashable, Codable {
    /// This process started after the other one: it is the one that stops signing.
    public var isYounger: Bool
    /// Where the other one was seen; nil where only its doings were.
    public var endpoint: Endpoint?

    public init(isYounger: Bool, endpoint: Endpoint?) {
        self.isYounger = isYounger
        self.endpoint = endpoint
    }
}
