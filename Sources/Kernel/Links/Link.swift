import Wire

/// Names one transport connection of a node, for ever: a generation number, never reused.
public struct LinkID: Sendable, Hashable, Comparable, Codable, CustomStringConvertible {
    public let number: UInt64

    /// A connection that the node never heard of: the number that no link has.
    public static let unknown = LinkID(number: 0)

    public init(number: UInt64) {
        self.number = number
    }

    public static func < (left: LinkID, right: LinkID) -> Bool { left.number < right.number }

    public var description: String { "#\(number)" }
}

/// Which end opened the connection.
public enum LinkDirection: String, Sendable, Hashable, Codable {
    case dialled
    case accepted
}

/// How far a link has come.
public enum LinkPhase: UInt8, Sendable, Hashable, Codable {
    /// The transport is being opened.
    case connecting
    /// The transport is open, the handshake is not done.
    case handshaking
    /// The handshake is done at this end.
    case up
    /// The link is over for every policy, yet its transport is still open: only the historical links policy leaves
    /// one so.
    case halfClosed
}

/// What the kernel knows of one link. Identity, direction and address are attributes; the key is the generation.
public struct Link: Sendable, Hashable {
    /// The generation.
    public let id: LinkID
    /// Which end opened it.
    public let direction: LinkDirection
    /// The other end's address: the one dialled, or the source of an accepted connection.
    public let remote: Endpoint
    /// Whom the dial was meant for; nil for accepted links and for dials to a bare address.
    public let expected: Identity?
    /// When the dial began or the connection was accepted.
    public let openedAt: Instant
    /// It is to become no link: whoever dialled wants to know whether the other end can be dialled. The outside is not
    /// told of it; what came of it is an event of its own.
    public internal(set) var isProbe: Bool
    /// The other end, once the handshake named it.
    public internal(set) var peer: Identity?
    /// The key that the transport itself proved (TLS), nil over plain TCP.
    public internal(set) var transportIdentity: Identity?
    /// How far the link has come.
    public internal(set) var phase: LinkPhase
    /// When the handshake was done.
    public internal(set) var upAt: Instant?
    /// We asked the transport to read no more.
    public internal(set) var isReadingStopped = false
    /// We sent our end of stream.
    public internal(set) var isWriteShut = false
    /// The peer's wall clock; nil where the handshake told nothing of it.
    public internal(set) var peerClock: PeerClock?

    /// A link as the kernel knew it, out of a checkpoint.
    package init(
        id: LinkID, direction: LinkDirection, remote: Endpoint, expected: Identity?, openedAt: Instant,
        isProbe: Bool = false, peer: Identity? = nil, transportIdentity: Identity? = nil, phase: LinkPhase,
        upAt: Instant? = nil, isReadingStopped: Bool = false, isWriteShut: Bool = false, peerClock: PeerClock? = nil
    ) {
        self.id = id
        self.direction = direction
        self.remote = remote
        self.expected = expected
        self.openedAt = openedAt
        self.isProbe = isProbe
        self.peer = peer
        self.transportIdentity = transportIdentity
        self.phase = phase
        self.upAt = upAt
        self.isReadingStopped = isReadingStopped
        self.isWriteShut = isWriteShut
        self.peerClock = peerClock
    }
}
