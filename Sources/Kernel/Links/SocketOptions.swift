/// What a liveness module asks of the host's TCP for one link. The real driver sets it on the socket, the simulator
/// feeds it to its TCP model.
public struct SocketOptions: Sendable, Hashable {
    /// Probe an idle connection (`SO_KEEPALIVE`); nil leaves it off.
    public var keepalive: Keepalive?
    /// `TCP_USER_TIMEOUT`: how long data may stay unacknowledged, or probes unanswered, before the connection is
    /// given up. Where it is set it replaces the probe count. Nil leaves the host's retransmission limit.
    public var userTimeout: Duration?
    /// How long what we sent may wait without any of it being taken, by the other end's host or at least by our own,
    /// because the other end reads nothing or its host acknowledges nothing, before the connection is given up. Every byte
    /// that is taken begins the wait anew, and so does a new limit. The driver's own clock; nil sets no limit.
    public var writeDeadline: Duration?
    /// How long the other end's host may stay silent, data and acknowledgements alike, before the connection is given up.
    /// A host that is well says nothing where nothing asks it, so this wants `keepalive`, with time for its probes. Time
    /// that our own process stood still counts: the host's TCP has listened meanwhile. Nil sets no limit, and so does a
    /// system that does not tell (other than Linux).
    public var hostSilence: Duration?

    public init(
        keepalive: Keepalive? = nil, userTimeout: Duration? = nil, writeDeadline: Duration? = nil,
        hostSilence: Duration? = nil
    ) {
        self.keepalive = keepalive
        self.userTimeout = userTimeout
        self.writeDeadline = writeDeadline
        self.hostSilence = hostSilence
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
