import Wire

/// Something that keeps a node from its work and does not mend itself.
///
/// JSON: `{"at":"2025-12-17T03:23:00Z","code":"identity-in-use","count":3,"remedy":"…"}`.
public struct StatusProblem: Sendable, Hashable {
    /// What is wrong. The raw value is a word for programs.
    public enum Code: String, Sendable, Hashable, Codable, CaseIterable, Comparable {
        /// Another process runs with this node's key.
        case identityInUse = "identity-in-use"
        /// Two processes run with the key of one masternode, which is another one than this node.
        case peerIdentityInUse = "peer-identity-in-use"
        /// A masternode's network file has another name.
        case wrongNetwork = "wrong-network"
        /// A masternode's network file, or what its profile says that all nodes must agree on, differs from this node's.
        case differentAgreement = "different-agreement"

        public static func < (left: Code, right: Code) -> Bool { left.rawValue < right.rawValue }

        /// What to do about it.
        public var remedy: String {
            switch self {
            case .identityInUse:
                "another process runs with this node's key; stop one of the two, and give each node a key of its own"
            case .peerIdentityInUse:
                "two processes take turns with that masternode's key; its operator has to stop one of them"
            case .wrongNetwork:
                "that masternode has another 'name' in its network file; compare the two files, and distribute one"
            case .differentAgreement:
                "that masternode holds another value of what all nodes must hold alike; the log and its peer entry name it"
            }
        }

        /// The problem that the end of a link, or of an attempt at one, tells of; nil where it tells of none.
        ///
        /// - Parameter isMember: whether the other end is a masternode of the network file, by its address. Strangers of
        ///   other networks are no problem of this node.
        init?(_ reason: Reason, by ender: LinkEnder, isMember: Bool) {
            switch reason {
            case .identityInUse where ender == .peer: self = .identityInUse
            case .identityInUse where isMember: self = .peerIdentityInUse
            case .wrongNetwork where isMember: self = .wrongNetwork
            case .differentAgreement where isMember: self = .differentAgreement
            default: return nil
            }
        }
    }

    public let code: Code
    /// When it was last seen, on this node's wall clock.
    public let at: WallTime
    /// How often it was seen since the node started.
    public let count: UInt64

    public init(code: Code, at: WallTime, count: UInt64) {
        self.code = code
        self.at = at
        self.count = count
    }
}

extension StatusProblem: Codable {
    private enum CodingKeys: String, CodingKey {
        case at
        case code
        case count
        case remedy
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            code: try container.decode(Code.self, forKey: .code), at: try WallTime(written: container, .at),
            count: try container.decode(UInt64.self, forKey: .count)
        )
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(at.written, forKey: .at)
        try container.encode(code, forKey: .code)
        try container.encode(count, forKey: .count)
        try container.encode(code.remedy, forKey: .remedy)
    }
}
