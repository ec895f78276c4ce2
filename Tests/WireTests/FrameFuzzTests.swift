import NIOCore
import Testing

@testable import Wire

@Suite("Frames: no bytes can hurt the decoder")
struct FrameFuzzTests {
    @Test("fifty thousand mutated streams end in messages or an error", arguments: 0..<4)
    func mutations(seed: Int) {
        var generator = SeededGenerator(seed: UInt64(seed))
        let seeds = (0..<4 * MessageSamples.kinds).map { number in
            Array(
                encoded(MessageSamples.message(kind: number % MessageSamples.kinds, using: &generator))
                    .readableBytesView)
        }
        var accepted = 0
        var refused = 0
        for round in 0..<50_000 {
            var bytes = seeds[round % seeds.count]
            for _ in 0..<Int.random(in: 1...3, using: &generator) { mutate(&bytes, using: &generator) }
            let outcome = feed(bytes, using: &generator)
            accepted += outcome.messages
            refused += outcome.failed ? 1 : 0
        }
        // Both must happen often, or the mutations test nothing.
        #expect(accepted > 5_000)
        #expect(refused > 5_000)
    }

    @Test("random bytes behind a believable header end in messages or an error")
    func garbage() {
        var generator = SeededGenerator(seed: 99)
        for _ in 0..<10_000 {
            let count = Int.random(in: 0...80, using: &generator)
            let channel = UInt8.random(in: 0...5, using: &generator)
            let body = (0..<count).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
            _ = feed(Array(frame(channel: channel, body: body).readableBytesView), using: &generator)
        }
    }

    /// Feeds the bytes in two pieces. What is read must be a message that can be sent on and read again.
    private func feed(_ bytes: [UInt8], using generator: inout SeededGenerator) -> (messages: Int, failed: Bool) {
        var decoder = FrameDecoder()
        var buffer = ByteBuffer()
        var messages = 0
        let cut = Int.random(in: 0...bytes.count, using: &generator)
        let largest = Frame.headerBytes + Wire.Channel.consensus.limit
        do throws(FrameError) {
            for piece in [bytes[..<cut], bytes[cut...]] {
                buffer.writeBytes(piece)
                while let message = try decoder.next(from: &buffer) {
                    messages += 1
                    if !survives(message) { Issue.record("read but cannot be sent on: \(message), from \(bytes)") }
                }
                if !(1...largest).contains(decoder.awaitedBytes) { Issue.record("waits for \(decoder.awaitedBytes)") }
            }
            return (messages, false)
        } catch {
            return (messages, true)
        }
    }

    private func survives(_ message: Wire.Message) -> Bool {
        let buffer = encoded(message)
        return buffer.readableBytes == message.encodedSize && (try? decoded(buffer)) == [message]
    }

    private func mutate(_ bytes: inout [UInt8], using generator: inout SeededGenerator) {
        guard let place = bytes.indices.randomElement(using: &generator) else { return }
        switch Int.random(in: 0..<7, using: &generator) {
        case 0: bytes[place] = UInt8(truncatingIfNeeded: generator.next())
        case 1: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
        case 2: bytes[place] = [0, 1, 127, 128, 255].randomElement(using: &generator) ?? 0
        case 3: bytes.insert(UInt8(truncatingIfNeeded: generator.next()), at: place)
        case 4: bytes.remove(at: place)
        case 5: bytes.removeLast(bytes.count - place)
        default: bytes += bytes[place...]
        }
        // Mostly keep the frame's length right, so that the body's reader is reached.
        guard bytes.count > Frame.headerBytes, Int.random(in: 0..<4, using: &generator) > 0 else { return }
        let length = bytes.count - Frame.lengthBytes
        for (index, shift) in [24, 16, 8, 0].enumerated() { bytes[index] = UInt8(length >> shift & 255) }
    }
}
