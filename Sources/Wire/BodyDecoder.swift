internal import NIOCore
internal import SwiftProtobuf

/// Turns one frame's body into a message through generated code: every kind and form that `NonceBody` and
/// `ModuleBody` leave to it.
enum BodyDecoder {
    /// A message, and whether it has fields that this version does not know.
    static func message(
        from body: ByteBuffer, on channel: Channel
    ) throws(MessageFault) -> (message: Message, hasUnknownFields: Bool) {
        var scanner = FieldScanner(body)
        guard let field = try scanner.next() else { throw .malformed("the body is empty") }
        guard let content = field.content else { throw .malformed("field \(field.number) is no message") }
        let kind = EnvelopeField(rawValue: field.number)
        guard scanner.isAtEnd else {
            throw .malformed("the body goes on after its message, \(kind.map { "'\($0)'" } ?? "\(field.number)")")
        }
        guard let kind else { return (.unknown(field.number, content, on: channel), false) }
        if let right = kind.channel, right != channel {
            throw MessageFault(code: .wrongChannel, message: "'\(kind)' belongs to channel \(right)")
        }
        switch kind {
        case .hello: try checkAgreement(content, field: 12)
        case .helloAck: try checkAgreement(content, field: 8)
        default: break
        }
        let envelope = try envelope(from: body)
        return (try envelope.message(on: channel), envelope.hasUnknownFields)
    }

    /// Refuses what the generated code would accept at a price: a thousand empty values that are two bytes each on the wire
    /// and a hundred in memory.
    private static func checkAgreement(_ content: ByteBuffer, field number: UInt64) throws(MessageFault) {
        var scanner = FieldScanner(content)
        while let field = try scanner.next() {
            guard field.number == number, let agreement = field.content else { continue }
            try check(agreement, field: 2, atMost: Agreement.maximumValues, "agreed values")
        }
    }

    private static func check(
        _ content: ByteBuffer, field number: UInt64, atMost limit: Int, _ what: String
    ) throws(MessageFault) {
        var scanner = FieldScanner(content)
        var count = 0
        while let field = try scanner.next() {
            guard field.number == number else { continue }
            count += 1
            guard count <= limit else { throw .outOfRange("more than \(limit) \(what) in one message") }
        }
    }

    private static func envelope(from body: ByteBuffer) throws(MessageFault) -> WireEnvelope {
        do {
            return try WireEnvelope(serializedBytes: body.readableBytesSpan)
        } catch {
            throw .malformed("not a Protocol Buffers message of this wire version (\(error))")
        }
    }
}

extension Message {
    /// What a later version of the kernel says: whoever receives it ignores it and counts it.
    fileprivate static func unknown(_ number: UInt64, _ content: ByteBuffer, on channel: Channel) -> Message {
        .module(
            RawEnvelope(
                channel: channel, scope: MessageScope.none.number, kind: UInt32(clamping: number), bytes: content,
                unknownFields: 0
            )
        )
    }
}

extension WireEnvelope {
    /// Fields of the handshake's messages that were skipped: later versions may say more in them.
    fileprivate var hasUnknownFields: Bool {
        switch message {
        case .hello(let hello): hello.hasUnknownFields
        case .helloAck(let ack): ack.hasUnknownFields
        case .proof(let proof): !proof.unknownFields.data.isEmpty
        case .ready(let ready): !ready.unknownFields.data.isEmpty
        case .goodbye(let goodbye): !goodbye.unknownFields.data.isEmpty
        case .dialability(let word): !word.unknownFields.data.isEmpty || !word.endpoint.unknownFields.data.isEmpty
        case .otherProcess(let other):
            !other.unknownFields.data.isEmpty || !other.statement.unknownFields.data.isEmpty
                || !other.endpoint.unknownFields.data.isEmpty
        case .ping(let ping): !ping.unknownFields.data.isEmpty
        case .pong(let pong): !pong.unknownFields.data.isEmpty
        case .busy(let busy): !busy.unknownFields.data.isEmpty
        case .module, nil: false
        }
    }
}

extension WireHello {
    fileprivate var hasUnknownFields: Bool {
        !unknownFields.data.isEmpty || !listen.unknownFields.data.isEmpty || !process.unknownFields.data.isEmpty
            || agreement.hasUnknownFields
    }
}

extension WireHelloAck {
    fileprivate var hasUnknownFields: Bool {
        !unknownFields.data.isEmpty || !process.unknownFields.data.isEmpty || agreement.hasUnknownFields
    }
}

extension WireAgreement {
    fileprivate var hasUnknownFields: Bool {
        !unknownFields.data.isEmpty || values.contains { !$0.unknownFields.data.isEmpty }
    }
}
