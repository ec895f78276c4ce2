/// The retransmission timer of one direction of a connection, once something went unacknowledged.
///
/// Follows Linux: a tail loss probe after about 200 ms, then the retransmission timeout, doubled each time up to
/// 120 s. The connection is given up when the time since the first retransmission passes `TCP_USER_TIMEOUT`, or
/// where that is unset the time that `tcp_retries2` doublings from 200 ms would take (`net/ipv4/tcp_timer.c`):
/// 924.6 s for the default of 15.
struct Retransmission: Sendable {
    static let minimumTimeout: Int64 = 200_000_000
    static let maximumTimeout: Int64 = 120_000_000_000

    private var timeout: Int64
    private var hasProbed = false
    /// When the first real retransmission went out.
    private var stamp: Int64?

    enum Step: Equatable {
        /// Send again; look again after this many nanoseconds.
        case sendAgain(next: Int64)
        /// The connection is over: ETIMEDOUT.
        case giveUp
    }

    /// - Parameter roundTrip: smoothed round trip time in nanoseconds.
    init(roundTrip: Int64) {
        // RFC 6298 with Linux's floor of 200 ms on the variance term.
        timeout = min(Self.maximumTimeout, roundTrip + Self.minimumTimeout)
    }

    /// Nanoseconds from the first unacknowledged byte to the first step.
    func firstDelay(roundTrip: Int64) -> Int64 { 2 * roundTrip + Self.minimumTimeout }

    /// The timer fired at `now` and the data is still unacknowledged.
    mutating func fire(at now: Int64, userTimeout: Int64?, retries: Int) -> Step {
        guard hasProbed else {
            hasProbed = true
            return .sendAgain(next: timeout)
        }
        let limit = userTimeout ?? Self.limit(retries: retries)
        if let stamp, now - stamp >= limit { return .giveUp }
        let began = stamp ?? now
        stamp = began
        timeout = min(timeout * 2, Self.maximumTimeout)
        // With a user timeout set, the kernel does not sleep past it.
        let next = userTimeout.map { min(timeout, max(1_000_000, began + $0 - now)) } ?? timeout
        return .sendAgain(next: next)
    }

    /// The kernel's time for `retries` unanswered retransmissions, in nanoseconds.
    static func limit(retries: Int) -> Int64 {
        let doublings = 9
        if retries <= doublings { return ((2 << Int64(retries)) - 1) * minimumTimeout }
        return ((2 << Int64(doublings)) - 1) * minimumTimeout + Int64(retries - doublings) * maximumTimeout
    }
}
