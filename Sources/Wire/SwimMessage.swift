/// One message of the SWIM detector (Das, Gupta and Motivala, DSN 2002, with Lifeguard's no-answer): a probe, what
/// comes of it, and on each of them some of what the sender has heard about others.
public struct SwimMessage: Sendable, Hashable {
    /// What a message is for.
    public enum Kind: UInt8, Sendable, Hashable, Codable, CaseIterable {
        /// Are you there?
        case probe = 1
        /// Yes; or, at the one who asked for an indirect probe, the subject is.
        case answer = 2
        /// Please probe the subject and tell me.
        case request = 3
        /// The subject has not answered yet, and I am there.
        case noAnswer = 4

        /// Whether a message of the kind names somebody.
        public var hasSubject: Bool { self == .request || self == .noAnswer }
    }

    /// What the message is for.
    public var kind: Kind
    /// The asker's number of the probe that the message belongs to.
    public var sequence: UInt64
    /// Whom an indirect probe is for; nil where the kind has none.
    public var subject: Identity?
    /// What the sender has heard about others, ``maximumClaims`` at most.
    public var claims: [SwimClaim]

    public init(kind: Kind, sequence: UInt64, subject: Identity?, claims: [SwimClaim]) {
        self.kind = kind
        self.sequence = sequence
        self.subject = subject
        self.claims = claims
    }

    /// More claims than these make a bad frame.
    public static let maximumClaims = 8
}

/// What somebody says about a member of the group.
public struct SwimClaim: Sendable, Hashable, Codable {
    /// How a member is, later cases outweighing earlier ones of the same incarnation.
    public enum Status: UInt8, Sendable, Hashable, Codable, CaseIterable {
        case alive = 1
        case suspected = 2
        case dead = 3
    }

    public var status: Status
    /// Whom it is about.
    public var subject: Identity
    /// The subject's own count of the times it spoke up for itself; a higher one outweighs every lower one.
    public var incarnation: UInt64
    /// Who says so: a suspicion that several have come to by themselves ends sooner.
    public var source: Identity

    public init(status: Status, subject: Identity, incarnation: UInt64, source: Identity) {
        self.status = status
        self.subject = subject
        self.incarnation = incarnation
        self.source = source
    }
}
