import NIOCore
import SwiftProtobuf
import Testing

@testable import Wire

@Suite("Frames: what is written is read")
struct FrameRoundTripTests {
    @Test("every kind of message comes back as it was", arguments: 0..<MessageSamples.kinds)
    func roundTrip(kind: Int) throws {
        var generator = SeededGenerator(seed: UInt64(kind))
        for _ in 0..<300 {
            let message = MessageSamples.message(kind: kind, using: &generator)
            #expect(try decoded(encoded(message)) == [message])
        }
    }

    @Test("a frame begins with its length, channel included, and its channel")
    func layout() {
        let bytes = Array(encoded(.ping(nonce: 0x0102_0304_0506_0708)).readableBytesView)
        #expect(bytes == [0, 0, 0, 12, 1, 0x32, 9, 9, 8, 7, 6, 5, 4, 3, 2, 1])
    }

    @Test(
        "pings and pongs by hand have the bytes of the generated code", arguments: [UInt64(0), 1, 255, 1 << 63, .max])
    func handCodedNonces(nonce: UInt64) throws {
        #expect(encoded(.ping(nonce: nonce)) == (try frame(.liveness) { $0.ping.nonce = nonce }))
        #expect(encoded(.pong(nonce: nonce)) == (try frame(.liveness) { $0.pong.nonce = nonce }))
    }

    @Test("a ping in an unusual but valid encoding is read by the generated code")
    func unusualPing() throws {
        let spelledOutZero: [UInt8] = [0x32, 9, 9, 0, 0, 0, 0, 0, 0, 0, 0]
        #expect(try decoded(frame(channel: 1, body: spelledOutZero)) == [.ping(nonce: 0)])
        let nonceTwice: [UInt8] = [0x3A, 18, 9, 1, 0, 0, 0, 0, 0, 0, 0, 9, 2, 0, 0, 0, 0, 0, 0, 0]
        #expect(try decoded(frame(channel: 1, body: nonceTwice)) == [.pong(nonce: 2)])
        let longLength: [UInt8] = [0x32, 0x80, 0x00]
        #expect(try decoded(frame(channel: 1, body: longLength)) == [.ping(nonce: 0)])
    }

    @Test("a field that this version does not know is skipped")
    func unknownField() throws {
        // Ping with nonce 5 and a number as field 14.
        let body: [UInt8] = [0x32, 11, 9, 5, 0, 0, 0, 0, 0, 0, 0, 0x70, 1]
        #expect(try decoded(frame(channel: 1, body: body)) == [.ping(nonce: 5)])
    }

    @Test("a reason's word that this version does not know reads as other")
    func unknownReason() throws {
        let identity = Bytes32(1, 2, 3, 4)
        let refused = try frame(.links) {
            $0.helloAck.refusal = "moon-phase"
            $0.helloAck.identity.append(contentsOf: identity.bytes)
        }
        let ack = HelloAck(
            refusal: .other, identity: Identity(key: identity), incarnation: 0, nonce: 0, signature: .none)
        #expect(try decoded(refused) == [.helloAck(ack)])
        #expect(try decoded(frame(.links) { $0.goodbye.reason = "moon-phase" }) == [.goodbye(.other)])
        #expect(try decoded(frame(.links) { $0.goodbye.reason = "" }) == [.goodbye(.other)])
    }

    @Test("a signature of sixty-four zeros is the absent one")
    func zeroSignature() throws {
        let spelledOut = try frame(.links) { $0.proof.signature.append(contentsOf: [UInt8](repeating: 0, count: 64)) }
        #expect(try decoded(spelledOut) == [.proof(Proof(signature: .none))])
    }

    @Test("every message of the schema has its field, its tag and its channel")
    func fields() throws {
        var generator = SeededGenerator(seed: 3)
        var seen: [EnvelopeField] = []
        for kind in 0..<MessageSamples.kinds {
            let message = MessageSamples.message(kind: kind, using: &generator)
            var scanner = FieldScanner(
                encoded(message).getSlice(at: Frame.headerBytes, length: message.encodedSize - Frame.headerBytes)
                    ?? ByteBuffer())
            let number = try #require(try scanner.next()?.number)
            let field = try #require(EnvelopeField(rawValue: number))
            // What is said often has a tag of one byte.
            #expect(field.rawValue < 16 || [.busy, .dialability, .otherProcess].contains(field))
            #expect(field.channel == nil || field.channel == message.channel)
            seen.append(field)
        }
        #expect(seen.sorted { $0.rawValue < $1.rawValue } == EnvelopeField.allCases)
    }
}
