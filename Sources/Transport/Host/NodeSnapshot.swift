import Kernel
import NIOConcurrencyHelpers
import Wire

/// What the outside may read of a running node without asking its event loop.
public struct NodeSnapshot: Sendable, Hashable {
    /// Who the node is.
    public var identity: Identity
    /// Where the node listens; nil before it is bound.
    public var listening: Endpoint?
    /// When the snapshot was taken, on the node's monotonic clock.
    public var now: Instant
    /// The same by the wall clock.
    public var wall: WallTime
    /// Every link that has not ended, oldest first.
    public var links: [Link]
    /// The state of the chain.
    public var chain: ChainStatus
    /// What the transport has carried.
    public var traffic: TransportCounters
    /// Names this start of the node; nil before it started.
    public var incarnation: UInt64?
    /// What was last measured of links that are up, oldest link first: when ``NodeHost/measuredSnapshot(within:)`` was
    /// last asked for.
    public var measured: [LinkMeasurement]
    /// When that was, on the node's monotonic clock; nil where nobody has asked yet.
    public var measuredAt: Instant?
    /// How the event loop kept its time.
    public var loop: LoopStatus

    /// The snapshot of a node that has not started.
    public init(identity: Identity) {
        self.identity = identity
        self.listening = nil
        self.now = .zero
        self.wall = WallTime(milliseconds: 0)
        self.links = []
        self.chain = ChainStatus(height: 0, hash: .genesis, activeMasternodes: 0)
        self.traffic = TransportCounters()
        self.incarnation = nil
        self.measured = []
        self.measuredAt = nil
        self.loop = LoopStatus()
    }

    /// Whether the two differ in more than when they were taken.
    ///
    /// The links come last: they change in turns, which `traffic` counts, and where there was none the two share their
    /// storage. So nothing is ever compared link by link.
    func differs(from other: NodeSnapshot) -> Bool {
        traffic != other.traffic || loop != other.loop || measuredAt != other.measuredAt || chain != other.chain
            || listening != other.listening || incarnation != other.incarnation || links != other.links
    }
}

/// What a host's transport has carried since it started, and for whom. Bytes are those of frames, before any encryption.
public struct TransportCounters: Sendable, Hashable {
    /// Messages encoded for a link.
    public var framesSent: UInt64 = 0
    /// Messages decoded from a link.
    public var framesReceived: UInt64 = 0
    /// Bytes handed to links.
    public var bytesSent: UInt64 = 0
    /// Bytes taken from links.
    public var bytesReceived: UInt64 = 0
    /// Writes made; each carries all frames of one turn for one link.
    public var writes: UInt64 = 0
    /// Times the node was woken, whatever by.
    public var turns: UInt64 = 0
    /// What became of those who called.
    public var door = DoorCounters()

    public init() {}
}

/// Where the event loop leaves the newest snapshot for everybody else.
final class SnapshotBoard: Sendable {
    // A lock that the thread sanitizer understands; it reports the slow path of `Mutex` as a race.
    private let newest: NIOLockedValueBox<NodeSnapshot>

    init(_ snapshot: NodeSnapshot) {
        self.newest = NIOLockedValueBox(snapshot)
    }

    var snapshot: NodeSnapshot {
        get { newest.withLockedValue { $0 } }
        set { newest.withLockedValue { $0 = newValue } }
    }
}
