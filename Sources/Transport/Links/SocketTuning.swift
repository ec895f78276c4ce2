import Kernel
import NIOCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Sets what a liveness module asks of the host's TCP (`tcp(7)`).
enum SocketTuning {
    /// Sets the options on a connected socket. A keepalive without a count leaves the count as it is: the system's own
    /// on a fresh socket.
    ///
    /// - Throws: what the system says; options before the refused one are set.
    static func apply(_ options: SocketOptions, to channel: any NIOCore.Channel) throws {
        guard let settings = channel.syncOptions else { return }
        try settings.setOption(.socketOption(.so_keepalive), value: options.keepalive == nil ? 0 : 1)
        #if os(Linux)
            if let keepalive = options.keepalive {
                try settings.setOption(.tcpOption(.keepIdle), value: wholeSeconds(keepalive.idle))
                try settings.setOption(.tcpOption(.keepInterval), value: wholeSeconds(keepalive.interval))
                if let probes = keepalive.probes {
                    try settings.setOption(.tcpOption(.keepCount), value: probes)
                }
            }
            let timeout = options.userTimeout.map { max(1, $0.nanoseconds / 1_000_000) } ?? 0
            try settings.setOption(.tcpOption(.userTimeout), value: Int(min(timeout, Int64(Int32.max))))
        #endif
    }

    /// Bounds what the host's TCP holds and has not sent: whatever it holds, nothing that is more urgent can overtake. A
    /// system that has no such option holds as much as its buffers take.
    static func limitUnsent(_ channel: (any NIOCore.Channel)?) {
        #if os(Linux)
            try? channel?.syncOptions?.setOption(.tcpOption(.unsentLimit), value: SendLimits.unsentBytes)
        #endif
    }

    /// Seconds for the kernel, rounded up, within the 1…32767 that it takes.
    private static func wholeSeconds(_ duration: Duration) -> Int {
        let seconds = (duration.nanoseconds.advanced(by: 999_999_999)) / 1_000_000_000
        return Int(min(32_767, max(1, seconds)))
    }
}

#if os(Linux)
    extension NIOBSDSocket.Option {
        /// Silence before the first keepalive probe, in seconds.
        static let keepIdle = NIOBSDSocket.Option(rawValue: TCP_KEEPIDLE)
        /// Time between probes, in seconds.
        static let keepInterval = NIOBSDSocket.Option(rawValue: TCP_KEEPINTVL)
        /// Unanswered probes before the connection is given up.
        static let keepCount = NIOBSDSocket.Option(rawValue: TCP_KEEPCNT)
        /// Bytes that may wait in the socket without having been sent (`TCP_NOTSENT_LOWAT`).
        static let unsentLimit = NIOBSDSocket.Option(rawValue: TCP_NOTSENT_LOWAT)
        /// How long data may stay unacknowledged, in milliseconds; 0 is the system's own limit.
        static let userTimeout = NIOBSDSocket.Option(rawValue: TCP_USER_TIMEOUT)
    }
#endif
