internal import NIOCore
internal import Synchronization

/// One message of a module on its way: the value that its sender made, or the bytes that came over a wire.
///
/// The simulator carries the value, a socket its bytes. The receiver's module reads bytes when it takes the message; a
/// node that has no such module, or whose module knows no such kind, ignores the message and counts it.
///
/// A class, so that a message of any module takes one word, and so that what is sent to many peers is made once.
public class ModuleEnvelope: CustomStringConvertible, @unchecked Sendable {
    /// The channel on which the message travels.
    public final let channel: Channel
    /// Whose message it is: ``MessageScope/number``, or 0 where a later version of the kernel made it.
    public final let scope: UInt32
    /// The kind's number in its scope.
    public final let kind: UInt32
    /// Bytes of the body.
    public final let bodySize: Int
    public final let sendClass: SendClass
    /// The type of the value; nil where there are only bytes.
    @usableFromInline final let type: ObjectIdentifier?
    /// The fingerprint, once it was asked for; 0 before.
    private let fingerprintCache = Atomic<UInt64>(0)

    @usableFromInline init(
        channel: Channel, scope: UInt32, kind: UInt32, bodySize: Int, sendClass: SendClass, type: ObjectIdentifier?
    ) {
        self.channel = channel
        self.scope = scope
        self.kind = kind
        self.bodySize = bodySize
        self.sendClass = sendClass
        self.type = type
    }

    /// Whether there are only bytes, which no module has read.
    public final var isRaw: Bool { type == nil }

    // MARK: What the two forms say

    /// Writes the body.
    func write(to body: inout BodyWriter) {}

    /// What the kind says of itself; nil where there are only bytes.
    public var traits: MessageTraits? { nil }

    /// Whose message it is; nil where there are only bytes.
    public var scopeName: MessageScope? { nil }

    /// How many times the cost of the kind is charged.
    public var units: Int { 1 }

    /// What a trace says of the message besides its bytes; nil where there are only bytes.
    public var fields: TraceFields? { nil }

    /// Fields of the envelope itself that were skipped.
    public var unknownFields: Int { 0 }

    public var description: String { "\(channel.name) message \(scope)/\(kind) of \(bodySize) bytes" }

    /// Whether a receiver takes the message, as far as can be known here: of bytes it is not known, and they are taken for
    /// well-formed.
    public var isWellFormed: Bool { true }

    func hasSameValue(as other: ModuleEnvelope) -> Bool { false }

    // MARK: What follows

    /// The value, where it is one of `Message`; nil for bytes and for another module's value.
    @inlinable public final func value<Message: ModuleMessage>(as message: Message.Type) -> Message? {
        guard type == ObjectIdentifier(message) else { return nil }
        return unsafeDowncast(self, to: TypedEnvelope<Message>.self).value
    }

    /// The body's bytes.
    public final var body: [UInt8] {
        [UInt8](unsafeUninitializedCapacity: bodySize) { memory, count in
            store(in: UnsafeMutableRawBufferPointer(memory))
            count = bodySize
        }
    }

    /// Reads the body where its bytes lie, to its end.
    ///
    /// - Returns: how many fields nobody read.
    @usableFromInline package func withBody(
        _ read: (inout BodyReader) throws(MessageFault) -> Void
    ) throws(MessageFault) -> Int {
        let bytes = body
        return try bytes.withUnsafeBytes { Self.result($0, read) }.get()
    }

    final func store(in memory: UnsafeMutableRawBufferPointer) {
        var writer = BodyWriter(.storing(memory))
        write(to: &writer)
        precondition(writer.count == bodySize, "a message wrote fewer bytes than it had counted before")
    }

    /// A number that tells this message from others: of two that differ in any field it is almost surely another one.
    /// Two runs are compared by it.
    public final var fingerprint: UInt64 {
        let known = fingerprintCache.load(ordering: .relaxed)
        if known != 0 { return known }
        var writer = BodyWriter(.hashing)
        writer.fold(UInt64(scope) << 32 | UInt64(kind), UInt64(channel.rawValue))
        write(to: &writer)
        fingerprintCache.store(writer.hash | 1, ordering: .relaxed)
        return writer.hash | 1
    }

