import NIOCore
import Testing

@testable import Wire

@Suite("Frames: a stream may be split anywhere")
struct FrameStreamTests {
    /// One message of each kind, twice.
    private static let messages: [Wire.Message] = {
        var generator = SeededGenerator(seed: 11)
        return (0..<2 * MessageSamples.kinds).map { number in
            MessageSamples.message(kind: number % MessageSamples.kinds, using: &generator)
        }
    }()

    private static let stream: ByteBuffer = {
        var buffer = ByteBuffer()
        for message in messages { FrameEncoder.encode(message, into: &buffer) }
        return buffer
    }()

    @Test("many frames in one buffer come out in order")
    func manyFrames() throws {
        #expect(Self.stream.readableBytes == Self.messages.reduce(0) { $0 + $1.encodedSize })
        #expect(try decoded(Self.stream) == Self.messages)
    }

    @Test("a stream that comes byte by byte gives the same messages")
    func byteByByte() throws {
        var decoder = FrameDecoder()
        var buffer = ByteBuffer()
        var messages: [Wire.Message] = []
        for byte in Self.stream.readableBytesView {
            buffer.writeInteger(byte)
            while let message = try decoder.next(from: &buffer) { messages.append(message) }
            buffer.discardReadBytes()
        }
        #expect(messages == Self.messages)
        #expect(buffer.readableBytes == 0)
        #expect(decoder.offset == UInt64(Self.stream.readableBytes))
    }

    @Test("a stream cut in two at any byte gives the same messages")
    func cutAnywhere() throws {
        let bytes = Array(Self.stream.readableBytesView)
        for cut in 0...bytes.count {
            var decoder = FrameDecoder()
            var buffer = ByteBuffer(bytes: bytes[..<cut])
            var messages: [Wire.Message] = []
            while let message = try decoder.next(from: &buffer) { messages.append(message) }
            buffer.writeBytes(bytes[cut...])
            while let message = try decoder.next(from: &buffer) { messages.append(message) }
            #expect(messages == Self.messages, "cut at \(cut)")
        }
    }

    @Test("an incomplete frame stays in the buffer and names the bytes it waits for")
    func awaitedBytes() throws {
        let frame = encoded(
            .module(RawEnvelope(channel: .application, scope: 1, kind: 1, body: [UInt8](repeating: 1, count: 500))))
        let size = frame.readableBytes
        for available in 0..<size {
            var decoder = FrameDecoder()
            var buffer = frame
            buffer.moveWriterIndex(to: available)
            #expect(try decoder.next(from: &buffer) == nil)
            #expect(buffer.readableBytes == available)
            #expect(decoder.awaitedBytes == (available < Frame.headerBytes ? Frame.headerBytes : size) - available)
            #expect(decoder.offset == 0)
        }
    }

    @Test("an encoder appends: what was in the buffer stays in front")
    func appends() {
        var buffer = ByteBuffer(string: "before")
        FrameEncoder.encode(.pong(nonce: 1), into: &buffer)
        #expect(buffer.readString(length: 6) == "before")
        #expect(buffer == encoded(.pong(nonce: 1)))
    }

    @Test("a message that the receiver would refuse is not written at all")
    func refusedByTheEncoder() {
        var generator = SeededGenerator(seed: 1)
        var longName = MessageSamples.hello(using: &generator)
        longName.network = String(repeating: "n", count: 65)
        let refused: [Wire.Message] = [
            .hello(longName),
            .module(RawEnvelope(channel: .liveness, scope: 1, kind: 1, body: [UInt8](repeating: 1, count: 1024))),
            Message(ModuleFrameTests.Sample.everything(ModuleFrameTests.Sample.Everything(filler: 2001))),
        ]
        for message in refused {
            var buffer = ByteBuffer(string: "x")
            #expect(!message.isEncodable)
            #expect(FrameEncoder.encode(message, into: &buffer) == false)
            #expect(buffer.readableBytes == 1)
        }
    }

    @Test("a frame of exactly its channel's limit passes")
    func exactlyTheLimit() throws {
        // Tag and length of the envelope's field, scope, kind, tag and length of the body field: 1 + 2 + 5 + 2 + 1 + 2.
        let body = [UInt8](repeating: 7, count: Wire.Channel.liveness.limit - 13)
        let message = Wire.Message.module(RawEnvelope(channel: .liveness, scope: 1, kind: 1, body: body))
        #expect(message.encodedSize == Frame.headerBytes + Wire.Channel.liveness.limit)
        #expect(message.isEncodable)
        #expect(try decoded(encoded(message)) == [message])
    }
}
