import Profile
import Wire

/// Something of a peer's that this node did not take, although the link went on.
///
/// JSON: `{"at":"2025-12-17T03:23:00Z","reason":"bad-signature","to":"block"}`.
public struct PeerObjection: Sendable, Hashable {
    /// What was not taken.
    public enum Kind: String, Sendable, Hashable, Codable {
        case block
        /// An address record that the peer told.
        case address
        /// A message to the peer or from it.
        case message
        /// Not a peer's: an own slot without a block. Counted, and filed under nobody.
        case slot
    }

    /// When, on this node's wall clock.
    public let at: WallTime
    public let kind: Kind
    /// The cause's word: of ``BlockRejection``, ``AddressRefusal`` or ``DropCause``.
    public let cause: String

    public init(at: WallTime, kind: Kind, cause: String) {
        self.at = at
        self.kind = kind
        self.cause = cause
    }

    /// `block not taken: bad-signature`, for people.
    public var inWords: String {
        kind == .message ? "message dropped: \(cause)" : "\(kind.rawValue) not taken: \(cause)"
    }
}

extension PeerObjection: Codable {
    private enum CodingKeys: String, CodingKey {
        case at
        case kind = "to"
        case cause = "reason"
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            at: try WallTime(written: container, .at), kind: try container.decode(Kind.self, forKey: .kind),
            cause: try container.decode(String.self, forKey: .cause)
        )
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(at.written, forKey: .at)
        try container.encode(kind, forKey: .kind)
        try container.encode(cause, forKey: .cause)
    }
}

extension WallTime {
    /// As files have it. A host whose clock stands before 1970 still gets a readable one.
    var written: String { TimestampText.format(milliseconds: max(0, milliseconds)) }

    init<Key: CodingKey>(written container: KeyedDecodingContainer<Key>, _ key: Key) throws {
        guard let milliseconds = TimestampText.parse(try container.decode(String.self, forKey: key)) else {
            throw DecodingError.dataCorruptedError(
                forKey: key, in: container, debugDescription: "a time is written as 2025-12-17T03:23:00Z"
            )
        }
        self.init(milliseconds: milliseconds)
    }
}
