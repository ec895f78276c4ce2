/// A point on a node's monotonic clock, in nanoseconds since its driver started.
///
/// The real driver counts the host's monotonic clock, the simulator its virtual time. Two nodes' instants are never
/// compared.
public struct Instant: Sendable, Hashable, Comparable, Codable, CustomStringConvertible {
    /// Nanoseconds since the driver started.
    public let nanoseconds: Int64

    /// The moment the driver started.
    public static let zero = Instant(nanoseconds: 0)

    /// A point that no timer reaches.
    public static let never = Instant(nanoseconds: .max)

    /// An instant from nanoseconds since the driver started.
    public init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    public static func < (left: Instant, right: Instant) -> Bool { left.nanoseconds < right.nanoseconds }

    /// Saturates at `never`, and as far before the start.
    public static func + (left: Instant, right: Duration) -> Instant {
        let (sum, overflow) = left.nanoseconds.addingReportingOverflow(right.nanoseconds)
        return Instant(nanoseconds: overflow ? (right < .zero ? .min : .max) : sum)
    }

    /// Saturates beyond 292 years.
    public static func - (left: Instant, right: Instant) -> Duration {
        let (difference, overflow) = left.nanoseconds.subtractingReportingOverflow(right.nanoseconds)
        return .nanoseconds(overflow ? (left < right ? .min : .max) : difference)
    }

    /// The next whole millisecond at or after this instant. Timers are set on these, so that no driver depends on
    /// how another build of libm rounds.
    public var roundedUpToMillisecond: Instant {
        let remainder = nanoseconds % 1_000_000
        if remainder == 0 { return self }
        let (rounded, overflow) = nanoseconds.addingReportingOverflow(
            remainder > 0 ? 1_000_000 - remainder : -remainder)
        return overflow ? .never : Instant(nanoseconds: rounded)
    }

    /// Seconds since the driver started, for reports.
    public var seconds: Double { Double(nanoseconds) / 1e9 }

    public var description: String { "\(seconds) s" }
}

extension Duration {
    /// The whole duration in nanoseconds, saturating beyond 292 years.
    public var nanoseconds: Int64 {
        let parts = components
        let (whole, overflow) = parts.seconds.multipliedReportingOverflow(by: 1_000_000_000)
        if overflow { return parts.seconds < 0 ? .min : .max }
        let (sum, isBeyond) = whole.addingReportingOverflow(parts.attoseconds / 1_000_000_000)
        return isBeyond ? (parts.seconds < 0 ? .min : .max) : sum
    }

    /// The duration in seconds, for reports.
    public var seconds: Double { Double(nanoseconds) / 1e9 }
}

/// A wall clock reading: milliseconds since 1970-01-01 UTC. Only consensus looks at it.
public struct WallTime: Sendable, Hashable, Comparable, Codable {
    /// Milliseconds since 1970-01-01 UTC.
    public let milliseconds: Int64

    /// A reading from milliseconds since 1970-01-01 UTC.
    public init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    public static func < (left: WallTime, right: WallTime) -> Bool { left.milliseconds < right.milliseconds }
}
