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
            NonceBody.write(nonce, as: .ping, into: &buffer)
            return true
        case .pong(let nonce):
            NonceBody.write(nonce, as: .pong, into: &buffer)
            return true
        case .module(let envelope):
            guard message.isEncodable else { return false }
            ModuleBody.write(envelope, into: &buffer)
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

    /// Appends a part: the next bytes of a frame that is sent in pieces, `Frame.partHeaderBytes` more than `bytes` has.
    ///
    /// - Precondition: 1 to `Frame.maximumPartBytes` bytes; the first part of a frame carries its header.
    public static func encodePart(_ bytes: ByteBuffer, of sendClass: SendClass, into buffer: inout ByteBuffer) {
        precondition((1...Frame.maximumPartBytes).contains(bytes.readableBytes), "a part has a size of its own")
        buffer.writeMultipleIntegers(UInt32(bytes.readableBytes + 2), Frame.partChannel, sendClass.rawValue)
        buffer.writeImmutableBuffer(bytes)
    }
}
