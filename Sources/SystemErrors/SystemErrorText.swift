import Foundation
import NIOCore
import NIOPosix

/// Says in plain words what the operating system or a library complains of: the one place where their errors become text.
///
/// An error of this program's own has its words already, and they are kept.
public enum SystemErrorText {
    /// A part of a sentence, without a full stop: `permission denied`.
    public static func of(_ error: any Error) -> String {
        switch error {
        case let error as IOError: return words(error.errnoCode)
        case let error as NIOConnectionError: return of(error)
        case let error as ChannelError: return of(error)
        case is NIOTooManyBytesError: return "more bytes came than are taken"
        case let error as DecodingError: return DecodingErrorText.of(error)
        case let error as POSIXError: return words(error.code.rawValue)
        case let error as CocoaError: return of(error as NSError)
        default: break
        }
        // Every error can be seen as one of Foundation's; this is for those that are.
        if type(of: error) == NSError.self { return of(error as NSError) }
        return "\(error)"
    }

    /// What an error number of the system means.
    public static func words(_ code: Int32) -> String {
        switch code {
        case EMFILE: return "this process has as many files and sockets open as it may; raise the limit ('ulimit -n')"
        case ENFILE: return "this system has as many files open as it can"
        case ENOSPC: return "no space is left on the disk"
        case ENOENT: return "there is no such file"
        case EACCES, EPERM: return "permission denied"
        case ECONNREFUSED: return "the connection was refused: nothing listens there"
        case ECONNRESET: return "the other end reset the connection"
        case EPIPE: return "the other end closed the connection"
        case ETIMEDOUT: return "the connection timed out"
        case EHOSTUNREACH, ENETUNREACH: return "the system has no route to that address"
        case EADDRINUSE: return "another socket has that address"
        case EADDRNOTAVAIL: return "this host has no such address"
        default:
            let text = String(cString: strerror(code))
            // "No child processes" reads as a part of a sentence; "I/O error" stays.
            let isWord = text.dropFirst().first.map { $0.isLowercase } ?? false
            return isWord ? text.prefix(1).lowercased() + text.dropFirst() : text
        }
    }

    private static func of(_ error: NIOConnectionError) -> String {
        if let first = error.connectionErrors.first { return of(first.error) }
        if error.dnsAError != nil || error.dnsAAAAError != nil { return "no host '\(error.host)' is known" }
        return "no connection could be made to \(error.host):\(error.port)"
    }

    private static func of(_ error: ChannelError) -> String {
        switch error {
        case .connectTimeout(let limit): "no connection was made within \(limit.nanoseconds / 1_000_000_000) s"
        case .ioOnClosedChannel, .alreadyClosed: "the connection is closed"
        case .outputClosed, .inputClosed, .eof: "the other end closed the connection"
        default: "the connection failed (\(error))"
        }
    }

    private static func of(_ error: NSError) -> String {
        if error.domain == NSPOSIXErrorDomain { return words(Int32(clamping: error.code)) }
        if let cause = error.userInfo[NSUnderlyingErrorKey] as? any Error { return of(cause) }
        guard error.domain == NSCocoaErrorDomain else { return error.localizedDescription }
        switch CocoaError.Code(rawValue: error.code) {
        case .fileNoSuchFile, .fileReadNoSuchFile: return words(ENOENT)
        case .fileReadNoPermission, .fileWriteNoPermission: return words(EACCES)
        case .fileWriteOutOfSpace: return words(ENOSPC)
        case .fileWriteFileExists: return "the file exists already"
        case .fileWriteVolumeReadOnly: return "the file system is read-only"
        case .fileReadTooLarge: return "the file is too large"
        default: return "the file cannot be used (code \(error.code))"
        }
    }
}
