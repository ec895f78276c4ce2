import Kernel

/// One thing that a node of a pair did to a link, as the event lists of the decision records write it.
struct PairEvent: Hashable {
    /// Virtual nanoseconds since the start of the run.
    var time: Int64
    /// `A` or `B`.
    var node: String
    /// `dial-started` and so on.
    var word: String
    /// The node's own number of the link.
    var link: UInt64
    /// Why, or which way; may be empty.
    var detail: String

    /// - Returns: nil for events that are not about a link's life.
    init?(_ event: Event, at time: Int64, node: String) {
        self.time = time
        self.node = node
        switch event {
        case .dialStarted(let link, _, _): (word, self.link, detail) = ("dial-started", link.number, "")
        case .dialFailed(let link, _, let reason):
            (word, self.link, detail) = ("dial-failed", link.number, reason.rawValue)
        case .handshakeBegun(let link): (word, self.link, detail) = ("handshake-begun", link.number, "")
        case .linkUp(let link, _, _, let direction):
            (word, self.link, detail) = ("link-up", link.number, direction.rawValue)
        case .refused(let link, _, _, let reason): (word, self.link, detail) = ("refused", link.number, reason.rawValue)
        case .linkEnded(let link, _, _, let reason, let ender, let wasUp, _):
            (word, self.link) = (wasUp ? "link-ended" : "attempt-ended", link.number)
            detail = "\(reason.rawValue) by \(ender.rawValue)"
        default: return nil
        }
    }

    var seconds: Double { Double(time) / 1e9 }

    /// ` 10.24 A link-up         B #2   dialled`.
    var line: String { line(at: Self.text(time)) }

    /// The same with the time counted from a moment that the run draws: `R`, `R+0.08`.
    func line(after origin: Int64) -> String {
        time < origin ? line : line(at: time == origin ? "R" : "R+\(Self.text(time - origin))")
    }

    private func line(at moment: String) -> String {
        let place = "\(node == "A" ? "B" : "A") #\(link)"
        let columns = [
            String(repeating: " ", count: max(0, 7 - moment.count)) + moment, node, Self.padded(word, 15),
            detail.isEmpty ? place : Self.padded(place, 6), detail,
        ]
        return columns.filter { !$0.isEmpty }.joined(separator: " ")
    }

    /// Seconds, to the nearest hundredth.
    private static func text(_ nanoseconds: Int64) -> String {
        let hundredths = (nanoseconds + 5_000_000) / 10_000_000
        return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}

extension [PairEvent] {
    var lines: [String] { map(\.line) }

    /// Lines with the times from the redial on counted from that redial.
    func lines(after redial: PairEvent) -> [String] { map { $0.line(after: redial.time) } }

    func count(_ word: String, at node: String? = nil) -> Int {
        count { $0.word == word && (node == nil || $0.node == node) }
    }
}
