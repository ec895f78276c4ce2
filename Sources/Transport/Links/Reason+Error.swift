import NIOCore
import NIOSSL
import Wire

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

extension Reason {
    /// The cause as a word for what the transport said.
    ///
    /// - Parameter isOpening: the connection was not there yet, so that the host's own time limit means the dial.
    init(_ error: any Error, isOpening: Bool) {
        switch error {
        case NIOSSLError.handshakeFailed(.sslError(let stack)) where stack.contains(.eofDuringHandshake):
            self = .endOfStream
        case let error as IOError:
            self.init(errno: error.errnoCode, isOpening: isOpening)
        case ChannelError.connectTimeout:
            self = .connectTimeout
        case is ChannelError:
            // A write met a connection that was closing under it.
            self = isOpening ? .transportFailed : .reset
        case let error as FrameError:
            self = error.reason
        case is NIOSSLError, is BoringSSLError, is NIOSSLExtraError:
            self = DoorAlert(error)?.reason ?? .tlsFailed
        default:
            self = .transportFailed
        }
    }

    private init(errno code: CInt, isOpening: Bool) {
        switch code {
        case ECONNREFUSED: self = .connectionRefused
        case ETIMEDOUT: self = isOpening ? .connectTimeout : .timedOut
        case ECONNRESET, EPIPE, ECONNABORTED: self = .reset
        case EHOSTUNREACH, ENETUNREACH, EHOSTDOWN, ENETDOWN: self = .unreachable
        default: self = .transportFailed
        }
    }
}
