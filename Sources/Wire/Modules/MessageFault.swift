/// What is wrong with the body of a message. It ends the link over which the body came.
public struct MessageFault: Error, Sendable, Hashable, CustomStringConvertible {
    /// What kind of fault it is.
    public let code: FrameError.Code
    /// What was found and what was expected.
    public let message: String

    public init(code: FrameError.Code, message: String) {
        self.code = code
        self.message = message
    }

    /// The body is no well-formed message.
    public static func malformed(_ message: String) -> MessageFault { MessageFault(code: .malformed, message: message) }

    /// A field's value is outside its range.
    public static func outOfRange(_ message: String) -> MessageFault {
        MessageFault(code: .outOfRange, message: message)
    }

    /// The body is longer than its kind may be.
    public static func tooLarge(_ size: Int, of name: String, limit: Int) -> MessageFault {
        MessageFault(code: .tooLarge, message: "'\(name)' has a body of \(size) bytes; the limit is \(limit) bytes")
    }

    /// The cause with which the link ends.
    public var reason: Reason { code.reason }

    public var description: String { "\(code.rawValue): \(message)" }
}
