/// What a pair's link was worth during a span.
public enum TimelineState: String, Sendable, Hashable, CaseIterable, Codable {
    /// No link.
    case down
    /// One link, over which messages arrive.
    case up
    /// A link that counts as up while nothing can be delivered on it.
    case zombie
    /// More than one link.
    case double
}

/// The state of a pair from `start` to `end`.
public struct Span: Sendable, Hashable, Codable {
    /// Seconds since the start of the run.
    public var start: Double
    /// Seconds since the start of the run; not before `start`.
    public var end: Double
    /// The state in between.
    public var state: TimelineState

    /// Makes a span.
    public init(start: Double, end: Double, state: TimelineState) {
        self.start = start
        self.end = end
        self.state = state
    }
}

/// The end of a link that was up.
public struct LinkEndMark: Sendable, Hashable, Codable {
    /// Seconds since the start of the run.
    public var at: Double
    /// A `Reason`'s word.
    public var reason: String

    /// Makes a mark.
    public init(at: Double, reason: String) {
        self.at = at
        self.reason = reason
    }
}

/// The history of one pair.
public struct PairTimeline: Sendable, Hashable, Codable {
    /// The pair's name, for example `london–arizona`.
    public var name: String
    /// Its spans, ascending; time that no span covers stays blank.
    public var spans: [Span]
    /// The ends of its links, ascending, each once.
    public var ends: [LinkEndMark]

    /// Makes a history.
    public init(name: String, spans: [Span], ends: [LinkEndMark] = []) {
        self.name = name
        self.spans = spans
        self.ends = ends
    }

    /// The seconds spent in a state.
    public func seconds(in state: TimelineState) -> Double {
        spans.reduce(0) { $1.state == state ? $0 + max($1.end - $1.start, 0) : $0 }
    }
}

/// A fault of the plan.
public struct FaultMark: Sendable, Hashable, Codable {
    /// Seconds since the start of the run.
    public var start: Double
    /// When it heals; `nil` if it never does.
    public var end: Double?
    /// What happens, in a few words.
    public var label: String

    /// Makes a mark.
    public init(start: Double, end: Double?, label: String) {
        self.start = start
        self.end = end
        self.label = label
    }
}

/// One run of one profile, pair by pair, over the fault plan.
public struct LinkTimeline: Sendable, Hashable {
    /// The profile's name.
    public var profile: String
    /// The pairs from top to bottom.
    public var pairs: [PairTimeline]
    /// The fault plan.
    public var faults: [FaultMark]
    /// The length of the run in seconds.
    public var duration: Double

    /// Makes a timeline.
    public init(profile: String, pairs: [PairTimeline], faults: [FaultMark], duration: Double) {
        self.profile = profile
        self.pairs = pairs
        self.faults = faults
        self.duration = duration
    }
}
