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
        // One look at the bytes for header and body: a slice per frame would cost as much as what is decoded from it.
        let scan = buffer.withUnsafeReadableBytes(Self.scan)
        awaitedBytes = Frame.headerBytes
        switch scan {
        case .incomplete(let missing):
            awaitedBytes = missing
            return nil
        case .message(let message, let frameBytes):
            buffer.moveReaderIndex(forwardBy: frameBytes)
            offset += UInt64(frameBytes)
            return message
        case .body(let channel, let bodyBytes):
            return try body(of: bodyBytes, on: channel, from: &buffer)
        case .tlsRecord:
            throw fault(
                .tlsRecord, channel: nil, "this is TLS; both ends need the same transport, 'tcp' or 'tls'")
        case .emptyFrame:
            throw fault(.emptyFrame, channel: nil, "the length is 0; it counts the channel, so it is at least 1")
        case .unknownChannel(let number):
            throw fault(
                .unknownChannel, channel: number,
                "there is no channel \(number); is the other end a node of this wire version?")
        case .tooLarge(let channel, let bodyBytes):
            throw fault(
                .tooLarge, channel: channel.rawValue,
                "a body of \(bodyBytes) bytes; the limit is \(channel.limit) bytes")
        }
    }

    /// What stands at the front of a stream.
    private enum Scan {
        /// So many bytes are missing, at least.
        case incomplete(Int)
        /// A whole frame of a hot kind, decoded.
        case message(Message, frameBytes: Int)
        /// A whole frame of any other kind.
        case body(Channel, bodyBytes: Int)
        case tlsRecord
        case emptyFrame
        case unknownChannel(UInt8)
        case tooLarge(Channel, bodyBytes: Int)
    }

    /// The header is judged before any byte of the body.
    private static func scan(_ bytes: UnsafeRawBufferPointer) -> Scan {
        guard bytes.count >= Frame.lengthBytes else { return .incomplete(Frame.headerBytes - bytes.count) }
        let length = Int(UInt32(bigEndian: bytes.loadUnaligned(as: UInt32.self)))
        // As a length this would be 256 MiB and more, which no channel takes: only the name of the refusal is at stake.
        if (20...23).contains(bytes[0]), bytes[1] == 3 { return .tlsRecord }
        guard length > 0 else { return .emptyFrame }
        guard bytes.count >= Frame.headerBytes else { return .incomplete(Frame.headerBytes - bytes.count) }
        let number = bytes[Frame.lengthBytes]
        guard let channel = Channel(rawValue: number) else { return .unknownChannel(number) }
        guard length - 1 <= channel.limit else { return .tooLarge(channel, bodyBytes: length - 1) }
        let frameBytes = Frame.lengthBytes + length
        guard bytes.count >= frameBytes else { return .incomplete(frameBytes - bytes.count) }
        let body = UnsafeRawBufferPointer(rebasing: bytes[Frame.headerBytes..<frameBytes])
        let message: Message? =
            switch channel {
            case .liveness: NonceBody.message(in: body)
            case .application: LoadBody.message(in: body)
            case .links, .discovery, .consensus: nil
            }
        return message.map { .message($0, frameBytes: frameBytes) } ?? .body(channel, bodyBytes: length - 1)
    }

    private mutating func body(
        of bodyBytes: Int, on channel: Channel, from buffer: inout ByteBuffer
    ) throws(FrameError) -> Message {
        buffer.moveReaderIndex(forwardBy: Frame.headerBytes)
        let body = buffer.readSlice(length: bodyBytes) ?? ByteBuffer()
        do throws(BodyFault) {
            let message = try BodyDecoder.message(from: body, on: channel)
            offset += UInt64(Frame.headerBytes + bodyBytes)
            return message
        } catch {
            throw fault(error.code, channel: channel.rawValue, error.message)
        }
    }

    private func fault(_ code: FrameError.Code, channel: UInt8?, _ message: String) -> FrameError {
        FrameError(code: code, offset: offset, channel: channel, message: message)
    }
}
