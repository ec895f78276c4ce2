import Kernel
import NIOCore

/// What TCP says of every link that is up, asked for when somebody wants to know it and never otherwise.
///
/// A system call a link takes 25 ms for 9,000 of them, so that a survey is made in slices, and what one reader has learnt
/// is good for the next one for a while.
struct LinkSurvey {
    /// A turn of the loop asks about so many links at most: it is over in less than a millisecond.
    static let linksPerSlice = 256
    /// Between two slices the loop serves its sockets.
    static let pause: TimeAmount = .milliseconds(1)
    /// Figures that are younger are not taken anew.
    static let leastInterval: Duration = .seconds(1)

    /// The last survey that was finished, oldest link first.
    private(set) var figures: [LinkMeasurement] = []
    /// When it was finished; nil where there was none.
    private(set) var finishedAt: Instant?
    /// How often the system was asked about a link.
    private(set) var questions: UInt64 = 0
    /// The most that one slice asked.
    private(set) var longestSlice = 0

    private var found: [LinkMeasurement] = []
    private var next = LinkID(number: 0)
    /// Those who wait for the survey that is under way; none where none is.
    private var waiting: [() -> Void] = []

    /// Whether a reader can do with what there is.
    func isFresh(at now: Instant) -> Bool {
        finishedAt.map { now - $0 < Self.leastInterval } ?? false
    }

    var isUnderWay: Bool { !waiting.isEmpty }

    /// Files who waits for the survey that is under way, or for a new one.
    ///
    /// - Returns: whether it is a new one, which somebody has to carry out.
    mutating func await(_ end: @escaping () -> Void) -> Bool {
        waiting.append(end)
        guard waiting.count == 1 else { return false }
        found.reserveCapacity(figures.count)
        next = LinkID(number: 0)
        return true
    }

    /// Asks about the next few links of those that are there now.
    ///
    /// - Returns: whether more are left.
    mutating func takeSlice(of links: [Link], asking measure: (Link) -> LinkMeasurement?) -> Bool {
        var index = links.partitioningIndex { $0.id >= next }
        var asked = 0
        while index < links.count, asked < Self.linksPerSlice {
            let link = links[index]
            index += 1
            next = LinkID(number: link.id.number + 1)
            guard link.phase == .up else { continue }
            asked += 1
            if let measurement = measure(link) { found.append(measurement) }
        }
        questions += UInt64(asked)
        longestSlice = max(longestSlice, asked)
        return index < links.count
    }

    /// All links have been asked about: what was found is what there is.
    ///
    /// - Returns: those who waited for it.
    mutating func finish(at now: Instant) -> [() -> Void] {
        figures = found
        finishedAt = now
        return abandon()
    }

    /// The survey comes to nothing.
    ///
    /// - Returns: those who waited for it.
    mutating func abandon() -> [() -> Void] {
        found = []
        defer { waiting = [] }
        return waiting
    }
}
