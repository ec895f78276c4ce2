import Profile
import Wire

/// One entry of the why-ledger: how an attempt at a link, or a link, with a peer came to its end.
///
/// JSON: `{"at":"2025-12-17T03:23:00Z","outcome":"lost","reason":"duplicate","ended_by":"peer","peer_said":true,
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
    /// Who decided; nil in what an older version wrote of a dial that never connected.
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

    /// The reason is the peer's word, out of a refusal or a goodbye. Its host's end of stream says nothing.
    public var isPeersWord: Bool { Reason.isWord(reason, of: ender) }

    /// `lost: end-of-stream (by peer)`, `refused: duplicate (by us)`, `lost: shutdown (peer said)`, for tables.
    public var inWords: String { "\(kind.rawValue): \(reason.rawValue)" + (decider.map { " (\($0))" } ?? "") }

    /// Who decided, for people.
    public var decider: String? {
        if isPeersWord { return "peer said" }
        return ender.map { "by \($0.rawValue)" }
    }
}

extension Reason {
    /// Whether an end that `ender` made has the other end's own word for a reason.
    static func isWord(_ reason: Reason, of ender: LinkEnder?) -> Bool { ender == .peer && reason != .endOfStream }
}

extension PeerOutcome: Codable {
    private enum CodingKeys: String, CodingKey {
        case at
        case kind = "outcome"
        case reason
        case ender = "ended_by"
        case isPeersWord = "peer_said"
        case direction
        case link
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            at: try WallTime(written: container, .at),
            kind: try container.decode(Kind.self, forKey: .kind),
            reason: try container.decode(Reason.self, forKey: .reason),
            ender: try container.decodeIfPresent(LinkEnder.self, forKey: .ender),
            direction: try container.decodeIfPresent(LinkDirection.self, forKey: .direction),
            link: LinkID(number: try container.decode(UInt64.self, forKey: .link))
        )
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(at.written, forKey: .at)
        try container.encode(kind, forKey: .kind)
        try container.encode(reason, forKey: .reason)
        try container.encodeIfPresent(ender, forKey: .ender)
        if isPeersWord { try container.encode(true, forKey: .isPeersWord) }
        try container.encodeIfPresent(direction, forKey: .direction)
        try container.encode(link.number, forKey: .link)
    }
}
