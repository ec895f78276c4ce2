import NIOCore
import SwiftProtobuf
import Testing

@testable import Wire

/// Frames that carry modules' messages.
struct ModuleFrameTests {
    /// Every form that a field can have.
    enum Sample: ModuleMessage {
        case everything(Everything)
        case empty

        struct Everything: Hashable {
            var number: UInt64 = 0
            var signed: Int64 = 0
            var bits: UInt64 = 0
            var flag = false
            var bytes: [UInt8] = []
            var text = ""
            var key = Bytes32.zero
            var signature = Signature.none
            var filler = 0
            var inner: [UInt64] = []
        }

        enum Kind: UInt32, MessageKind {
            case everything = 1
            case empty = 300

            var traits: MessageTraits {
                switch self {
                case .everything: MessageTraits("everything", limit: 2000)
                case .empty: MessageTraits("empty", limit: 0)
                }
            }
        }

        static let scope = MessageScope(.consensus, "sample")
        static let samples: [Sample] = [
            .empty, .everything(Everything()),
            .everything(
                Everything(
                    number: .max, signed: -1, bits: 0x0102_0304_0506_0708, flag: true, bytes: [1, 0, 255],
                    text: "a ü", key: Bytes32(1, 2, 3, .max),
                    signature: Signature(upper: Bytes32(4, 5, 6, 7), lower: Bytes32(8, 9, 10, 11)), filler: 200,
                    inner: [0, 127, 128]
                )
            ),
        ]

        var kind: Kind { self == .empty ? .empty : .everything }

        func write(to body: inout BodyWriter) {
            guard case .everything(let all) = self else { return }
            body.number(1, all.number)
            body.number(2, all.signed)
            body.fixed64(3, all.bits)
            body.flag(4, all.flag)
            body.bytes(5, all.bytes)
            body.text(6, all.text)
            body.bytes32(7, all.key)
            body.signature(8, all.signature)
            body.zeros(9, all.filler)
            for number in all.inner { body.message(16) { $0.number(1, number) } }
        }

        static func read(_ kind: Kind, from body: inout BodyReader) throws(MessageFault) -> Sample {
            guard kind == .everything else { return .empty }
            var all = Everything()
            while let field = try body.next() {
                switch field {
                case 1: all.number = try body.number()
                case 2: all.signed = try body.signed()
                case 3: all.bits = try body.fixed64()
                case 4: all.flag = try body.flag()
                case 5: all.bytes = try body.bytes(atMost: 10)
                case 6: all.text = try body.text(atMost: 10)
                case 7: all.key = try body.bytes32()
                case 8: all.signature = try body.signature()
                case 9: all.filler = try body.zeros()
                case 16:
                    try body.append(to: &all.inner, atMost: 4, "numbers") { item throws(MessageFault) in
                        var number: UInt64 = 0
                        while let field = try item.next() {
                            if field == 1 { number = try item.number() }
                        }
                        return number
                    }
                default: break
                }
            }
            return .everything(all)
        }
    }

    private func envelope(_ sample: Sample) -> ModuleEnvelope { TypedEnvelope(sample) }

    private func read(_ envelope: ModuleEnvelope) throws -> (Sample?, unknown: Int) {
        var read: Sample?
        let unknown = try envelope.withBody { body throws(MessageFault) in
            guard let kind = Sample.Kind(rawValue: envelope.kind) else { return }
            read = try Sample.read(kind, from: &body)
        }
        return (read, unknown)
    }

    @Test(
        "what is written is as long as was said, is what generated code writes, and reads back",
        arguments: Sample.samples)
    func roundTrip(_ sample: Sample) throws {
        let message = Message(sample)
        let frame = encoded(message)
        #expect(frame.readableBytes == message.encodedSize)
        let generated: [UInt8] = try WireEnvelope(message).serializedBytes()
        #expect(Array(frame.readableBytesView.dropFirst(Frame.headerBytes)) == generated)
        #expect(try decoded(frame) == [message])
        guard case .module(let received) = try decoded(frame).first else {
            Issue.record("no module's message")
            return
        }
        #expect(received.isRaw)
        #expect(received.body == envelope(sample).body)
        let (read, unknown) = try read(received)
        #expect(read == sample)
        #expect(unknown == 0)
    }

    @Test("a scope is the first four bytes of the SHA-256 of role and id")
    func scope() {
        // printf 'consensus/slot-leader' | sha256sum
        #expect(MessageScope(.consensus, "slot-leader").number == 0xd9bc_69fc)
        #expect(MessageScope(.consensus, "slot-leader").description == "consensus/slot-leader")
    }

    @Test("a body cut off anywhere is refused or reads as fewer fields, and never crashes")
    func truncated() throws {
        for sample in Sample.samples {
            let body = envelope(sample).body
            for length in body.indices {
                let cut = RawEnvelope(
                    channel: .consensus, scope: 1, kind: sample.kind.rawValue, body: Array(body[..<length]))
                _ = try? read(cut)
            }
        }
    }

