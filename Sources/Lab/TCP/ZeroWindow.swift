/// The timer of a direction whose receiver has no room: its process does not read, and its kernel's buffer is full.
///
/// The sender's kernel probes with a wait that doubles, up to 120 s, for as long as the receiver's kernel answers. With
/// `TCP_USER_TIMEOUT` set the connection is given up that long after the first probe, answered or not
/// (`tcp_probe_timer` in `net/ipv4/tcp_timer.c`).
struct ZeroWindow: Sendable {
    /// Nanoseconds until the first probe. What found no room was dropped by the receiver's kernel; its sender takes it for
    /// lost, sends again after a first wait, learns that the window is closed, and begins to probe one timeout later.
    let firstDelay: Int64
    private var timeout: Int64
    private var firstProbe: Int64?
    private var unanswered = 0

    enum Step: Equatable {
        /// Send a probe; look again after this many nanoseconds.
        case probe(next: Int64)
        /// The connection is over: ETIMEDOUT.
        case giveUp
    }

    /// - Parameter roundTrip: smoothed round trip time in nanoseconds.
    init(roundTrip: Int64) {
        timeout = min(Retransmission.maximumTimeout, roundTrip + Retransmission.minimumTimeout)
        firstDelay = Retransmission(roundTrip: roundTrip).firstDelay(roundTrip: roundTrip) + timeout
    }

    /// The timer fired at `now` and there is still no room, as far as the sender knows.
    mutating func fire(at now: Int64, userTimeout: Int64?, retries: Int) -> Step {
        if let firstProbe, let userTimeout, now - firstProbe >= userTimeout { return .giveUp }
        guard unanswered < retries else { return .giveUp }
        let began = firstProbe ?? now
        firstProbe = began
        unanswered += 1
        timeout = min(timeout * 2, Retransmission.maximumTimeout)
        return .probe(next: userTimeout.map { min(timeout, max(1_000_000, began + $0 - now)) } ?? timeout)
    }

    /// The receiver's kernel answered that there is no room.
    mutating func answered() { unanswered = 0 }
}
