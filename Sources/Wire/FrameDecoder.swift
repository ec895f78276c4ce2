public import NIOCore

/// Cuts a stream of bytes into messages, however the transport split it.
///
/// The caller owns the buffer: it appends what arrives, calls `next` until that returns nil, and discards what was
/// read when it likes. Because a frame over its channel's limit is refused at its header, the buffer never has to
/// hold more than one frame of the largest channel and one read of the transport. The decoder itself holds what has come of
/// frames in parts.
public struct FrameDecoder: Sendable {
    /// Bytes of the stream before the next frame.
    public private(set) var offset: UInt64 = 0

    /// After `next` returned nil: how many more bytes it needs, at least, before it can return something else. Room for
    /// them may be reserved at once, since a length is believed only within its channel's limit.
    public private(set) var awaitedBytes = Frame.headerBytes

    /// How many messages so far had fields that this version does not know. Those fields were skipped.
    public private(set) var messagesWithUnknownFields = 0

    /// Frames that come in parts.
    private var parts = PartAssembly()
    private var failure: FrameError?

    /// Bytes of frames in parts that the decoder holds until they are whole. For each class at most one frame.
    public var heldBytes: Int { parts.heldBytes }

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
        while true {
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
            case .module(let channel, let parts, let frameBytes):
                let message = Self.envelope(parts, of: buffer, on: channel)
                buffer.moveReaderIndex(forwardBy: frameBytes)
                offset += UInt64(frameBytes)
                return message
            case .body(let channel, let bodyBytes):
                buffer.moveReaderIndex(forwardBy: Frame.headerBytes)
                let message = try message(in: buffer.readSlice(length: bodyBytes), on: channel)
                offset += UInt64(Frame.headerBytes + bodyBytes)
                return message
            case .part(let bodyBytes):
                buffer.moveReaderIndex(forwardBy: Frame.headerBytes)
                let message = try takePart(buffer.readSlice(length: bodyBytes))
                offset += UInt64(Frame.headerBytes + bodyBytes)
                if let message { return message }
            case .fault(let code, let channel, let words):
                throw fault(code, channel: channel, words)
            }
        }
    }

    /// Takes in a part's body; returns the message that is whole by it.
    private mutating func takePart(_ body: ByteBuffer?) throws(FrameError) -> Message? {
        var whole: ByteBuffer?
        do throws(MessageFault) {
            whole = try parts.add(body ?? ByteBuffer())
        } catch {
            throw fault(error.code, channel: Frame.partChannel, error.message)
        }
        guard let frame = whole else { return nil }
        switch frame.withUnsafeReadableBytes(Self.scan) {
        case .message(let message, _): return message
        case .module(let channel, let parts, _): return Self.envelope(parts, of: frame, on: channel)
        case .body(let channel, let bodyBytes):
            return try message(
                in: frame.getSlice(at: frame.readerIndex + Frame.headerBytes, length: bodyBytes), on: channel)
        case .fault(let code, let channel, let words): throw fault(code, channel: channel, words)
        case .incomplete, .part: throw fault(.malformed, channel: Frame.partChannel, "parts of a part")
        }
    }

    /// What stands at the front of a stream.
    private enum Scan {
        /// So many bytes are missing, at least.
        case incomplete(Int)
        /// A whole frame of a hot kind, decoded.
        case message(Message, frameBytes: Int)
        /// A whole frame with a module's message.
        case module(Channel, ModuleBody.Parts, frameBytes: Int)
        /// A whole frame of any other kind.
        case body(Channel, bodyBytes: Int)
        /// A whole part of a frame.
        case part(bodyBytes: Int)
        case fault(FrameError.Code, channel: UInt8?, String)
    }

    /// The header is judged before any byte of the body.
    private static func scan(_ bytes: UnsafeRawBufferPointer) -> Scan {
        guard bytes.count >= Frame.lengthBytes else { return .incomplete(Frame.headerBytes - bytes.count) }
        let length = Int(UInt32(bigEndian: bytes.loadUnaligned(as: UInt32.self)))
        // As a length this would be 256 MiB and more, which no channel takes: only the name of the refusal is at stake.
        if (20...23).contains(bytes[0]), bytes[1] == 3 {
            return .fault(.tlsRecord, channel: nil, "this is TLS; both ends need the same transport, 'tcp' or 'tls'")
        }
        guard length > 0 else {
            return .fault(
                .emptyFrame, channel: nil, "the length is 0; it counts the channel, so it is at least 1")
        }
        guard bytes.count >= Frame.headerBytes else { return .incomplete(Frame.headerBytes - bytes.count) }
        let number = bytes[Frame.lengthBytes]
        let frameBytes = Frame.lengthBytes + length
        guard let channel = Channel(rawValue: number) else {
            return number == Frame.partChannel ? scanPart(length, of: bytes) : unknown(number)
        }
        guard length - 1 <= channel.limit else { return tooLarge(length - 1, number, limit: channel.limit) }
        guard bytes.count >= frameBytes else { return .incomplete(frameBytes - bytes.count) }
        let body = UnsafeRawBufferPointer(rebasing: bytes[Frame.headerBytes..<frameBytes])
        if body.first == EnvelopeField.module.tag { return scan(module: body, on: channel, frameBytes) }
        let message = channel == .liveness ? NonceBody.message(in: body) : nil
        return message.map { .message($0, frameBytes: frameBytes) } ?? .body(channel, bodyBytes: length - 1)
    }

    private static func scan(module body: UnsafeRawBufferPointer, on channel: Channel, _ frameBytes: Int) -> Scan {
        do throws(MessageFault) {
            guard let parts = try ModuleBody.parts(in: body) else {
                return .body(channel, bodyBytes: frameBytes - Frame.headerBytes)
            }
            return .module(channel, parts, frameBytes: frameBytes)
        } catch {
            return .fault(error.code, channel: channel.rawValue, error.message)
        }
    }

    /// The module's message of the frame at the front of `buffer`. Its bytes stay where they are.
    private static func envelope(_ parts: ModuleBody.Parts, of buffer: ByteBuffer, on channel: Channel) -> Message {
        let start = buffer.readerIndex + Frame.headerBytes + parts.body.lowerBound
        let body = buffer.getSlice(at: start, length: parts.body.count) ?? ByteBuffer()
        return .module(
            RawEnvelope(
                channel: channel, scope: parts.scope, kind: parts.kind, bytes: body, unknownFields: parts.unknownFields
            )
        )
    }

    private static func scanPart(_ length: Int, of bytes: UnsafeRawBufferPointer) -> Scan {
        let limit = 1 + Frame.maximumPartBytes
        guard length - 1 <= limit else { return tooLarge(length - 1, Frame.partChannel, limit: limit) }
        guard length > 2 else {
            return .fault(.malformed, channel: Frame.partChannel, "a part of a frame that carries nothing of it")
        }
        let missing = Frame.lengthBytes + length - bytes.count
        return missing > 0 ? .incomplete(missing) : .part(bodyBytes: length - 1)
    }

    private static func unknown(_ number: UInt8) -> Scan {
        .fault(
            .unknownChannel, channel: number,
            "there is no channel \(number); is the other end a node of this wire version?"
        )
    }

    private static func tooLarge(_ bodyBytes: Int, _ number: UInt8, limit: Int) -> Scan {
        .fault(.tooLarge, channel: number, "a body of \(bodyBytes) bytes; the limit is \(limit) bytes")
    }

    private mutating func message(in body: ByteBuffer?, on channel: Channel) throws(FrameError) -> Message {
        do throws(MessageFault) {
            let decoded = try BodyDecoder.message(from: body ?? ByteBuffer(), on: channel)
            if decoded.hasUnknownFields { messagesWithUnknownFields += 1 }
            return decoded.message
        } catch {
            throw fault(error.code, channel: channel.rawValue, error.message)
        }
    }

    private func fault(_ code: FrameError.Code, channel: UInt8?, _ message: String) -> FrameError {
        FrameError(code: code, offset: offset, channel: channel, message: message)
    }
}
