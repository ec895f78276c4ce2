/// What a driver measured of one link that is up. A driver that measures nothing has none.
public struct LinkMeasurement: Sendable, Hashable {
    public let link: LinkID
    /// The process at the other end, as its handshake named it; nil where it named none.
    public let incarnation: UInt64?
    /// What the host's TCP says of the way to the peer; nil where the system does not tell.
    public let path: Path?

    public init(link: LinkID, incarnation: UInt64?, path: Path?) {
        self.link = link
        self.incarnation = incarnation
        self.path = path
    }

    /// TCP's own figures of one connection (`tcp(7)`, TCP_INFO).
    public struct Path: Sendable, Hashable {
        /// Smoothed round trip (RFC 6298). It holds the time for which the peer's TCP delays acknowledgements.
        public let roundTrip: Duration
        /// Smoothed mean deviation of the round trip (RFC 6298).
        public let variation: Duration
        /// The least round trip of the last minutes.
        public let leastRoundTrip: Duration
        /// The smoothed round trip and its deviation when the former was least of all that was measured on this link: then
        /// it held the fewest delayed acknowledgements.
        public let calm: Calm
        /// Segments with data sent on this link, those sent again included.
        public let segmentsSent: UInt32
        /// Segments sent again.
        public let retransmitted: UInt32
        /// When the peer's host was last heard: data or an acknowledgement.
        public let heardAt: Instant

        public init(
            roundTrip: Duration, variation: Duration, leastRoundTrip: Duration, calm: Calm, segmentsSent: UInt32,
            retransmitted: UInt32, heardAt: Instant
        ) {
            self.roundTrip = roundTrip
            self.variation = variation
            self.leastRoundTrip = leastRoundTrip
            self.calm = calm
            self.segmentsSent = segmentsSent
            self.retransmitted = retransmitted
            self.heardAt = heardAt
        }

        /// A smoothed round trip and its mean deviation.
        public struct Calm: Sendable, Hashable {
            public let roundTrip: Duration
            public let variation: Duration

            public init(roundTrip: Duration, variation: Duration) {
                self.roundTrip = roundTrip
                self.variation = variation
            }
        }
    }
}

/// The way to a peer as a status shows it.
///
/// JSON: `{"round_trip_us":20450,"variation_us":900,"least_round_trip_us":20110,
/// "calm_round_trip_us":20200,"calm_variation_us":210,"segments_sent":812,"retransmitted":3,"silent_seconds":0.4}`.
public struct PathStatus: Sendable, Hashable, Codable {
    /// Smoothed round trip, in microseconds.
    public let roundTripMicroseconds: Int64
    /// Its mean deviation.
    public let variationMicroseconds: Int64
    /// The least of the last minutes.
    public let leastRoundTripMicroseconds: Int64
    /// The least smoothed round trip that was measured on this link: the one with the fewest delayed acknowledgements.
    public let calmRoundTripMicroseconds: Int64
    /// Its mean deviation then.
    public let calmVariationMicroseconds: Int64
    /// With data, on this link, since it opened; those sent again included.
    public let segmentsSent: UInt32
    /// On this link, since it opened.
    public let retransmitted: UInt32
    /// For how long nothing had come from the peer's host by the driver's last look, and how long ago that is: a reader of
    /// a status makes it look, once a second at most.
    public let silentSeconds: Double

    private enum CodingKeys: String, CodingKey {
        case roundTripMicroseconds = "round_trip_us"
        case variationMicroseconds = "variation_us"
        case leastRoundTripMicroseconds = "least_round_trip_us"
        case calmRoundTripMicroseconds = "calm_round_trip_us"
        case calmVariationMicroseconds = "calm_variation_us"
        case segmentsSent = "segments_sent"
        case retransmitted
        case silentSeconds = "silent_seconds"
    }

    init(_ path: LinkMeasurement.Path, now: Instant) {
        self.roundTripMicroseconds = path.roundTrip.nanoseconds / 1_000
        self.variationMicroseconds = path.variation.nanoseconds / 1_000
        self.leastRoundTripMicroseconds = path.leastRoundTrip.nanoseconds / 1_000
        self.calmRoundTripMicroseconds = path.calm.roundTrip.nanoseconds / 1_000
        self.calmVariationMicroseconds = path.calm.variation.nanoseconds / 1_000
        self.segmentsSent = path.segmentsSent
        self.retransmitted = path.retransmitted
        self.silentSeconds = wholeMilliseconds(now - path.heardAt)
    }
}
