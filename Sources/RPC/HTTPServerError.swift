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

/// Why the server cannot be made or cannot serve.
public struct HTTPServerError: Error, CustomStringConvertible {
    /// What kind of problem it is.
    public enum Code: String, Sendable, Hashable {
        case badAddress = "bad-address"
        case addressInUse = "address-in-use"
        case cannotListen = "cannot-listen"
        case listenerLost = "listener-lost"
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

    init(_ error: IOError, at listen: Endpoint) {
        let remedy: String
        switch error.errnoCode {
        case EADDRINUSE: remedy = "another program does; change 'rpc.http.listen' in the profile"
        case EADDRNOTAVAIL: remedy = "this host has no such address; change 'rpc.http.listen' in the profile"
        case EACCES, EPERM: remedy = "not allowed; set 'rpc.http.listen' to a port above 1023"
        default: remedy = SystemErrorText.of(error)
        }
        self.init(
            code: error.errnoCode == EADDRINUSE ? .addressInUse : .cannotListen,
            message: "RPC cannot listen on \(listen): \(remedy)", cause: error
        )
    }

    static func listenerLost(_ listen: Endpoint) -> HTTPServerError {
        HTTPServerError(code: .listenerLost, message: "RPC's listening socket at \(listen) was closed")
    }

    public var description: String { message }
}
