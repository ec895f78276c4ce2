import Profile
import Wire

/// One entry of the why-ledger: how an attempt at a link, or a link, with a peer came to its end.
///
/// JSON: `{"at":"2025-12-17T03:23:00Z","outcome":"lost","reason":"end-of-stream","ended_by":"peer",
/// "direction":"dialled","link":7}`; what is not known is left out.
public struct PeerOutcome: Sendable, Hashable {
    /// What came to its end.
    public enum Kind: String, Sendable, Hashable, Codable {
        /// A link that was up.
        case lost
        /// A connection whose handshake was not done.
        case failed
        /// We turned the peer's dial away.
        case refused
        /// Our dial got no connection.
        case dialFailed = "dial-failed"
    }

    /// When, on this node's wall clock.
    public let at: WallTime
    public let kind: Kind
    public let reason: Reason
    /// Who ended it; nil for a dial that never connected.
    public let ender: LinkEnder?
    public let direction: LinkDirection?
    /// Generation of the link.
    public let link: LinkID

    public init(
        at: WallTime, kind: Kind, reason: Reason, ender: LinkEnder?, direction: LinkDirection?, link: LinkID
    ) {
        self.at = at
        self.kind = kind
        self.reason = reason
        self.ender = ender
        self.direction = direction
        self.link = link
    }

    /// `lost: end-of-stream (by peer)`, for tables.
    public var inWords: String {
        "\(kind.rawValue): \(reason.rawValue)" + (ender.map { " (by \($0.rawValue))" } ?? "")
    }
}

extension PeerOutcome: Codable {
    private enum CodingKeys: String, CodingKey {
        case at
        case kind = "outcome"
        case reason
        case ender = "ended_by"
        case direction
        case link
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        guard let milliseconds = TimestampText.parse(try container.decode(String.self, forKey: .at)) else {
            throw DecodingError.dataCorruptedError(
                forKey: .at, in: container, debugDescription: "a time is written as 2025-12-17T03:23:00Z"
            )
        }
        self.init(
            at: WallTime(milliseconds: milliseconds),
            kind: try container.decode(Kind.self, forKey: .kind),
            reason: try container.decode(Reason.self, forKey: .reason),
            ender: try container.decodeIfPresent(LinkEnder.self, forKey: .ender),
            direction: try container.decodeIfPresent(LinkDirection.self, forKey: .direction),
            link: LinkID(number: try container.decode(UInt64.self, forKey: .link))
        )
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        // A host whose clock stands before 1970 still gets a readable file.
        try container.encode(TimestampText.format(milliseconds: max(0, at.milliseconds)), forKey: .at)
        try container.encode(kind, forKey: .kind)
        try container.encode(reason, forKey: .reason)
        try container.encodeIfPresent(ender, forKey: .ender)
        try container.encodeIfPresent(direction, forKey: .direction)
        try container.encode(link.number, forKey: .link)
    }
}