    @Test("unknown fields of every form are skipped and counted")
    func unknownFields() throws {
        let body: [UInt8] = [
            0xa0, 6, 5,  // field 100, a number
            0xa1, 6, 1, 2, 3, 4, 5, 6, 7, 8,  // field 100, 64 bits
            0xa5, 6, 1, 2, 3, 4,  // field 100, 32 bits
            0xa2, 6, 3, 1, 2, 3,  // field 100, bytes
            8, 9,
        ]
        let (sample, unknown) = try read(RawEnvelope(channel: .consensus, scope: 1, kind: 1, body: body))
        #expect(sample == .everything(Sample.Everything(number: 9)))
        #expect(unknown == 4)
    }

    @Test(
        "fields of another form, with wrong lengths or of unknown wire types are refused",
        arguments: [
            [10, 1, 5], [0x1a, 8, 1, 2, 3, 4, 5, 6, 7, 8], [0x28, 1], [0x3a, 31] + [UInt8](repeating: 1, count: 31),
            [0x42, 63] + [UInt8](repeating: 1, count: 63), [0x2a, 11] + [UInt8](repeating: 1, count: 11),
            [0x32, 1, 0xff], [11, 12], [0, 0], [8] + [UInt8](repeating: 0xff, count: 10) + [1],
            [0x82, 1, 0, 0x82, 1, 0, 0x82, 1, 0, 0x82, 1, 0, 0x82, 1, 0],
            [0x2a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1],
        ] as [[UInt8]]
    )
    func refused(_ body: [UInt8]) {
        #expect(throws: MessageFault.self) {
            try read(RawEnvelope(channel: .consensus, scope: 1, kind: 1, body: body))
        }
    }

    @Test("what its kind does not allow is not sent")
    func limits() {
        let long = Message(Sample.everything(Sample.Everything(filler: 2000)))
        #expect(!long.isEncodable)
        var buffer = ByteBuffer()
        #expect(!FrameEncoder.encode(long, into: &buffer))
        #expect(buffer.readableBytes == 0)
        #expect(Message(Sample.everything(Sample.Everything(filler: 1900))).isEncodable)
    }

    @Test("an envelope's own unknown fields are skipped and counted, in whatever order its fields stand")
    func unknownEnvelopeFields() throws {
        // kind 1; an unknown field 9; scope 0x01020304; an empty body.
        let content: [UInt8] = [0x10, 1, 0x48, 7, 0x0d, 4, 3, 2, 1]
        let frame = ByteBuffer(
            bytes: [0, 0, 0, UInt8(content.count + 3), 3, 0x72, UInt8(content.count)] + content)
        guard case .module(let envelope) = try decoded(frame).first else {
            Issue.record("no module's message")
            return
        }
        #expect(envelope.scope == 0x0102_0304)
        #expect(envelope.kind == 1)
        #expect(envelope.body.isEmpty)
        #expect(envelope.unknownFields == 1)
    }

    @Test("a message of a later version of the kernel is handed on as one that nobody knows")
    func laterKernel() throws {
        // Field 30 of the envelope, on the channel liveness.
        let frame = ByteBuffer(bytes: [0, 0, 0, 6, 1, 0xf2, 1, 2, 8, 9])
        let expected = RawEnvelope(channel: .liveness, scope: 0, kind: 30, body: [8, 9])
        #expect(try decoded(frame) == [.module(expected)])
    }

    @Test("fingerprints differ where any byte does, and filler counts by its number alone")
    func fingerprints() {
        var all = Sample.Everything(bytes: [UInt8](repeating: 1, count: 100))
        var seen = [envelope(.everything(all)).fingerprint]
        for index in all.bytes.indices {
            all.bytes[index] ^= 1
            seen.append(envelope(.everything(all)).fingerprint)
            all.bytes[index] ^= 1
        }
        for change in [
            { $0.number = 1 }, { $0.signed = 1 }, { $0.bits = 1 }, { $0.flag = true }, { $0.text = "a" },
            { $0.key = Bytes32(0, 0, 0, 1) }, { $0.filler = 1 }, { $0.filler = 2 }, { $0.inner = [0] },
            { $0.inner = [1] }, { $0.inner = [1, 0] }, { $0.inner = [0, 1] },
            { $0.signature = Signature(upper: .zero, lower: Bytes32(0, 0, 0, 1)) },
        ] as [(inout Sample.Everything) -> Void] {
            var other = all
            change(&other)
            seen.append(envelope(.everything(other)).fingerprint)
        }
        #expect(Set(seen).count == seen.count)
        #expect(envelope(.everything(all)).fingerprint == envelope(.everything(all)).fingerprint)
    }
}
