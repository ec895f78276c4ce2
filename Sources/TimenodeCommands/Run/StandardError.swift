import Foundation

/// The process's standard error, whose reader may have died or may read nothing any more.
enum StandardError {
    /// So much of a pipe is free where it can be written to at all (`PIPE_BUF`).
    private static let piece = 4_096

    /// Writes a text.
    ///
    /// - Parameter limit: how long each piece may wait for the reader; nil waits for ever.
    /// - Returns: whether all of it was taken.
    @discardableResult
    static func write(_ text: String, within limit: Duration? = nil) -> Bool {
        write(Array(text.utf8), to: STDERR_FILENO, within: limit)
    }

    static func write(_ bytes: [UInt8], to file: Int32, within limit: Duration?) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            if let limit, !isWritable(file, within: limit) { return false }
            let count = rest.prefix(piece).withUnsafeBytes { Foundation.write(file, $0.baseAddress, $0.count) }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if errno == EAGAIN || errno == EWOULDBLOCK {
                // Somebody who shares the pipe has made it so.
                if !isWritable(file, within: limit ?? .seconds(1)), limit != nil { return false }
            } else if errno != EINTR {
                return false
            }
        }
        return true
    }

    private static func isWritable(_ file: Int32, within limit: Duration) -> Bool {
        let deadline = ContinuousClock.now + limit
        while true {
            let rest = ContinuousClock.now.duration(to: deadline)
            guard rest > .zero else { return false }
            var entry = pollfd(fd: file, events: Int16(POLLOUT), revents: 0)
            let milliseconds = rest.components.seconds * 1_000 + rest.components.attoseconds / 1_000_000_000_000_000
            let count = poll(&entry, 1, Int32(clamping: milliseconds + 1))
            // Where the reader is gone, writing says so.
            if count > 0 { return true }
        }
    }
}
