import Collections
import Kernel

// Latency, jitter and loss of pairs.
extension ScenarioLearner {
    /// What was measured of each pair, in the order of the hosts. Pairs that nobody measured are remarked upon.
    mutating func learnPaths() -> [LearntScenario.Path] {
        var paths: [LearntScenario.Path] = []
        var unseen: [String] = []
        for first in facts.hosts.indices {
            for second in facts.hosts.indices where second > first {
                if let path = path(first, second) {
                    paths.append(path)
                } else if isObserved(first) || isObserved(second) {
                    unseen.append("\(name(first)) and \(name(second))")
                }
            }
        }
        if !unseen.isEmpty, !paths.isEmpty {
            let list = unseen.prefix(10).joined(separator: "; ") + (unseen.count > 10 ? "; …" : "")
            remarks.append(
                "No node measured the way of \(unseen.count == 1 ? "one pair" : "\(unseen.count) pairs"), whose latency is a "
                    + "guess: \(list)."
            )
        }
        return paths
    }

    private func path(_ first: Int, _ second: Int) -> LearntScenario.Path? {
        let all = facts.paths.filter {
            ($0.observer == first && $0.peer == second) || ($0.observer == second && $0.peer == first)
        }
        let quiet = all.filter { !isTroubled(first, second, $0.at, $0.at) }
        guard !quiet.isEmpty else { return nil }
        let median = Self.median(quiet.map(\.roundTrip))
        // TCP's mean holds what the other end delays acknowledgements by, up to 40 ms on Linux, and its deviation even
        // more of it. The least mean of a link holds the least of that.
        let mean = Self.median(quiet.map { $0.counters?.calmRoundTrip ?? $0.roundTrip })
        let least = min(quiet.map { $0.counters?.leastRoundTrip ?? $0.roundTrip }.min() ?? mean, mean)
        let spread = quiet.reduce(0) { $0 + abs($1.roundTrip - mean) } / Int64(quiet.count)
        let variations = quiet.compactMap(\.counters?.calmVariation)
        let variation = variations.isEmpty ? spread : Self.median(variations)
        // Two ways with a delay drawn evenly below j each: the mean is j above the least, and deviates by j / 3.
        let jitter = min(mean - least, 3 * variation)
        let latency = (mean - jitter) / 2
        let ends = OrderedSet(quiet.map(\.observer)).count == 1 ? "one end" : "both ends"
        var comment = "\(quiet.count) looks from \(ends): round trip \(Self.text(median)) in the middle, "
        if !variations.isEmpty { comment += "\(Self.text(mean)) without delayed acknowledgements, " }
        comment += "\(Self.text(least)) at least, mean deviation \(Self.text(variation))"
        let loss = loss(first, second, all)
        switch loss {
        case nil: comment += "; segments were not counted."
        case .some(let (sent, _)) where sent == 0:
            comment += "; no segment went in an untroubled time between two looks."
        case .some(let (sent, again)):
            comment += "; \(again) of \(sent) segments were sent again, the late with the lost"
            // Nothing in n tries: below 3 / n with 95 % confidence.
            comment +=
                again > 0
                ? "."
                : ": up to \(min(1_000_000, 3_000_000 / sent)) in a million may be lost and not show in so few."
        }
        return LearntScenario.Path(
            first: first, second: second, latency: .microseconds(min(latency, 10_000_000)),
            jitter: .microseconds(min(jitter, 10_000_000)),
            lossPerMillion: loss.flatMap { sent, again in
                sent == 0 ? nil : Int(min(500_000, again * 1_000_000 / sent))
            },
            comment: comment
        )
    }

    /// Whether one of two hosts, or the way between them, was not itself at any time from `from` to `until`.
    private func isTroubled(_ first: Int, _ second: Int, _ from: Int64, _ until: Int64) -> Bool {
        windows.contains { ($0.host == first || $0.host == second) && $0.overlaps(from, until) }
            || outages.contains {
                $0.first == first && $0.second == second && $0.start <= until && ($0.end ?? .max) >= from
            }
    }

    /// Segments sent in untroubled times, both ways, and how many of them again; nil where nobody counted.
    private func loss(
        _ first: Int, _ second: Int, _ looks: [Measurements.PathLook]
    ) -> (sent: Int64, again: Int64)? {
        struct LinkKey: Hashable {
            var observer: Int
            var life: String
            var link: UInt64
        }
        var links: OrderedDictionary<LinkKey, [Measurements.PathLook]> = [:]
        for look in looks where look.counters != nil {
            links[LinkKey(observer: look.observer, life: look.life, link: look.link), default: []].append(look)
        }
        guard !links.isEmpty else { return nil }
        var sent: Int64 = 0
        var again: Int64 = 0
        for looks in links.values {
            // What a link sent before it was first looked at belongs to another time.
            for (earlier, later) in zip(looks, looks.dropFirst()) where !isTroubled(first, second, earlier.at, later.at)
            {
                guard let before = earlier.counters, let after = later.counters else { continue }
                sent += max(0, after.segmentsSent - before.segmentsSent)
                again += max(0, after.retransmitted - before.retransmitted)
            }
        }
        return (sent, again)
    }

    private static func median(_ values: [Int64]) -> Int64 {
        values.isEmpty ? 0 : values.sorted()[(values.count - 1) / 2]
    }

    /// Microseconds as people write them.
    private static func text(_ microseconds: Int64) -> String {
        if microseconds < 1_000 { return "\(microseconds) us" }
        if microseconds >= 100_000 { return "\(microseconds / 1_000) ms" }
        let hundredths = microseconds / 10
        let rest = hundredths % 100
        return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest) ms"
    }
}