    /// Bytes of the message that holds scope, kind and body.
    final var innerSize: Int { Size.fixed32(scope) + Size.number(UInt64(kind)) + Size.bytes(bodySize) }

    /// The number of unknown fields in the bytes that `body` reads. As a result and not as an error, because what lends the
    /// bytes does not pass on errors of a type of its own.
    static func result(
        _ bytes: UnsafeRawBufferPointer, _ body: (inout BodyReader) throws(MessageFault) -> Void
    ) -> Result<Int, MessageFault> {
        var reader = BodyReader(bytes)
        do throws(MessageFault) {
            try body(&reader)
            try reader.finish()
            return .success(reader.unknownFields)
        } catch {
            return .failure(error)
        }
    }
}

/// Two envelopes are equal where they say the same, be it as a value or as bytes.
extension ModuleEnvelope: Hashable {
    public static func == (left: ModuleEnvelope, right: ModuleEnvelope) -> Bool {
        if left === right { return true }
        guard left.scope == right.scope, left.kind == right.kind, left.channel == right.channel else { return false }
        if left.type != nil, left.type == right.type { return left.hasSameValue(as: right) }
        return left.body == right.body
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(scope)
        hasher.combine(kind)
        hasher.combine(bodySize)
    }
}

/// A value with everything about it that drivers ask for.
@usableFromInline final class TypedEnvelope<Content: ModuleMessage>: ModuleEnvelope, @unchecked Sendable {
    @usableFromInline let value: Content

    @inlinable init(_ value: Content) {
        self.value = value
        var counter = BodyWriter(.counting)
        value.write(to: &counter)
        let kind = value.kind
        let traits = kind.traits
        let scope = Content.scope
        super.init(
            channel: scope.channel, scope: scope.number, kind: kind.rawValue, bodySize: counter.count,
            sendClass: traits.sendClass, type: ObjectIdentifier(Content.self)
        )
    }

    override func write(to body: inout BodyWriter) { value.write(to: &body) }

    override var traits: MessageTraits? { value.kind.traits }

    override var scopeName: MessageScope? { Content.scope }

    override var units: Int { value.units }

    override var fields: TraceFields? {
        var fields = TraceFields()
        value.describe(to: &fields)
        return fields
    }

    override var isWellFormed: Bool { bodySize <= value.kind.traits.limit && value.isWellFormed }

    override func hasSameValue(as other: ModuleEnvelope) -> Bool { other.value(as: Content.self) == value }

    override var description: String { "\(Content.scope) \(value)" }
}

/// The bytes of a message that no module has read.
public final class RawEnvelope: ModuleEnvelope, @unchecked Sendable {
    private let bytes: ByteBuffer
    private let skipped: Int
    /// What the trace says that the message was read from, as JSON; nil where it came from elsewhere.
    package private(set) var tracedText: [UInt8]?

    init(channel: Channel, scope: UInt32, kind: UInt32, bytes: ByteBuffer, unknownFields: Int) {
        self.bytes = bytes
        skipped = unknownFields
        super.init(
            channel: channel, scope: scope, kind: kind, bodySize: bytes.readableBytes, sendClass: channel.sendClass,
            type: nil
        )
    }

    /// A message as its bytes: what a trace holds, or what no declared type can say.
    public convenience init(channel: Channel, scope: UInt32, kind: UInt32, body: [UInt8]) {
        self.init(channel: channel, scope: scope, kind: kind, bytes: ByteBuffer(bytes: body), unknownFields: 0)
    }

    /// A message of a trace, with what the trace says of it for people, and how many fields of its envelope were skipped.
    package convenience init(
        channel: Channel, scope: UInt32, kind: UInt32, body: [UInt8], unknownFields: Int, tracedText: [UInt8]?
    ) {
        self.init(
            channel: channel, scope: scope, kind: kind, bytes: ByteBuffer(bytes: body), unknownFields: unknownFields)
        self.tracedText = tracedText
    }

    public override var unknownFields: Int { skipped }

    override func write(to body: inout BodyWriter) {
        bytes.withUnsafeReadableBytes { body.put(encoded: $0) }
    }

    package override func withBody(
        _ read: (inout BodyReader) throws(MessageFault) -> Void
    ) throws(MessageFault) -> Int {
        try bytes.withUnsafeReadableBytes { Self.result($0, read) }.get()
    }
}
