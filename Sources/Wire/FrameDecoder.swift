public import NIOCore

/// Cuts a stream of bytes into messages, however the transport split it.
///
/// The caller owns the buffer: it appends what arrives, calls `next` until that returns nil, and discards what was
/// read when it likes. Because a frame over its channel's limit is refused at its header, the buffer never has to
/// hold more than one frame of the largest channel and one read of the transport.
public struct FrameDecoder: Sendable {
    /// Bytes of the stream before the next frame.
    public private(set) var offset: UInt64 = 0

    /// After `next` returned nil: how many more bytes it needs, at least, before it can return something else. Room for
    /// them may be reserved at once, since a length is believed only within its channel's limit.
    public private(set) var awaitedBytes = Frame.headerBytes

    private var failure: FrameError?

    /// A decoder at the start of a stream.
    public init() {}

    /// Reads one frame off the front of `buffer`.
    ///
    /// - Returns: the message, or nil while the frame is incomplete; an incomplete frame stays in the buffer.
    /// - Throws: `FrameError` when the stream cannot be read on, and the same error at every later call.
    public mutating func next(from buffer: inout ByteBuffer) throws(FrameError) -> Message? {
        if let failure { throw failure }
        do throws(FrameError) {
            return try read(from: &buffer)
        } catch {
            failure = error
            throw error
        }
    }

    private mutating func read(from buffer: inout ByteBuffer) throws(FrameError) -> Message? {
        guard let header = try header(of: buffer) else {
            awaitedBytes = Frame.headerBytes - buffer.readableBytes
            return nil
        }
        let frameBytes = Frame.headerBytes + header.bodyBytes
        guard buffer.readableBytes >= frameBytes else {
            awaitedBytes = frameBytes - buffer.readableBytes
            return nil
        }
        awaitedBytes = Frame.headerBytes
        let body = buffer.getSlice(at: buffer.readerIndex + Frame.headerBytes, length: header.bodyBytes)
        buffer.moveReaderIndex(forwardBy: frameBytes)
        do throws(BodyFault) {
            let message = try BodyDecoder.message(from: body ?? ByteBuffer(), on: header.channel)
            offset += UInt64(frameBytes)
            return message
        } catch {
            throw fault(error.code, channel: header.channel.rawValue, error.message)
        }
    }

    /// The channel and the body's length, judged before any byte of the body; nil while the header is incomplete.
    private func header(of buffer: ByteBuffer) throws(FrameError) -> (channel: Channel, bodyBytes: Int)? {
        guard let length = buffer.getInteger(at: buffer.readerIndex, as: UInt32.self) else { return nil }
        guard length > 0 else {
            throw fault(.emptyFrame, channel: nil, "the length is 0; it counts the channel, so it is at least 1")
        }
        guard let number = buffer.getInteger(at: buffer.readerIndex + Frame.lengthBytes, as: UInt8.self) else {
            return nil
        }
        guard let channel = Channel(rawValue: number) else {
            throw fault(
                .unknownChannel, channel: number,
                "there is no channel \(number); is the other end a node of this wire version?")
        }
        guard length - 1 <= UInt32(channel.limit) else {
            throw fault(
                .tooLarge, channel: number, "a body of \(length - 1) bytes; the limit is \(channel.limit) bytes")
        }
        return (channel, Int(length) - 1)
    }

    private func fault(_ code: FrameError.Code, channel: UInt8?, _ message: String) -> FrameError {
        FrameError(code: code, offset: offset, channel: channel, message: message)
    }
}
