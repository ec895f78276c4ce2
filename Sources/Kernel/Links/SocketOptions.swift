/// What a liveness module asks of the host's TCP for one link. The real driver sets it on the socket, the simulator
/// feeds it to its TCP model.
public struct SocketOptions: Sendable, Hashable {
    /// Probe an idle connection (`SO_KEEPALIVE`); nil leaves it off.
    public var keepalive: Keepalive?
    /// `TCP_USER_TIMEOUT`: how long data may stay unacknowledged, or probes unanswered, before the connection is
    /// given up. Where it is set it replaces the probe count. Nil leaves the host's retransmission limit.
    public var userTimeout: Duration?
    /// How long what we sent may wait without the host's TCP taking any of it, because the other end reads nothing or
    /// its host acknowledges nothing, before the connection is given up. The driver's own clock; nil sets no limit.
    public var writeDeadline: Duration?

    public init(keepalive: Keepalive? = nil, userTimeout: Duration? = nil, writeDeadline: Duration? = nil) {
        self.keepalive = keepalive
        self.userTimeout = userTimeout
        self.writeDeadline = writeDeadline
    }

    /// The three figures of `tcp(7)`. Probes are silent while data is unacknowledged.
    public struct Keepalive: Sendable, Hashable {
        /// Silence before the first probe (`TCP_KEEPIDLE`), whole seconds.
        public var idle: Duration
        /// Time between probes (`TCP_KEEPINTVL`), whole seconds.
        public var interval: Duration
        /// Unanswered probes before the connection is given up (`TCP_KEEPCNT`); nil is the host's default, 9 on Linux.
        public var probes: Int?

        public init(idle: Duration, interval: Duration, probes: Int?) {
            self.idle = idle
            self.interval = interval
            self.probes = probes
        }
    }
}
