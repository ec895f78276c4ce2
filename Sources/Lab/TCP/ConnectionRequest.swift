/// The timer of a SYN that nobody answers: one second, doubled each time (RFC 6298), and after `retries` more tries
/// (`tcp_syn_retries`, `TCP_SYNCNT`) one last wait until the host gives up.
struct ConnectionRequest: Sendable {
    /// Linux's default of `tcp_syn_retries`: 127 s in all.
    static let defaultRetries = 6

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
        if let userTimeout, now - start >= userTimeout { return .giveUp }
        guard sent <= retries else { return .giveUp }
        let wait = Int64(1_000_000_000) << Int64(min(sent, 6))
        sent += 1
        return .send(next: userTimeout.map { min(wait, start + $0 - now) } ?? wait)
    }
}
