import Testing

/// What a profile's options imply for one pair, event for event, as its decision record has it. Derived by hand from
/// the options and the mechanism; a run must equal it.
struct EventList: Sendable, CustomTestStringConvertible {
    /// File of the decision record, in `docs/decisions/`.
    var record: String
    /// The events, a line each.
    var text: String

    var lines: [String] { text.split(separator: "\n").map { String($0) } }

    /// The same with the two nodes exchanged.
    var mirrored: [String] {
        lines.map { line in String(line.map { $0 == "A" ? "B" : $0 == "B" ? "A" : $0 }) }
    }

    var testDescription: String { "\(record), \(lines.count) events" }

    static let all = [
        baselineLowerFirst, baselineTogether, quickWinLowerFirst, quickWinHigherFirst, everywhereLowerFirst,
        everywhereHigherFirst, replyKeyLowerFirst, replyKeyHigherFirst, proposalLowerFirst, proposalHigherFirst,
        passiveWaitLowerFirst, passiveWaitHigherFirst, passiveWaitClosedDoor,
    ]
}
