/// Why the server cannot be made or cannot serve.
public struct HTTPServerError: Error, CustomStringConvertible {
    /// What kind of problem it is.
    public enum Code: String, Sendable, Hashable {
        case badAddress = "bad-address"
        case addressInUse = "address-in-use"
        case cannotListen = "cannot-listen"
    }

    public let code: Code
    /// What is wrong and what to do.
    public let message: String
    public let cause: (any Error)?

    public init(code: Code, message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }

    public var description: String { message }
}
