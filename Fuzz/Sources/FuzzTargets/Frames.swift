import NIOCore
import Wire

extension FuzzTarget {
    /// What arrives on a link: any bytes are messages or one error, wherever the transport cut them; and what was read
    /// can be sent on in as many bytes as it says, and read again.
    static let frames = FuzzTarget(
        name: "frames",
        seeds: {
            Samples.messages.map { Seed(name: $0.name, bytes: Stream.bytes([$0.message])) }
                + [Seed(name: "all", bytes: Stream.bytes(Samples.messages.map(\.message)))]
        },
        run: { bytes in
            let whole = Stream.read(bytes, pieces: bytes.count)
            promise(whole == Stream.read(bytes, pieces: 1 + bytes.count / 3), "the cut changes what is read")
            if bytes.count < 300 {
                promise(whole == Stream.read(bytes, pieces: 1), "a byte at a time reads as something else")
            }
            for message in whole.messages {
                let again = Stream.bytes([message])
                promise(again.count == message.encodedSize, "\(message) has another size than it says")
                promise(Stream.read(again, pieces: again.count).messages == [message], "\(message) changes")
            }
        }
    )
}

/// Streams of frames in memory.
enum Stream {
    struct Outcome: Equatable {
        var messages: [Message] = []
        var error: FrameError?
    }

    static func bytes(_ messages: [Message]) -> [UInt8] {
        var buffer = ByteBuffer()
        for message in messages {
            promise(FrameEncoder.encode(message, into: &buffer), "a message that was read cannot be sent: \(message)")
        }
        return Array(buffer.readableBytesView)
    }

    /// Feeds `bytes` in pieces of so many.
    static func read(_ bytes: [UInt8], pieces: Int) -> Outcome {
        var outcome = Outcome()
        var decoder = FrameDecoder()
        var buffer = ByteBuffer()
        var place = 0
        do throws(FrameError) {
            repeat {
                let end = min(bytes.count, place + max(1, pieces))
                buffer.writeBytes(bytes[place..<end])
                place = end
                while let message = try decoder.next(from: &buffer) { outcome.messages.append(message) }
                let most = Frame.headerBytes + Wire.Channel.consensus.limit
                promise((1...most).contains(decoder.awaitedBytes), "waits for \(decoder.awaitedBytes) bytes")
            } while place < bytes.count
        } catch {
            outcome.error = error
        }
        return outcome
    }
}
