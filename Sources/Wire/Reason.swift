/// The machine-readable cause of a refusal or of a link's end. The raw value is the word on the wire, in logs and
/// in reports; a peer's word that this version does not know reads as `.other`.
public enum Reason: String, Sendable, Hashable, CaseIterable {
    // The transport.
    case connectionRefused = "connection-refused"
    case connectTimeout = "connect-timeout"
    case unreachable
    case reset
    case endOfStream = "end-of-stream"
    case timedOut = "timed-out"
    case transportFailed = "transport-failed"
    case tlsFailed = "tls-failed"
    case tlsTimeout = "tls-timeout"
    case certificateExpired = "certificate-expired"

    // The handshake.
    case handshakeTimeout = "handshake-timeout"
    case unexpectedMessage = "unexpected-message"
    case protocolVersion = "protocol-version"
    case wrongNetwork = "wrong-network"
    /// Something that all nodes of a network must hold alike differs: the log names it.
    case differentAgreement = "different-agreement"
    case wrongIdentity = "wrong-identity"
    case badSignature = "bad-signature"
    case selfConnection = "self-connection"
    case identityInUse = "identity-in-use"
    case staleDial = "stale-dial"
    case tooManyLinks = "too-many-links"
    case tooFast = "too-fast"

    // Admission.
    /// Earlier conduct, or that of its address.
    case banned
    /// Somebody with more merit, or a masternode, needed the place.
    case evicted
    /// More was said than the peer's share, for longer than a burst explains.
    case rateLimited = "rate-limited"

    // Two links of one pair.
    case duplicate
    case glare
    case superseded
    case replaced

    // Liveness.
    case pingTimeout = "ping-timeout"
    case silent

    // Limits and frames.
    case badFrame = "bad-frame"
    case frameTooLarge = "frame-too-large"
    case queueFull = "queue-full"
    case tooManyMessages = "too-many-messages"

    // Our own will.
    case notWanted = "not-wanted"
    case shutdown
    case other
}
