import Kernel
import Wire

/// One message of the SWIM detector (Das, Gupta and Motivala, DSN 2002, with Lifeguard's no-answer): a probe, what
/// comes of it, and on each of them some of what the sender has heard about others.
public struct SwimMessage: ModuleMessage {
    /// What a message is for.
    public enum Kind: UInt32, MessageKind, Codable {
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

        public var traits: MessageTraits {
            switch self {
            case .probe: MessageTraits("probe", limit: 900, sendClass: .control)
            case .answer: MessageTraits("answer", limit: 900, sendClass: .control)
            case .request: MessageTraits("probe-request", limit: 900, sendClass: .control)
            case .noAnswer: MessageTraits("no-answer", limit: 900, sendClass: .control)
            }
        }
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

    // MARK: On the wire

    public static let scope = MessageScope(.liveness, "swim")

    public static let samples: [SwimMessage] = Kind.allCases.map { kind in
        let (subject, source) = (Identity(key: Bytes32(1, 2, 3, 4)), Identity(key: Bytes32(5, 6, 7, 8)))
        return SwimMessage(
            kind: kind, sequence: 3, subject: kind.hasSubject ? subject : nil,
            claims: SwimClaim.Status.allCases.map {
                SwimClaim(status: $0, subject: subject, incarnation: 5, source: source)
            }
        )
    }

    public var isWellFormed: Bool { claims.count <= Self.maximumClaims && (subject != nil) == kind.hasSubject }

    public func write(to body: inout BodyWriter) {
        body.number(1, sequence)
        if let subject { body.identity(2, subject) }
        for claim in claims {
            body.message(3) {
                $0.number(1, claim.status.rawValue)
                $0.identity(2, claim.subject)
                $0.number(3, claim.incarnation)
                $0.identity(4, claim.source)
            }
        }
    }

    public static func read(_ kind: Kind, from body: inout BodyReader) throws(MessageFault) -> SwimMessage {
        var message = SwimMessage(kind: kind, sequence: 0, subject: nil, claims: [])
        while let field = try body.next() {
            switch field {
            case 1: message.sequence = try body.number()
            case 2: message.subject = try body.identity()
            case 3:
                try body.append(to: &message.claims, atMost: maximumClaims, "claims") { claim throws(MessageFault) in
                    try SwimClaim(from: &claim)
                }
            default: break
            }
        }
        guard (message.subject != nil) == kind.hasSubject else {
            throw .outOfRange(
                "a message of kind '\(kind.traits.name)' \(kind.hasSubject ? "needs a" : "has no") subject")
        }
        return message
    }

    public func describe(to fields: inout TraceFields) {
        fields.add("sequence", sequence)
        if let subject { fields.add("subject", subject) }
        fields.add("claims", claims) { claim, fields in
            fields.add("status", claim.status.rawValue)
            fields.add("subject", claim.subject)
            fields.add("incarnation", claim.incarnation)
            fields.add("source", claim.source)
        }
    }
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

    fileprivate init(from body: inout BodyReader) throws(MessageFault) {
        var status: Status?
        var subject: Identity?
        var incarnation: UInt64 = 0
        var source: Identity?
        while let field = try body.next() {
            switch field {
            case 1: status = UInt8(exactly: try body.number()).flatMap(Status.init)
            case 2: subject = try body.identity()
            case 3: incarnation = try body.number()
            case 4: source = try body.identity()
            default: break
            }
        }
        guard let status, let subject, let source else {
            throw .outOfRange("a claim has no subject, no source, or a status that is not 1 to 3")
        }
        self.init(status: status, subject: subject, incarnation: incarnation, source: source)
    }
}
