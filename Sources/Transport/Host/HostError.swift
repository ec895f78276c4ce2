import NIOCore
import SystemErrors
import Wire

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Why a host did not start.
public struct HostError: Error, Sendable, CustomStringConvertible {
    /// What went wrong. The raw value is a word for logs.
    public enum Code: String, Sendable, Hashable {
        case addressInUse = "address-in-use"
        case addressUnavailable = "address-unavailable"
        case permissionDenied = "permission-denied"
        case bindFailed = "bind-failed"
        case storeFailed = "store-failed"
        case certificateFailed = "certificate-failed"
        case alreadyStarted = "already-started"
        case stopped
    }

    /// What went wrong.
    public let code: Code
    /// What went wrong and what to do about it.
    public let message: String
    /// What the system or a library said.
    public let cause: (any Error)?

    /// An error with its remedy.
    public init(code: Code, message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }

    /// The message, then what the system said.
    public var description: String { cause.map { "\(message) (\(SystemErrorText.of($0)))" } ?? message }

    static func bind(_ endpoint: Endpoint, _ cause: any Error) -> HostError {
        switch (cause as? IOError)?.errnoCode {
        case EADDRINUSE:
            HostError(
                code: .addressInUse,
                message: "cannot listen on \(endpoint): something else listens there; stop it or set another 'listen'",
                cause: cause
            )
        case EADDRNOTAVAIL:
            HostError(
                code: .addressUnavailable,
                message: "cannot listen on \(endpoint): this host has no such address; set 'listen' to one it has",
                cause: cause
            )
        case EACCES, EPERM:
            HostError(
                code: .permissionDenied,
                message: "cannot listen on \(endpoint): not allowed; set 'listen' to a port above 1023",
                cause: cause
            )
        default:
            HostError(
                code: .bindFailed, message: "cannot listen on \(endpoint); check 'listen' and the system's limits",
                cause: cause
            )
        }
    }
}
