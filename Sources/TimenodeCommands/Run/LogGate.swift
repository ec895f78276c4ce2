import Kernel
import Wire

/// Bounds how much of the log others can write: so many lines of one kind from one source in ten seconds, and so many of
/// one kind from all sources together. What the node itself does is always told.
///
/// Lines that are left out are counted by kind, and the count is told when the ten seconds are over. So a flood of one
/// kind hides neither another kind nor the node's own blocks.
struct LogGate: Sendable {
    /// Lines of one kind from one source in one window.
    static let linesPerSource = 20
    /// Lines of one kind from all strangers in one window.
    static let linesPerKind = 60
    /// Lines of one kind in one window where the event does not say who made it happen.
    static let linesOfNobody = 200
    static let window: Duration = .seconds(10)
    /// So many kinds and sources are told apart in one window; the lines of all others share one place.
    private static let placesPerWindow = 512

    private struct Place: Hashable {
        let kind: String
        let source: LogOrigin.Source?
    }

    private var windowStart = Instant.zero
    /// Lines of this window that were written. Look-up only.
    private var written: [Place: Int] = [:]
    /// Lines of this window that were left out, by kind, in the order in which the first was.
    private var leftOut: [(kind: String, count: UInt64)] = []
    /// Lines that were left out since the node started.
    private(set) var total: UInt64 = 0

    /// Whether a line is written, and what has to be said before it of lines that were left out in a window that is over.
    mutating func admit(_ origin: LogOrigin, at now: Instant) -> (isWritten: Bool, summaries: [String]) {
        var summaries: [String] = []
        if now - windowStart >= Self.window {
            summaries = leftOut.map { "\($0.count) log lines left out: too many of '\($0.kind)' in ten seconds" }
            windowStart = now
            written = [:]
            leftOut = []
        }
        guard let source = origin.source else { return (true, summaries) }
        // A masternode has places of its own: strangers cannot use them up.
        let isStranger = !source.isMasternode && source != .unknown
        let shared = isStranger ? Place(kind: origin.kind, source: nil) : nil
        let own = Place(kind: origin.kind, source: source)
        let limit = source == .unknown ? Self.linesOfNobody : Self.linesPerSource
        if has(own, limit), shared.map({ has($0, Self.linesPerKind) }) ?? true {
            count(own)
            if let shared { count(shared) }
            return (true, summaries)
        }
        total += 1
        if let index = leftOut.firstIndex(where: { $0.kind == origin.kind }) {
            leftOut[index].count += 1
        } else {
            leftOut.append((origin.kind, 1))
        }
        return (false, summaries)
    }

    private func has(_ place: Place, _ limit: Int) -> Bool { (written[known(place)] ?? 0) < limit }

    private mutating func count(_ place: Place) { written[known(place), default: 0] += 1 }

    private func known(_ place: Place) -> Place {
        written[place] != nil || written.count < Self.placesPerWindow ? place : Place(kind: "others", source: nil)
    }
}
