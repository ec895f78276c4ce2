public import NIOCore
internal import SwiftProtobuf

/// Turns messages into frames.
public enum FrameEncoder {
    /// Appends the frame of `message` to `buffer`, `message.encodedSize` bytes. Many frames may share one buffer: one
    /// write of many frames costs an order of magnitude less than a write each.
    ///
    /// - Returns: false, with nothing appended, when the receiver would refuse the frame (see
    ///   `Message.isEncodable`).
    @discardableResult
    public static func encode(_ message: Message, into buffer: inout ByteBuffer) -> Bool {
        switch message {
        case .ping(let nonce):
            writeNonce(nonce, as: .ping, into: &buffer)
            return true
        case .pong(let nonce):
            writeNonce(nonce, as: .pong, into: &buffer)
            return true
        case .request(let id, let padding) where message.isEncodable:
            LoadBody.write(id: id, padding: Int(padding), as: .request, into: &buffer)
            return true
        case .reply(let id, let padding) where message.isEncodable:
            LoadBody.write(id: id, padding: Int(padding), as: .reply, into: &buffer)
            return true
        default:
            break
        }
        guard message.isEncodable, let body: [UInt8] = try? WireEnvelope(message).serializedBytes() else {
            return false
        }
        buffer.writeMultipleIntegers(UInt32(body.count + 1), message.channel.rawValue)
        buffer.writeBytes(body)
        return true
    }

    /// A ping or pong by hand, in one write: on an idle link they are all the traffic there is. The bytes are those of
    /// the generated code, which leaves out a field that is 0.
    private static func writeNonce(_ nonce: UInt64, as field: EnvelopeField, into buffer: inout ByteBuffer) {
        let tag = field.tag
        let channel = Channel.liveness.rawValue
        if nonce == 0 {
            buffer.writeMultipleIntegers(UInt32(3), channel, tag, UInt8(0))
        } else {
            let size = UInt8(NonceBody.fieldBytes)
            // Protocol Buffers' fixed64 is little-endian, the write big-endian.
            buffer.writeMultipleIntegers(UInt32(3 + size), channel, tag, size, NonceBody.tag, nonce.byteSwapped)
        }
    }
}

/// The layout of `Ping` and `Pong`: one fixed64 field with number 1, left out when it is 0.
enum NonceBody {
    /// Field 1, wire type 1 (64 bits).
    static let tag: UInt8 = 0x09
    /// Bytes of the field with its tag.
    static let fieldBytes = 9
}
