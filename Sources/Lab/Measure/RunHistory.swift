/// What happened when, in a run or in several of one profile: counts in ``spanCount`` spans of equal length.
///
/// Its size does not grow with the length of a run, so that every run of a sweep can have one.
public struct RunHistory: Sendable, Hashable, Codable {
    /// Into how many spans a run is divided.
    public static let spanCount = 120

    /// Ends of links under one reason.
    public struct Ends: Sendable, Hashable, Codable {
        /// A `Reason`'s word: that of the end that ended the link first.
        public var reason: String
        /// How many, span by span.
        public var bySpan: [Int]
        /// How many of them left that end without a link to its peer.
        public var stranding: Int

        /// All of them.
        public var count: Int { bySpan.reduce(0, +) }
    }

    /// Ends of links that were up, each counted once, by reason in the order of first sight.
    public var ends: [Ends] = []
    /// Slots that began, span by span.
    public var slots: [Int] = Self.none
    /// Slots for which at least one block was made.
    public var filledSlots: [Int] = Self.none
    /// Blocks made at a height that had one already.
    public var forks: [Int] = Self.none
    /// Nodes of the network.
    public var nodes = 0

    /// An empty history.
    public init() {}

    /// Ends under every reason.
    public var endCount: Int { ends.reduce(0) { $0 + $1.count } }

    /// Ends that left an end without a link to its peer.
    public var strandingCount: Int { ends.reduce(0) { $0 + $1.stranding } }

    /// The reasons, the most frequent first; equal ones by name.
    public var rankedEnds: [Ends] {
        ends.sorted { ($1.count, $0.reason) < ($0.count, $1.reason) }
    }

    /// Counts the end of a link in a span.
    mutating func end(_ reason: String, span: Int, isStranding: Bool) {
        let index =
            ends.firstIndex { $0.reason == reason }
            ?? {
                ends.append(Ends(reason: reason, bySpan: Self.none, stranding: 0))
                return ends.count - 1
            }()
        ends[index].bySpan[span] += 1
        if isStranding { ends[index].stranding += 1 }
    }

    /// Adds another run of the same scenario.
    public mutating func add(_ other: RunHistory) {
        for theirs in other.ends {
            if let index = ends.firstIndex(where: { $0.reason == theirs.reason }) {
                Self.add(theirs.bySpan, to: &ends[index].bySpan)
                ends[index].stranding += theirs.stranding
            } else {
                ends.append(theirs)
            }
        }
        Self.add(other.slots, to: &slots)
        Self.add(other.filledSlots, to: &filledSlots)
        Self.add(other.forks, to: &forks)
        nodes = max(nodes, other.nodes)
    }

    /// The span of a moment, in the unit of `duration`.
    static func span(of moment: Int64, in duration: Int64) -> Int {
        guard duration > 0 else { return 0 }
        // Whole numbers only: the last moment of a run belongs to its last span.
        return Int(min(max(moment, 0) * Int64(spanCount) / duration, Int64(spanCount - 1)))
    }

    private static let none = [Int](repeating: 0, count: spanCount)

    private static func add(_ values: [Int], to sums: inout [Int]) {
        for index in sums.indices where index < values.count { sums[index] += values[index] }
    }
}
