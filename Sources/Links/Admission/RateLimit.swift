import Kernel
import Wire

/// How much a peer may say: token buckets for messages and for bytes, one pair a channel.
///
/// A bucket is one moment, the one at which it would be full again (the generic cell rate algorithm of ITU-T I.371):
/// what is taken moves it on, and it may not lie further ahead than the burst.
struct RateLimit: Sendable, Hashable {
    /// How much of a second's worth may come at once.
    private let burst: Duration
    /// Messages per second and channel.
    private let messages: Int
    /// Bytes per second and channel.
    private let bytes: Int
    private let regular: Tariff
    private let tenfold: Tariff
    private let tenth: Tariff

    /// - Parameters:
    ///   - messages: per second and channel.
    ///   - bytes: per second and channel.
    ///   - burst: how much of a second's worth may come at once.
    init(messages: Int, bytes: Int, burst: Duration) {
        self.burst = burst
        self.messages = messages
        self.bytes = bytes
        regular = Tariff(messages: messages, bytes: bytes, factor: 1, divisor: 1)
        tenfold = Tariff(messages: messages, bytes: bytes, factor: 10, divisor: 1)
        tenth = Tariff(messages: messages, bytes: bytes, factor: 1, divisor: 10)
    }

    /// What a message and its bytes take of a second. Worked out once: every message asks, and a division takes longer than
    /// all the rest.
    private struct Tariff: Sendable, Hashable {
        private static let fraction = 28

        /// Nanoseconds.
        let message: Int64
        /// Nanoseconds, with 28 binary places, rounded up.
        private let byte: UInt64

        init(messages: Int, bytes: Int, factor: UInt64, divisor: UInt64) {
            message = Int64(factor * 1_000_000_000 / (UInt64(messages) * divisor))
            let second = factor * 1_000_000_000 << Self.fraction
            let (whole, rest) = second.quotientAndRemainder(dividingBy: UInt64(bytes) * divisor)
            byte = rest == 0 ? whole : whole + 1
        }

        /// Nanoseconds; nil where they would be more than a century.
        func bytes(_ count: Int) -> Int64? {
            let product = byte.multipliedFullWidth(by: UInt64(count))
            guard product.high >> (Self.fraction - 3) == 0 else { return nil }
            return Int64(product.high << (64 - Self.fraction) | product.low >> Self.fraction)
        }
    }

    /// What one link has used.
    struct Meter: Codable, Sendable {
        var full = Buckets()
        /// What was dropped since the buckets were last full, as `excess` counts it.
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
        let now = now.nanoseconds
        let tariff = tariff(channel, isPrivileged: meter.isPrivileged)
        guard let cost = tariff.bytes(size) else { return false }
        let (messages, bytes) = (meter.full.at[place], meter.full.at[place + 1])
        if messages <= now, bytes <= now { meter.dropped = 0 }
        let first = max(messages, now) + tariff.message
        let second = max(bytes, now) + cost
        let limit = now + burst.nanoseconds
        guard first <= limit, second <= limit else { return false }
        meter.full.at[place] = first
        meter.full.at[place + 1] = second
        return true
    }

    /// Liveness and discovery have a tenth; who is privileged may say ten times as much.
    private func tariff(_ channel: Channel, isPrivileged: Bool) -> Tariff {
        switch (channel, isPrivileged) {
        case (.liveness, false), (.discovery, false): tenfold
        case (.liveness, true), (.discovery, true), (_, false): regular
        case (_, true): tenth
        }
    }

    /// For how many messages one counts that is dropped: a large one for as many as have its bytes to share.
    func excess(_ size: Int) -> Int { max(1, size / max(1, bytes / messages)) }

    /// How many messages in excess show that a peer means it: as many as the burst forgives.
    func patience(_ channel: Channel) -> Int {
        let share: Int64 = channel == .liveness || channel == .discovery ? 10 : 1
        return max(1, Int(burst.nanoseconds / 1_000_000_000 * Int64(messages) / share))
    }
}

extension RateLimit {
    /// When each bucket is full again, in nanoseconds: for each channel that of messages and that of bytes. They stand in the
    /// meter itself, beside each other: every message looks at two of them.
    struct Buckets: Sendable, Codable {
        static let count = 10
        /// What a file may say: more than thirty years, and sums of two still fit.
        private static let moments: ClosedRange<Int64> = -(1 << 60)...(1 << 60)
        var at = InlineArray<10, Int64>(repeating: 0)

        init() {}

        init(from decoder: any Decoder) throws {
            var container = try decoder.unkeyedContainer()
            for place in 0..<Self.count {
                let full = try container.decode(Int64.self)
                guard Self.moments.contains(full) else {
                    throw DecodingError.dataCorruptedError(
                        in: container, debugDescription: "\(full) ns is no moment of a bucket"
                    )
                }
                at[place] = full
            }
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.unkeyedContainer()
            for place in 0..<Self.count { try container.encode(at[place]) }
        }
    }
}
