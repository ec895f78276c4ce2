/// What became of those who called, since the node started. The JSON keys are the names in snake case.
public struct DoorCounters: Sendable, Hashable, Codable {
    /// Connections taken in.
    public var accepted: UInt64 = 0
    /// Connections turned away, before anything was done for them, because they came too fast.
    public var refusedTooFast: UInt64 = 0
    /// Connections turned away or dropped for want of places.
    public var refusedTooMany: UInt64 = 0
    /// Connections taken in that ended before the node heard of them: no TLS handshake came about.
    public var refusedHandshakes: UInt64 = 0
    /// Times the system could not give the node a connection, mostly for want of descriptors.
    public var acceptErrors: UInt64 = 0
    /// Times the listening socket was lost and bound again.
    public var listenerRestarts: UInt64 = 0
    /// Certificates made, over TLS.
    public var certificates: UInt64 = 0

    public init() {}

    private enum CodingKeys: String, CodingKey {
        case accepted
        case refusedTooFast = "refused_too_fast"
        case refusedTooMany = "refused_too_many"
        case refusedHandshakes = "refused_handshakes"
        case acceptErrors = "accept_errors"
        case listenerRestarts = "listener_restarts"
        case certificates
    }
}
