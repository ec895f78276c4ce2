import Kernel
import Wire

/// How much a peer may say: token buckets for messages and for bytes, one pair a channel.
///
/// A bucket is one moment, the one at which it would be full again (the generic cell rate algorithm of ITU-T I.371):
/// what is taken moves it on, and it may not lie further ahead than the burst.
struct RateLimit: Sendable, Hashable {
    /// Per second and channel.
    var messages: Int
    /// Per second and channel.
    var bytes: Int
    /// How much of a second's worth may come at once.
    var burst: Duration

    /// What one link has used.
    struct Meter: Codable, Sendable {
        /// When each bucket is full again, in nanoseconds: for each channel that of messages and that of bytes.
        var full = [Int64](repeating: 0, count: 2 * Channel.allCases.count)
        /// What was dropped since the buckets were last full.
        var dropped = 0
        /// No second report of drops before this.
        var reportedUntil: Instant = .zero
        /// Masternodes and trusted peers may say ten times as much, and are not cut for what is too much.
        var isPrivileged: Bool
    }

    /// Takes a message's share out of its channel's buckets.
    ///
    /// - Returns: false where there is not enough; nothing is taken then.
    func take(_ channel: Channel, bytes size: Int, at now: Instant, from meter: inout Meter) -> Bool {
        let place = 2 * Int(channel.rawValue)
        let limit = now.nanoseconds + burst.nanoseconds
        let share: Int64 = channel == .liveness || channel == .discovery ? 10 : 1
        let worth: Int64 = meter.isPrivileged ? 10 : 1
        let first = max(meter.full[place], now.nanoseconds) + share * 1_000_000_000 / (Int64(messages) * worth)
        let perByte = (share * Int64(size)).multipliedReportingOverflow(by: 1_000_000_000)
        let second = max(meter.full[place + 1], now.nanoseconds) + perByte.partialValue / (Int64(bytes) * worth)
        if meter.full[place] <= now.nanoseconds, meter.full[place + 1] <= now.nanoseconds { meter.dropped = 0 }
        guard !perByte.overflow, first <= limit, second <= limit else { return false }
        meter.full[place] = first
        meter.full[place + 1] = second
        return true
    }

    /// How many messages in excess show that a peer means it: as many as the burst forgives.
    func patience(_ channel: Channel) -> Int {
        let share: Int64 = channel == .liveness || channel == .discovery ? 10 : 1
        return max(1, Int(burst.nanoseconds / 1_000_000_000 * Int64(messages) / share))
    }
}
