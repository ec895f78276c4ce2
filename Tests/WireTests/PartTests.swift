import NIOCore
import Testing

@testable import Wire

@Suite("Frames in parts: a long message does not keep urgent ones waiting")
struct PartTests {
    /// The parts of a message's frame, each of `size` bytes but the last.
    private func parts(of message: Wire.Message, size: Int) -> [ByteBuffer] {
        var frame = encoded(message)
        var parts: [ByteBuffer] = []
        while let bytes = frame.readSlice(length: min(size, frame.readableBytes)), bytes.readableBytes > 0 {
            var part = ByteBuffer()
            FrameEncoder.encodePart(bytes, of: message.sendClass, into: &part)
            parts.append(part)
        }
        return parts
    }

    private func joined(_ buffers: [ByteBuffer]) -> ByteBuffer {
        buffers.reduce(into: ByteBuffer()) { $0.writeImmutableBuffer($1) }
    }

    private func module(_ channel: Wire.Channel, _ bytes: Int) -> Wire.Message {
        .module(RawEnvelope(channel: channel, scope: 1, kind: 1, body: [UInt8](repeating: 7, count: bytes)))
    }

    private func load(_ bytes: Int) -> Wire.Message { module(.application, bytes) }

    private func raw(_ sendClass: UInt8, _ bytes: [UInt8]) -> ByteBuffer {
        frame(channel: Frame.partChannel, body: [sendClass] + bytes)
    }

    @Test("the parts of a frame make its message, however long they are", arguments: [5, 6, 100, 4096, 65_536])
    func whole(size: Int) throws {
        let messages = [load(100_000), module(.consensus, 40), .ready]
        let buffers = messages.flatMap { parts(of: $0, size: size) }
        #expect(try decoded(joined(buffers)) == messages)
    }

    @Test("messages of other classes are read between two parts, and parts of two classes do not mix")
    func between() throws {
        let long = parts(of: load(10_000), size: 3000)
        let block = parts(of: module(.consensus, 5000), size: 3000)
        let stream = joined([
            long[0], encoded(.ping(nonce: 1)), long[1], block[0], long[2], encoded(.ping(nonce: 2)), block[1], long[3],
        ])
        let messages = try decoded(stream)
        #expect(messages.count == 4)
        #expect(messages[0] == .ping(nonce: 1))
        #expect(messages[1] == .ping(nonce: 2))
        #expect(messages[2].channel == .consensus)
        #expect(messages[3] == load(10_000))
    }

    @Test("a stream of parts that is cut anywhere reads the same, and says how much is held")
    func cutAnywhere() throws {
        let message = load(60)
        let bytes = Array(joined(parts(of: message, size: 20) + [encoded(.ready)]).readableBytesView)
        for cut in 0...bytes.count {
            var decoder = FrameDecoder()
            var buffer = ByteBuffer(bytes: bytes[..<cut])
            var messages: [Wire.Message] = []
            while let message = try decoder.next(from: &buffer) { messages.append(message) }
            #expect(decoder.heldBytes < message.encodedSize)
            #expect(decoder.heldBytes + buffer.readableBytes + Int(decoder.offset) >= cut)
            buffer.writeBytes(bytes[cut...])
            while let message = try decoder.next(from: &buffer) { messages.append(message) }
            #expect(messages == [message, .ready], "cut at \(cut)")
            #expect(decoder.heldBytes == 0)
            #expect(decoder.offset == UInt64(bytes.count))
        }
    }

    @Test("what is no part of a frame ends the stream with its cause")
    func faults() throws {
        let cases: [(ByteBuffer, FrameError.Code, String)] = [
            (raw(3, []), .malformed, "carries nothing"),
            (raw(4, [0, 0, 0, 2, 0]), .outOfRange, "no class"),
            (raw(3, [0, 0, 0, 2]), .malformed, "no room for the frame's header"),
            (raw(3, [0, 0, 0, 0, 4]), .emptyFrame, "length 0"),
            (raw(3, [0, 0, 0, 9, 7]), .unknownChannel, "channel 7"),
            (raw(3, [0, 0, 0, 9, Frame.partChannel]), .unknownChannel, "channel 255"),
            (raw(0, [0, 0, 5, 2, 1]), .tooLarge, "1281 bytes; the limit is 1024"),
            (raw(0, [0, 0, 0, 2, 1, 9, 9]), .malformed, "1 bytes beyond"),
            (raw(0, [0, 0, 0, 2, 1, 0xFF]), .malformed, "cut off"),
            (frame(channel: Frame.partChannel, body: .init(repeating: 0, count: 65_538)), .tooLarge, "65537"),
        ]
        for (stream, code, words) in cases {
            let error = failure(stream)
            #expect(error?.code == code, "\(words)")
            #expect(error?.message.contains(words) == true, "\(words)")
        }
    }

    @Test("nothing is held of a frame that is over its channel's limit")
    func tooLong() throws {
        var decoder = FrameDecoder()
        var buffer = raw(3, [0, 0x20, 0, 0, 4])
        #expect(throws: FrameError.self) { _ = try decoder.next(from: &buffer) }
        #expect(decoder.heldBytes <= Frame.headerBytes)
    }

    @Test("messages are urgent by what waits for them")
    func classes() {
        var generator = SeededGenerator(seed: 3)
        #expect(Wire.Message.ping(nonce: 1).sendClass == .control)
        #expect(Wire.Message.goodbye(.shutdown).sendClass == .control)
        #expect(module(.consensus, 1).sendClass == .urgent)
        #expect(module(.discovery, 1).sendClass == .normal)
        #expect(load(1).sendClass == .bulk)
        // What a module declares counts more than its channel.
        #expect(Message(ModuleFrameTests.Sample.empty).sendClass == .normal)
        let droppable = (0..<MessageSamples.kinds).map { MessageSamples.message(kind: $0, using: &generator) }
            .filter(\.isDroppable)
        #expect(droppable.allSatisfy { $0.channel == .application })
    }
}
