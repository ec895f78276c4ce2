internal import NIOCore

/// `Ping` and `Pong` by hand: on an idle link they are all the traffic there is. One fixed64 field with number 1, left out
/// when it is 0; the bytes are those of the generated code.
enum NonceBody {
    /// Field 1, wire type 1 (64 bits).
    private static let tag: UInt8 = 0x09
    /// Bytes of the field with its tag.
    private static let fieldBytes = 9

    /// Appends a whole frame.
    static func write(_ nonce: UInt64, as field: EnvelopeField, into buffer: inout ByteBuffer) {
        let channel = Channel.liveness.rawValue
        if nonce == 0 {
            buffer.writeMultipleIntegers(UInt32(3), channel, field.tag, UInt8(0))
        } else {
            let size = UInt8(fieldBytes)
            // Protocol Buffers' fixed64 is little-endian, the write big-endian.
            buffer.writeMultipleIntegers(UInt32(3 + size), channel, field.tag, size, tag, nonce.byteSwapped)
        }
    }

    /// The message of a body in the one form that encoders write, nil for everything else.
    static func message(in body: UnsafeRawBufferPointer) -> Message? {
        let nonce: UInt64
        switch body.count {
        case 2 where body[1] == 0:
            nonce = 0
        case 2 + fieldBytes where body[1] == UInt8(fieldBytes) && body[2] == tag:
            nonce = UInt64(littleEndian: body.loadUnaligned(fromByteOffset: 3, as: UInt64.self))
        default:
            return nil
        }
        switch body[0] {
        case EnvelopeField.ping.tag: return .ping(nonce: nonce)
        case EnvelopeField.pong.tag: return .pong(nonce: nonce)
        default: return nil
        }
    }
}
