internal import NIOCore

/// Walks over the fields of one Protocol Buffers message without decoding them: enough to refuse a body before the
/// generated code builds anything from it.
struct FieldScanner {
    /// A field's number and what it holds.
    struct Field {
        let number: UInt64
        /// The bytes of a length-delimited field, nil for the other wire types.
        let content: ByteBuffer?
    }

    private var buffer: ByteBuffer

    init(_ buffer: ByteBuffer) {
        self.buffer = buffer
    }

    /// Whether every byte has been walked over.
    var isAtEnd: Bool { buffer.readableBytes == 0 }

    /// The next field, nil at the end.
    mutating func next() throws(MessageFault) -> Field? {
        guard !isAtEnd else { return nil }
        let tag = try varint()
        let number = tag >> 3
        guard number > 0 else { throw .malformed("a field has the number 0") }
        switch tag & 7 {
        case 0:
            _ = try varint()
            return Field(number: number, content: nil)
        case 1:
            try skip(8)
            return Field(number: number, content: nil)
        case 2:
            let length = try varint()
            guard length <= UInt64(buffer.readableBytes), let content = buffer.readSlice(length: Int(length)) else {
                throw .malformed("field \(number) is longer than the bytes that are left")
            }
            return Field(number: number, content: content)
        case 5:
            try skip(4)
            return Field(number: number, content: nil)
        default:
            throw .malformed("field \(number) has the wire type \(tag & 7), which nothing here uses")
        }
    }

    private mutating func skip(_ count: Int) throws(MessageFault) {
        guard buffer.readableBytes >= count else { throw .malformed("a field of \(count) bytes is cut off") }
        buffer.moveReaderIndex(forwardBy: count)
    }

    /// A base-128 number of at most ten bytes.
    private mutating func varint() throws(MessageFault) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 70, by: 7) {
            guard let byte = buffer.readInteger(as: UInt8.self) else { throw .malformed("a number is cut off") }
            value |= UInt64(byte & 127) << shift
            if byte < 128 { return value }
        }
        throw .malformed("a number has more than ten bytes")
    }
}
