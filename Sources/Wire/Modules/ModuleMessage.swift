/// Everything that one module says to its peers: an enumeration with a case per message, declared in the module's folder.
///
/// The encoding is that of Protocol Buffers: fields with numbers, of which a receiver skips those that it does not know.
/// A new field is therefore an addition; a message that older nodes must not misread gets a new kind, which they ignore
/// and count. Numbers of kinds and fields are never used again for something else.
public protocol ModuleMessage: Sendable, Hashable {
    /// The kinds of message that there are.
    associatedtype Kind: MessageKind

    /// Whose messages these are. A variant of a module that speaks its language names the same scope and the same type.
    static var scope: MessageScope { get }
    /// At least one well-formed message of each kind. The conformance kit and the fuzzer start from them.
    static var samples: [Self] { get }

    /// Which kind this message is of.
    var kind: Kind { get }
    /// How many times the simulator charges the kind's cost: the number of blocks in a list of blocks, otherwise 1.
    var units: Int { get }
    /// Whether a receiver takes the message, apart from its size: `read` throws for what is written of any other. What is
    /// not well-formed is not sent.
    var isWellFormed: Bool { get }

    /// Writes the body. Equal messages write equal bytes.
    func write(to body: inout BodyWriter)
    /// Reads a body of the kind. A peer that sends a body for which this throws loses its link.
    ///
    /// Counts are checked before anything is stored: see ``BodyReader/append(to:atMost:_:_:)``.
    static func read(_ kind: Kind, from body: inout BodyReader) throws(MessageFault) -> Self

    /// Adds what people want to know of the message to its line in a trace. The body's bytes are there in any case.
    func describe(to fields: inout TraceFields)
}

extension ModuleMessage {
    public var units: Int { 1 }
    public var isWellFormed: Bool { true }
    public func describe(to fields: inout TraceFields) {}
}

/// The kinds of message of one module, by their number on the wire: an enumeration over `UInt32` with numbers from 1.
public protocol MessageKind: RawRepresentable<UInt32>, CaseIterable, Sendable, Hashable {
    /// What drivers and the simulator have to know of the kind.
    var traits: MessageTraits { get }
}

/// The messages of a module that sends none.
public enum NoMessages: ModuleMessage {
    /// There is none.
    public struct Kind: MessageKind {
        public static var allCases: [Kind] { [] }
        public let rawValue: UInt32
        public var traits: MessageTraits { MessageTraits("none", limit: 0) }

        public init?(rawValue: UInt32) { nil }
    }

    public static var scope: MessageScope { .none }
    public static var samples: [NoMessages] { [] }
    public var kind: Kind { switch self {} }

    public func write(to body: inout BodyWriter) {}

    public static func read(_ kind: Kind, from body: inout BodyReader) throws(MessageFault) -> NoMessages {
        throw .malformed("a module without messages reads none")
    }
}
