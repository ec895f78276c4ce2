/// Whether one node could dial another where that one says that it listens.
public struct Dialability: Sendable, Hashable, Codable {
    /// Where the dial went.
    public var endpoint: Endpoint
    /// Nil: the node that was meant answered there. Else what the dial ended for.
    public var reason: Reason?

    public init(endpoint: Endpoint, reason: Reason?) {
        self.endpoint = endpoint
        self.reason = reason
    }
}
