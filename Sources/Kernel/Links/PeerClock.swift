import Wire

/// A peer's wall clock, as its handshake showed it.
///
/// It is kept against this node's monotonic clock, so that what is reckoned from it holds when this host's own wall clock
/// is set meanwhile.
public struct PeerClock: Sendable, Hashable, Codable {
    /// What it showed when this node's monotonic clock stood at zero.
    public let origin: WallTime
    /// How far it may be wrong: half the round trip in which it was read.
    public let uncertainty: Duration

    /// A clock that showed `wall` milliseconds since 1970, as said half of `roundTrip` before `now`.
    ///
    /// - Returns: nil for a reading that no clock has, 140,000 years from 1970.
    public init?(reading wall: Int64, at now: Instant, roundTrip: Duration) {
        guard (-1 << 52...1 << 52).contains(wall) else { return nil }
        let half = max(0, roundTrip.nanoseconds / 2)
        origin = WallTime(milliseconds: wall + (half - now.nanoseconds) / 1_000_000)
        uncertainty = .nanoseconds(half)
    }

    /// A clock out of a checkpoint.
    package init(origin: WallTime, uncertainty: Duration) {
        self.origin = origin
        self.uncertainty = uncertainty
    }
}

/// By how much this host's wall clock differs from its peers'.
public struct ClockOffset: Sendable, Hashable {
    /// This host's clock less the median of the peers' clocks: above zero where it is ahead of them.
    public var offset: Duration
    /// How many peers' clocks were compared.
    public var peers: Int

    public init(offset: Duration, peers: Int) {
        self.offset = offset
        self.peers = peers
    }
}

extension ClockOffset {
    /// A reading in a longer round trip says too little.
    private static let greatestUncertainty = Duration.seconds(1)
    /// With fewer clocks nothing is said: one that is wrong must not decide alone.
    static let enoughPeers = 3

    /// The offset by the clocks of the links that are up; nil where no handshake has told.
    ///
    /// Where the network has masternodes, theirs alone count: anybody can be any number of strangers.
    ///
    /// - Parameter network: nil where all links count alike.
    init?(links: [Link], network: NetworkView?, now: Instant, wall: WallTime) {
        var masternodes: [Int64] = []
        var others: [Int64] = []
        for link in links where link.phase == .up {
            guard let clock = link.peerClock, clock.uncertainty <= Self.greatestUncertainty, let peer = link.peer else {
                continue
            }
            if network?.masternode(peer) != nil {
                masternodes.append(clock.origin.milliseconds)
            } else {
                others.append(clock.origin.milliseconds)
            }
        }
        let hasMasternodes = network.map { !$0.masternodes.isEmpty } ?? false
        let origins = (hasMasternodes ? masternodes : others).sorted()
        guard !origins.isEmpty else { return nil }
        let middle = origins.count / 2
        let origin = origins.count % 2 == 1 ? origins[middle] : (origins[middle - 1] + origins[middle]) / 2
        let (own, overflow) = wall.milliseconds.subtractingReportingOverflow(now.nanoseconds / 1_000_000)
        guard !overflow else { return nil }
        let (lead, isTooFar) = own.subtractingReportingOverflow(origin)
        // A duration has room for 292 years.
        let limit: Int64 = 1 << 43
        offset = .milliseconds(isTooFar ? (own < 0 ? -limit : limit) : min(max(lead, -limit), limit))
        peers = origins.count
    }
}

/// Tells once that this host's clock is wrong, and once that it is right again.
struct ClockWatch: Sendable, Hashable {
    /// From here on it is told.
    private static let wrong = Duration.seconds(1)
    /// Below this the clock counts as right again.
    private static let right = Duration.milliseconds(500)
    /// A wall clock that has moved by more than this against the monotonic clock is looked at again.
    private static let step: Int64 = 250

    /// This host's wall clock when its monotonic clock stood at zero, in milliseconds, as it was when last looked at.
    var origin: Int64?
    var isWrong = false

    init(origin: Int64? = nil, isWrong: Bool = false) {
        self.origin = origin
        self.isWrong = isWrong
    }

    /// Whether the wall clock was set, or has drifted, since it was looked at.
    func hasMoved(now: Instant, wall: WallTime) -> Bool {
        guard let origin else { return false }
        let own = wall.milliseconds &- now.nanoseconds / 1_000_000
        return (own &- origin).magnitude > UInt64(Self.step)
    }

    /// What is to be told, nil where nothing is.
    ///
    /// - Parameter enough: with fewer clocks to compare nothing is said.
    mutating func look(at found: ClockOffset?, enough: Int, now: Instant, wall: WallTime) -> ClockOffset? {
        origin = wall.milliseconds &- now.nanoseconds / 1_000_000
        guard let found, found.peers >= enough else { return nil }
        let size = max(found.offset, .zero - found.offset)
        guard isWrong ? size < Self.right : size >= Self.wrong else { return nil }
        isWrong.toggle()
        return found
    }
}
