import Collections
import Kernel
import Wire

/// A link that one host counts as up.
struct UpLink {
    let link: LinkID
    let socket: Int
    let connection: UInt64
    /// The other host.
    let peer: Int
    /// Whom this host takes it for.
    let identity: Identity
    let isDialler: Bool
    let upAt: Int64
    /// Since when nothing can be delivered on it.
    var uselessSince: Int64?
}

/// What is measured per host.
struct HostMeter {
    /// It is no node of the network.
    var isStranger = false
    var isAlive = false
    /// By the scenario's ground truth.
    var isHealthy = true
    var starts = 0
    var links: [UpLink] = []
    var connectedSince: Int64 = 0
    /// Peers times nanoseconds, after warm-up.
    var peerTime: Double = 0
    var aliveTime: Int64 = 0
    var leastPeers: Int?
    /// Dial attempts, over all of its starts.
    var dials = 0

    var peerCount: Int {
        var seen: [Int] = []
        for link in links where !seen.contains(link.peer) { seen.append(link.peer) }
        return seen.count
    }

    /// Books the time since the last change under the present number of peers.
    mutating func account(until now: Int64, warmUp: Int64) {
        let from = max(connectedSince, warmUp)
        connectedSince = now
        guard isAlive, now > from else { return }
        let peers = peerCount
        peerTime += Double(peers) * Double(now - from)
        aliveTime += now - from
        leastPeers = min(leastPeers ?? peers, peers)
    }
}

/// Where a host finds the pair that it is with another.
struct PairPlace {
    let peer: Int
    let pair: Int
}

/// What is measured per pair of hosts that want each other.
struct PairMeter {
    let first: Int
    let second: Int
    var reconnects = 0
    var hasLostLink = false
    /// When the dialler's links came up.
    var openings: [Int64] = []
    /// A message can be delivered both ways.
    var isUseful = false
    var state = TimelineState.down
    var since: Int64 = 0
    var usefulTime: Int64 = 0
    /// A link was up at both ends once.
    var wasLinked = false
    private let collectsTimeline: Bool
    private(set) var spans: [Span] = []
    /// Ends of its links, where the timeline is wanted.
    var ends: [LinkEndMark] = []

    init(first: Int, second: Int, collectsTimeline: Bool) {
        self.first = first
        self.second = second
        self.collectsTimeline = collectsTimeline
    }

    /// Books the time since the last change and begins a new span.
    mutating func change(to state: TimelineState, isUseful: Bool, at now: Int64, countingFrom start: Int64) {
        if self.isUseful { usefulTime += max(0, now - max(since, start)) }
        if collectsTimeline, now > since, state != self.state || spans.isEmpty {
            append(until: now)
        }
        if state != self.state || isUseful != self.isUseful {
            if collectsTimeline, state != self.state { append(until: now) }
        }
        self.state = state
        self.isUseful = isUseful
        since = now
    }

    private mutating func append(until now: Int64) {
        let start = spans.last?.end ?? 0
        let end = Double(now) / 1e9
        guard end > start else { return }
        if let last = spans.last, last.state == state {
            spans[spans.count - 1].end = end
        } else {
            spans.append(Span(start: start, end: end, state: state))
        }
    }

    mutating func finish(at now: Int64) {
        if collectsTimeline { append(until: now) }
    }
}

/// What is counted over the whole run.
struct Tally {
    var handshakesBegun = 0
    var handshakesCompleted = 0
    var duplicateCloses = 0
    /// Connections whose dialler sent its Hello.
    var begun: OrderedSet<UInt64> = []
    /// Connections counted as duplicates.
    var duplicates: OrderedSet<UInt64> = []
    var falseDisconnects = 0
    var reorganisations = 0
    var logLines = 0
    /// The most connections that a node had at one time.
    var mostHeld = 0
    /// Processes that a supervisor ended.
    var restarts = 0
    /// Nanoseconds that an input waited for a node's loop at most.
    var longestWait: Int64 = 0
    /// Nanoseconds.
    var zombie: Int64 = 0
    /// Seconds, at the dialler.
    var lifetimes: [Double] = []
    var requests = RequestMeter()
}

/// What all nodes do together, counted on the way of every message.
struct Cost {
    var messages = 0
    var bytes = 0
    /// Inputs given to nodes.
    var wakeups = 0
}

/// Requests and their answers. What was asked in the last seconds of a run, and is open still, is left out of the ratio.
struct RequestMeter {
    static let grace: Int64 = 10_000_000_000
    private(set) var sentCount = 0
    private(set) var answeredCount = 0
    /// When the requests of the last seconds were sent, in order.
    private var recent: Deque<Int64> = []
    /// When the answered ones among them were sent.
    private var recentAnswered: Deque<Int64> = []

    mutating func sent(at now: Int64) {
        sentCount += 1
        recent.append(now)
        while let first = recent.first, now - first > Self.grace { recent.removeFirst() }
    }

    mutating func answered(after wait: Duration, at now: Int64) {
        answeredCount += 1
        recentAnswered.append(now - wait.nanoseconds)
        // Answers come out of order by at most the longest wait; what is too old to matter goes.
        while let first = recentAnswered.first, now - first > Self.grace { recentAnswered.removeFirst() }
    }

    /// Nil where nothing was asked.
    func ratio(at now: Int64) -> Double? {
        let asked = recent.count { now - $0 <= Self.grace }
        let answered = recentAnswered.count { now - $0 <= Self.grace }
        let sent = sentCount - (asked - answered)
        return sent > 0 ? Double(answeredCount) / Double(sent) : nil
    }
}

/// Blocks made, over all hosts.
struct BlockMeter {
    private var byHeight: OrderedDictionary<UInt64, [BlockHash]> = [:]

    /// Slots for which a block was made.
    private(set) var slots: OrderedSet<UInt64> = []
    /// When a block was made at a height that had one.
    private(set) var forkedAt: [Int64] = []

    mutating func produced(_ height: UInt64, _ hash: BlockHash, slot: UInt64, at now: Int64) {
        byHeight[height, default: []].append(hash)
        slots.append(slot)
        if byHeight[height, default: []].count > 1 { forkedAt.append(now) }
    }

    /// Heights for which more than one block was made.
    var forks: Int { byHeight.values.count { $0.count > 1 } }
}

/// Waits: until a silent peer is noticed, until the mesh is whole, until it is useful again.
struct WaitMeter {
    struct Detection {
        let victim: Int
        let witness: Int
        let since: Int64
    }

    var lastStart: Int64?
    var meshAt: Int64?
    var recoverySince: Int64?
    /// Faults that have ended in this moment, and may not be the last that do.
    var pendingHeals = 0
    var recoveries: [Double] = []
    var detections: [Detection] = []
    var detected: [Double] = []
    /// Waits that ended without a detection.
    var missed: [Double] = []

    mutating func detected(victim: Int, witness: Int, at now: Int64) {
        guard let index = detections.firstIndex(where: { $0.victim == victim && $0.witness == witness }) else { return }
        detected.append(Double(now - detections.remove(at: index).since) / 1e9)
    }

    /// The victim is back before these witnesses noticed.
    mutating func giveUp(on victim: Int, at now: Int64) {
        for detection in detections where detection.victim == victim {
            missed.append(Double(now - detection.since) / 1e9)
        }
        detections.removeAll { $0.victim == victim }
    }

    /// A witness that died detects nothing.
    mutating func forget(_ witness: Int) { detections.removeAll { $0.witness == witness } }
}
