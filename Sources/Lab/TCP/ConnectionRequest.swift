/// The timer of a SYN that nobody answers, as Linux 6.5 and later run it: the first waits are a second each
/// (`tcp_syn_linear_timeouts`), those after them double, so that SYNs go out after 0, 1, 2, 3, 4, 5, 7, 11, 19, 35 and
/// 67 s.
///
/// The host gives up when a timer fires after as many seconds as `retries` (`tcp_syn_retries`, `TCP_SYNCNT`) doublings
/// from one would take, or when that many SYNs and the linear ones have been sent again (`tcp_write_timeout` in
/// `net/ipv4/tcp_timer.c`).
struct ConnectionRequest: Sendable {
    /// Linux's default of `tcp_syn_retries`.
    static let defaultRetries = 6
    /// Linux's default of `tcp_syn_linear_timeouts`.
    static let linearTimeouts = 4
    private static let second: Int64 = 1_000_000_000

    private let retries: Int
    private let userTimeout: Int64?
    private var sent = 0
    private var began: Int64?

    enum Step: Equatable {
        /// Send a SYN; look again after this many nanoseconds.
        case send(next: Int64)
        /// ETIMEDOUT.
        case giveUp
    }

    /// - Parameter userTimeout: `TCP_USER_TIMEOUT` in nanoseconds, where it is set before the dial.
    init(retries: Int = defaultRetries, userTimeout: Int64? = nil) {
        self.retries = retries
        self.userTimeout = userTimeout
    }

    /// The dial begins, or its timer fired, at `now`.
    mutating func fire(at now: Int64) -> Step {
        let start = began ?? now
        began = start
        let limit = userTimeout ?? ((2 << Int64(retries)) - 1) * Self.second
        guard now - start < limit, sent <= retries + Self.linearTimeouts else { return .giveUp }
        let wait = Self.second << Int64(max(0, sent - Self.linearTimeouts))
        sent += 1
        return .send(next: userTimeout.map { min(wait, start + $0 - now) } ?? wait)
    }
}
