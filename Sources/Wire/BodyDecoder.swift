internal import NIOCore
internal import SwiftProtobuf

/// Turns one frame's body into a message through generated code: every kind and form that `NonceBody` and `LoadBody`
/// leave to it.
enum BodyDecoder {
    static func message(from body: ByteBuffer, on channel: Channel) throws(BodyFault) -> Message {
        try check(body, on: channel)
        return try envelope(from: body).message(on: channel)
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
        switch kind {
        case .blocks: try check(content, field: 1, atMost: Frame.maximumBlocks, "blocks")
        case .swim: try check(content, field: 4, atMost: SwimMessage.maximumClaims, "claims")
        case .addresses: try checkRecords(content)
        case .hello: try checkAgreement(content, field: 12)
        case .helloAck: try checkAgreement(content, field: 8)
        default: break
        }
    }

    private static func check(
        _ content: ByteBuffer, field number: UInt64, atMost limit: Int, _ what: String
    ) throws(BodyFault) {
        var scanner = FieldScanner(content)
        var count = 0
        while let field = try scanner.next() {
            guard field.number == number else { continue }
            count += 1
            guard count <= limit else { throw .outOfRange("more than \(limit) \(what) in one message") }
        }
    }

    private static func checkAgreement(_ content: ByteBuffer, field number: UInt64) throws(BodyFault) {
        var scanner = FieldScanner(content)
        while let field = try scanner.next() {
            guard field.number == number, let agreement = field.content else { continue }
            try check(agreement, field: 2, atMost: Agreement.maximumValues, "agreed values")
        }
    }

    private static func checkRecords(_ content: ByteBuffer) throws(BodyFault) {
        var scanner = FieldScanner(content)
        var count = 0
        while let field = try scanner.next() {
            guard field.number == 1 else { continue }
            count += 1
            guard count <= Frame.maximumRecords else {
                throw .outOfRange("more than \(Frame.maximumRecords) records in one message")
            }
            if let record = field.content { try checkEndpointCount(record) }
        }
    }

    private static func checkEndpointCount(_ record: ByteBuffer) throws(BodyFault) {
        var scanner = FieldScanner(record)
        var count = 0
        while let field = try scanner.next() {
            guard field.number == 3 else { continue }
            count += 1
            guard count <= Frame.maximumEndpoints else {
                throw .outOfRange("more than \(Frame.maximumEndpoints) endpoints in one record")
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
