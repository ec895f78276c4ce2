import Kernel
import NIOCore
import Wire

/// The frames that wait in a link's `SendQueue`, one behind the other for each class of messages.
struct Backlog {
    /// By class; made by the first frame that waits.
    private var frames: [ByteBuffer] = []

    /// Encodes a message behind those of its class.
    ///
    /// - Returns: the frame's size in bytes, nil where the message is over its channel's limit.
    mutating func append(_ message: Message, _ allocator: ByteBufferAllocator) -> Int? {
        if frames.isEmpty { frames = SendClass.allCases.map { _ in ByteBuffer() } }
        let place = Int(message.sendClass.rawValue)
        if frames[place].readableBytes == 0 { frames[place] = allocator.buffer(capacity: message.encodedSize) }
        let before = frames[place].readableBytes
        return FrameEncoder.encode(message, into: &frames[place]) ? frames[place].readableBytes - before : nil
    }

    /// Takes a piece off the front of its class and writes it to `buffer` as it goes over the wire.
    mutating func move(_ part: SendQueue<Wire.Channel>.Part, into buffer: inout ByteBuffer) {
        let place = Int(part.sendClass.rawValue)
        guard var bytes = frames[place].readSlice(length: part.bytes) else {
            preconditionFailure("a link's queue counts \(part.bytes) bytes that are not there")
        }
        if part.isWhole {
            buffer.writeBuffer(&bytes)
        } else {
            FrameEncoder.encodePart(bytes, of: part.sendClass, into: &buffer)
        }
        // A slice shares its memory, which has to be ours alone before it is moved.
        bytes = ByteBuffer()
        trim(place)
    }

    /// Leaves bytes at the front of a class out.
    mutating func drop(_ bytes: Int, of sendClass: SendClass) {
        frames[Int(sendClass.rawValue)].moveReaderIndex(forwardBy: bytes)
        trim(Int(sendClass.rawValue))
    }

    /// Leaves everything of a class out.
    mutating func drop(_ sendClass: SendClass) { frames[Int(sendClass.rawValue)] = ByteBuffer() }

    private mutating func trim(_ place: Int) {
        if frames[place].readableBytes == 0 {
            frames[place] = ByteBuffer()
        } else if frames[place].readerIndex > max(Self.mostUnusedBytes, frames[place].readableBytes) {
            frames[place].discardReadBytes()
        }
    }

    /// So many bytes that have been read may stay in front of those that wait.
    private static let mostUnusedBytes = 64 * 1024
}
