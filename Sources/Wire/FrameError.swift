/// Why a stream of frames cannot be read on. The link has to end: after a bad frame nobody knows where the next one
/// begins.
public struct FrameError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong with the frame. The raw value is a word for logs.
    public enum Code: String, Sendable, Hashable, CaseIterable {
        /// What stands there is a record of TLS (RFC 8446): the other end encrypts, this one does not.
        case tlsRecord = "tls-record"
        /// The length is 0: not even a channel.
        case emptyFrame = "empty-frame"
        /// No channel has this number.
        case unknownChannel = "unknown-channel"
        /// The body is longer than its channel allows.
        case tooLarge = "too-large"
        /// The body is not exactly one well-formed message.
        case malformed
        /// The message belongs to another channel.
        case wrongChannel = "wrong-channel"
        /// A field's value is outside its range.
        case outOfRange = "out-of-range"
    }

    /// What is wrong.
    public let code: Code
    /// Where the frame begins: bytes of the stream before it.
    public let offset: UInt64
    /// The channel's number as received, nil where the frame ends before it.
    public let channel: UInt8?
    /// What was found and what was expected.
    public let message: String

    /// An error at a place of the stream.
    public init(code: Code, offset: UInt64, channel: UInt8?, message: String) {
        self.code = code
        self.offset = offset
        self.channel = channel
        self.message = message
    }

    /// The cause with which the link ends.
    public var reason: Reason { code.reason }

    /// One line: place, channel, code and message.
    public var description: String {
        let name =
            channel.map { number in
                number == Frame.partChannel ? "part" : Channel(rawValue: number).map { "\($0)" } ?? "\(number)"
            } ?? "unknown"
        return "frame at stream byte \(offset), channel \(name): \(code.rawValue): \(message)"
    }
}

extension FrameError.Code {
    /// The cause with which the link ends.
    var reason: Reason {
        switch self {
        case .tooLarge: .frameTooLarge
        case .tlsRecord: .tlsFailed
        case .emptyFrame, .unknownChannel, .malformed, .wrongChannel, .outOfRange: .badFrame
        }
    }
}
