internal import NIOCore
internal import SwiftProtobuf

/// Turns one frame's body into a message.
enum BodyDecoder {
    static func message(from body: ByteBuffer, on channel: Channel) throws(BodyFault) -> Message {
        if channel == .liveness, let message = nonceMessage(in: body) { return message }
        if channel == .application, let message = LoadBody.message(in: body) { return message }
        try check(body, on: channel)
        return try envelope(from: body).message(on: channel)
    }

    /// A ping or pong in the one form that encoders write, nil for everything else.
    private static func nonceMessage(in body: ByteBuffer) -> Message? {
        let start = body.readerIndex
        let nonce: UInt64
        switch body.readableBytes {
        case 2:
            guard body.getInteger(at: start + 1, as: UInt8.self) == 0 else { return nil }
            nonce = 0
        case 2 + NonceBody.fieldBytes:
            guard let head = body.getMultipleIntegers(at: start + 1, as: (UInt8, UInt8, UInt64).self),
                head.0 == NonceBody.fieldBytes, head.1 == NonceBody.tag
            else { return nil }
            nonce = head.2.byteSwapped
        default:
            return nil
        }
        switch body.getInteger(at: start, as: UInt8.self) {
        case EnvelopeField.ping.tag: return .ping(nonce: nonce)
        case EnvelopeField.pong.tag: return .pong(nonce: nonce)
        default: return nil
        }
    }

    /// Refuses what the generated code would accept, or would accept at a price: a second message, a message of another
    /// channel, a million empty blocks that are two bytes each on the wire and a hundred in memory.
    private static func check(_ body: ByteBuffer, on channel: Channel) throws(BodyFault) {
        var scanner = FieldScanner(body)
        guard let field = try scanner.next() else { throw .malformed("the body is empty") }
        guard let kind = EnvelopeField(rawValue: field.number), let content = field.content else {
            throw .malformed("field \(field.number) is no message of this wire version")
        }
        guard scanner.isAtEnd else { throw .malformed("the body goes on after its message, '\(kind)'") }
        if let right = kind.channel, right != channel {
            throw BodyFault(code: .wrongChannel, message: "'\(kind)' belongs to channel \(right)")
        }
        if kind == .blocks { try checkBlockCount(content) }
    }

    private static func checkBlockCount(_ content: ByteBuffer) throws(BodyFault) {
        var scanner = FieldScanner(content)
        var count = 0
        while let field = try scanner.next() {
            guard field.number == 1 else { continue }
            count += 1
            guard count <= Frame.maximumBlocks else {
                throw .outOfRange("more than \(Frame.maximumBlocks) blocks in one message")
            }
        }
    }

    private static func envelope(from body: ByteBuffer) throws(BodyFault) -> WireEnvelope {
        var options = BinaryDecodingOptions()
        options.discardUnknownFields = true
        do {
            return try WireEnvelope(serializedBytes: body.readableBytesSpan, options: options)
        } catch {
            throw .malformed("not a Protocol Buffers message of this wire version (\(error))")
        }
    }
}
