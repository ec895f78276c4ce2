internal import NIOCore

/// `Request` and `Reply` by hand: they are the one stream whose rate a scenario chooses, and the generated code was two
/// thirds of what a node spends on it. The bytes are those of the generated code.
enum LoadBody {
    /// Field 1, wire type 0 (varint), and field 2, wire type 2 (length-delimited).
    private static let idTag: UInt8 = 0x08
    private static let paddingTag: UInt8 = 0x12

    /// Appends a whole frame.
    static func write(id: UInt64, padding: Int, as field: EnvelopeField, into buffer: inout ByteBuffer) {
        let content = Size.number(id) + Size.bytes(padding)
        let frame = Frame.headerBytes + Size.message(content)
        buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: frame) { bytes in
            bytes.storeBytes(of: UInt32(frame - Frame.lengthBytes).bigEndian, as: UInt32.self)
            bytes[4] = Channel.application.rawValue
            bytes[5] = field.tag
            var end = write(UInt64(content), to: bytes, at: 6)
            if id != 0 {
                bytes[end] = idTag
                end = write(id, to: bytes, at: end + 1)
            }
            if padding > 0 {
                bytes[end] = paddingTag
                end = write(UInt64(padding), to: bytes, at: end + 1)
                UnsafeMutableRawBufferPointer(rebasing: bytes[end..<end + padding])
                    .initializeMemory(as: UInt8.self, repeating: 0)
                end += padding
            }
            return end
        }
    }

    /// The message of a body in the one form that encoders write, nil for everything else.
    static func message(in bytes: UnsafeRawBufferPointer) -> Message? {
        guard bytes.count >= 2 else { return nil }
        var place = 1
        guard let length = number(in: bytes, at: &place), length == UInt64(bytes.count - place) else { return nil }
        var id: UInt64 = 0
        if place < bytes.count, bytes[place] == idTag {
            place += 1
            guard let value = number(in: bytes, at: &place) else { return nil }
            id = value
        }
        var padding: UInt64 = 0
        if place < bytes.count {
            guard bytes[place] == paddingTag else { return nil }
            place += 1
            guard let value = number(in: bytes, at: &place), value == UInt64(bytes.count - place) else {
                return nil
            }
            padding = value
        }
        switch bytes[0] {
        case EnvelopeField.request.tag: return .request(id: id, padding: UInt32(padding))
        case EnvelopeField.reply.tag: return .reply(id: id, padding: UInt32(padding))
        default: return nil
        }
    }

    private static func write(_ value: UInt64, to bytes: UnsafeMutableRawBufferPointer, at start: Int) -> Int {
        var rest = value
        var place = start
        while rest >= 128 {
            bytes[place] = UInt8(truncatingIfNeeded: rest) | 128
            rest >>= 7
            place += 1
        }
        bytes[place] = UInt8(rest)
        return place + 1
    }

    /// A base-128 number of at most nine bytes, nil where it is longer or cut off: the generated code then decides.
    private static func number(in bytes: UnsafeRawBufferPointer, at place: inout Int) -> UInt64? {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 63, by: 7) {
            guard place < bytes.count else { return nil }
            let byte = bytes[place]
            place += 1
            value |= UInt64(byte & 127) << shift
            if byte < 128 { return value }
        }
        return nil
    }
}
