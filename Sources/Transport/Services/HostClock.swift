import Kernel
import NIOCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The clocks of a real node. Only drivers read clocks; policies are told.
struct HostClock: Sendable {
    private let start = NIODeadline.now()

    /// The monotonic clock since the host was made.
    var now: Instant { Instant(nanoseconds: (NIODeadline.now() - start).nanoseconds) }

    /// The system's wall clock, as far as it is right.
    var wall: WallTime {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return WallTime(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }

    /// The event loop's point in time for an instant; nil for one that is out of its reach.
    func deadline(_ instant: Instant) -> NIODeadline? {
        // Beyond a century from the start the sum could leave NIO's range; no timer means it.
        guard instant.nanoseconds < 3_153_600_000_000_000_000 else { return nil }
        return start + .nanoseconds(instant.nanoseconds)
    }
}
