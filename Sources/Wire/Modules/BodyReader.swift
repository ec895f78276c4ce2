/// Reads the body of a module's message, field by field, in the encoding of Protocol Buffers.
///
/// ```swift
/// while let field = try body.next() {
///     switch field {
///     case 1: height = try body.number()
///     case 2: hash = BlockHash(bytes: try body.bytes32())
///     default: break
///     }
/// }
/// ```
/// A field that is not read is skipped and counted as unknown. Nothing is allocated before its length has been checked
/// against the bytes that are there.
public struct BodyReader: ~Copyable {
    private let bytes: UnsafeRawBufferPointer
    private var place = 0
    /// The field that `next` has found and nobody has read yet.
    private var field: UInt64 = 0
    private var form = Form.none
    /// Fields that were skipped so far, those of messages inside this one included.
    public internal(set) var unknownFields = 0

    /// How a field's value lies in the bytes.
    private enum Form {
        /// No field waits to be read.
        case none
        case varint
        case bits64
        case bits32
        /// So many bytes follow, which are there.
        case bytes(Int)
    }

    @usableFromInline init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
    }

    /// The number of the next field, nil at the end of the body.
    public mutating func next() throws(MessageFault) -> UInt64? {
        if case .none = form {
        } else {
            try skip()
            unknownFields += 1
        }
        guard place < bytes.count else { return nil }
        let tag = try varint()
        field = tag >> 3
        guard field > 0 else { throw .malformed("a field has the number 0") }
        switch tag & 7 {
        case 0: form = .varint
        case 1: form = .bits64
        case 2:
            let length = try varint()
            guard length <= UInt64(bytes.count - place) else {
                throw .malformed("field \(field) is longer than the bytes that are left")
            }
            form = .bytes(Int(length))
        case 5: form = .bits32
        case let type: throw .malformed("field \(field) has the wire type \(type), which nothing here uses")
        }
        return field
    }

    /// Reads what is left, which nobody wants, so that all of it is known to be well-formed.
    @usableFromInline mutating func finish() throws(MessageFault) {
        while try next() != nil {}
    }

    // MARK: Values of the field that `next` has found

    public mutating func number() throws(MessageFault) -> UInt64 {
        guard case .varint = form else { throw wrongForm("a number") }
        form = .none
        return try varint()
    }

    /// - Throws: for a number that has more than 32 bits.
    public mutating func number32() throws(MessageFault) -> UInt32 {
        let value = try number()
        guard let number = UInt32(exactly: value) else {
            throw .outOfRange("field \(field) is \(value); it has at most 32 bits")
        }
        return number
    }

    public mutating func signed() throws(MessageFault) -> Int64 { Int64(bitPattern: try number()) }

    public mutating func flag() throws(MessageFault) -> Bool { try number() != 0 }

    public mutating func fixed64() throws(MessageFault) -> UInt64 {
        guard case .bits64 = form else { throw wrongForm("a number of 64 bits") }
        form = .none
        return UInt64(littleEndian: try bits(UInt64.self))
    }

    mutating func fixed32() throws(MessageFault) -> UInt32 {
        guard case .bits32 = form else { throw wrongForm("a number of 32 bits") }
        form = .none
        return UInt32(littleEndian: try bits(UInt32.self))
    }

    public mutating func bytes32() throws(MessageFault) -> Bytes32 {
        let content = try content()
        guard let value = Bytes32(content) else {
            throw .outOfRange("field \(field) has \(content.count) bytes; it has 32")
        }
        return value
    }

    /// A node's public key, of the kind that a node may have.
    public mutating func identity() throws(MessageFault) -> Identity {
        guard let value = Identity(untrusted: try bytes32()) else {
            throw .outOfRange("field \(field) is no public key that a node may have")
        }
        return value
    }

    /// Sixty-four bytes, or none for `.none`.
    public mutating func signature() throws(MessageFault) -> Signature {
        let content = try content()
        if content.isEmpty { return .none }
        guard let value = Signature(content) else {
            throw .outOfRange("field \(field) has \(content.count) bytes; a signature has 64, or none")
        }
        return value
    }

    /// - Parameter limit: more bytes than these are refused and not copied.
    public mutating func bytes(atMost limit: Int = .max) throws(MessageFault) -> [UInt8] {
        Array(try content(atMost: limit))
    }

    /// A text in UTF-8.
    ///
    /// - Parameter limit: in bytes; more are refused and not copied.
    public mutating func text(atMost limit: Int) throws(MessageFault) -> String {
        guard let text = String(validating: try content(atMost: limit), as: UTF8.self) else {
            throw .malformed("field \(field) is no text in UTF-8")
        }
        return text
    }

    /// The number of bytes of filler, which nobody looks at.
    public mutating func zeros() throws(MessageFault) -> Int { try content().count }

    /// A message inside this one, read by `read`.
    @inlinable public mutating func message<Value>(
        _ read: (inout BodyReader) throws(MessageFault) -> Value
    ) throws(MessageFault) -> Value {
        var inner = BodyReader(try content())
        let value = try read(&inner)
        try inner.finish()
        addUnknownFields(of: inner)
        return value
    }

    /// One more element of a list whose elements are messages.
    ///
    /// - Parameters:
    ///   - limit: how many the list may have; one more is refused before it is read.
    ///   - what: the elements in the plural, for the refusal.
    @inlinable public mutating func append<Element>(
        to list: inout [Element], atMost limit: Int, _ what: StaticString,
        _ read: (inout BodyReader) throws(MessageFault) -> Element
    ) throws(MessageFault) {
        guard list.count < limit else { throw .outOfRange("more than \(limit) \(what) in one message") }
        list.append(try message(read))
    }

    // MARK: Bytes

    /// Where the field's bytes are.
    mutating func range() throws(MessageFault) -> Range<Int> {
        guard case .bytes(let count) = form else { throw wrongForm("bytes") }
        form = .none
        defer { place += count }
        return place..<place + count
    }

    @usableFromInline mutating func content(atMost limit: Int = .max) throws(MessageFault) -> UnsafeRawBufferPointer {
        let range = try range()
        guard range.count <= limit else {
            throw .outOfRange("field \(field) has \(range.count) bytes; at most \(limit) are allowed")
        }
        return UnsafeRawBufferPointer(rebasing: bytes[range])
    }

    @usableFromInline mutating func addUnknownFields(of inner: borrowing BodyReader) {
        unknownFields += inner.unknownFields
    }

    private mutating func skip() throws(MessageFault) {
        switch form {
        case .none: break
        case .varint: _ = try varint()
        case .bits64: _ = try bits(UInt64.self)
        case .bits32: _ = try bits(UInt32.self)
        case .bytes(let count): place += count
        }
        form = .none
    }

    private mutating func bits<Value: BitwiseCopyable>(_ type: Value.Type) throws(MessageFault) -> Value {
        let size = MemoryLayout<Value>.size
        guard size <= bytes.count - place else { throw .malformed("field \(field) of \(size) bytes is cut off") }
        defer { place += size }
        return bytes.loadUnaligned(fromByteOffset: place, as: type)
    }

    /// A base-128 number of at most ten bytes.
    private mutating func varint() throws(MessageFault) -> UInt64 {
        if place < bytes.count, bytes[place] < 128 {
            defer { place += 1 }
            return UInt64(bytes[place])
        }
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 70, by: 7) {
            guard place < bytes.count else { throw .malformed("a number is cut off") }
            let byte = bytes[place]
            place += 1
            value |= UInt64(byte & 127) << shift
            if byte < 128 { return value }
        }
        throw .malformed("a number has more than ten bytes")
    }

    private func wrongForm(_ expected: String) -> MessageFault {
        .malformed("field \(field) is not \(expected)")
    }
}
