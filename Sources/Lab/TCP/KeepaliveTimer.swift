import Kernel

/// The keepalive timer of one socket, as `tcp_keepalive_timer` in `net/ipv4/tcp_timer.c` runs it.
struct KeepaliveTimer: Sendable {
    /// What Linux uses where no count is set.
    static let defaultProbes = 9

    let idle: Int64
    let interval: Int64
    let probes: Int
    let userTimeout: Int64?
    private(set) var unanswered = 0

    enum Step: Equatable {
        /// Nothing to do yet; look again after this many nanoseconds.
        case wait(Int64)
        /// Send a probe, then look again after this many nanoseconds.
        case probe(next: Int64)
        /// The connection is over: ETIMEDOUT.
        case giveUp
    }

    init(_ options: SocketOptions.Keepalive, userTimeout: Duration?) {
        idle = options.idle.nanoseconds
        interval = options.interval.nanoseconds
        probes = options.probes ?? Self.defaultProbes
        self.userTimeout = userTimeout.map(\.nanoseconds)
    }

    /// The timer fired; `silence` is how long nothing has been heard.
    mutating func fire(silence: Int64, hasUnacknowledgedData: Bool) -> Step {
        // Probes are silent while the retransmission timer has the connection in hand.
        if hasUnacknowledgedData { return .wait(idle) }
        guard silence >= idle else { return .wait(idle - silence) }
        let isOver =
            if let userTimeout { silence >= userTimeout && unanswered > 0 } else { unanswered >= probes }
        if isOver { return .giveUp }
        unanswered += 1
        return .probe(next: interval)
    }

    /// An acknowledgement came in.
    mutating func heard() { unanswered = 0 }
}
