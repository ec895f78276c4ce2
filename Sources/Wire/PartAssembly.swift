internal import NIOCore

/// Puts frames together that come in parts: one of each class may be under way.
struct PartAssembly: Sendable {
    /// What has come of each class's frame; empty where none is under way. Made by the first part.
    private var frames: [ByteBuffer] = []
    /// Bytes of frames that are not whole.
    private(set) var heldBytes = 0

    /// Takes in a part's body.
    ///
    /// - Returns: the whole frame, with nothing behind it, once this was its last part.
    mutating func add(_ body: ByteBuffer) throws(MessageFault) -> ByteBuffer? {
        var body = body
        guard let number: UInt8 = body.readInteger(), let sendClass = SendClass(rawValue: number) else {
            throw .outOfRange("a part names no class of messages that there is")
        }
        if frames.isEmpty { frames = SendClass.allCases.map { _ in ByteBuffer() } }
        let place = Int(sendClass.rawValue)
        heldBytes += body.readableBytes
        frames[place].writeBuffer(&body)
        let missing = try Self.missing(of: frames[place])
        guard missing == 0 else { return nil }
        let frame = frames[place]
        frames[place] = ByteBuffer()
        heldBytes -= frame.readableBytes
        return frame
    }

    /// How many bytes of a frame are to come, by its header, which is judged before anything more is held.
    private static func missing(of frame: ByteBuffer) throws(MessageFault) -> Int {
        guard let (length, number) = frame.peekMultipleIntegers(as: (UInt32, UInt8).self) else {
            throw .malformed("a first part of \(frame.readableBytes) bytes has no room for the frame's header")
        }
        guard let channel = Channel(rawValue: number) else {
            throw MessageFault(
                code: .unknownChannel, message: "a part of a frame on channel \(number), which there is not")
        }
        guard length > 0 else { throw MessageFault(code: .emptyFrame, message: "a part of a frame of length 0") }
        guard length - 1 <= channel.limit else {
            throw MessageFault(
                code: .tooLarge,
                message: "a part of a frame with a body of \(length - 1) bytes; the limit is \(channel.limit) bytes"
            )
        }
        let missing = Frame.lengthBytes + Int(length) - frame.readableBytes
        guard missing >= 0 else { throw .malformed("a part goes \(-missing) bytes beyond the end of its frame") }
        return missing
    }
}
