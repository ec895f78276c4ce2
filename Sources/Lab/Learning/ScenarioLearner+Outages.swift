import Collections
import Kernel
import Wire

// Paths between two hosts that were both there.
extension ScenarioLearner {
    /// The longest list of what policies did; the rest is counted.
    private static let churnLimit = 30

    mutating func findOutages() {
        var unknown: [Int] = []
        for first in facts.hosts.indices {
            for second in facts.hosts.indices where second > first {
                if isObserved(first) || isObserved(second) {
                    examine(first, second)
                } else {
                    unknown += [first, second].filter { !unknown.contains($0) }
                }
            }
        }
        guard unknown.count > 1 else { return }
        let names = unknown.sorted().map(name).prefix(10).joined(separator: ", ") + (unknown.count > 10 ? ", …" : "")
        remarks.append(
            "Nothing is known of the ways between \(names), none of which was recorded: each is taken to reach the others, "
                + "and how far apart they are is a guess."
        )
    }

    /// Whether a host told of itself. Of a pair of which neither did nothing can be known.
    func isObserved(_ host: Int) -> Bool { facts.lives.contains { $0.host == host && $0.isOwn } }

    private mutating func examine(_ first: Int, _ second: Int) {
        let isPair = { (observer: Int, peer: Int) in
            (observer == first && peer == second) || (observer == second && peer == first)
        }
        let ends = facts.ends.filter { isPair($0.observer, $0.peer) }
        let ups = facts.ups.filter { isPair($0.observer, $0.peer) }
        let unexplained = ends.filter { end in !isExplained(end, ups) }
        let lost = unexplained.filter { $0.kind == .lost }
        var pairOutages: [Outage] = []
        for end in lost where end.reason.isSilence { add(outage(of: end, ups), to: &pairOutages) }
        if ups.isEmpty { addNeverLinked(first, second, unexplained, to: &pairOutages) }
        outages += pairOutages
        var counts: OrderedDictionary<String, Int> = [:]
        for end in lost where !end.reason.isSilence {
            // Within an outage other things happen to its links too.
            if pairOutages.contains(where: { $0.start <= end.at && end.at <= ($0.end ?? .max) }) { continue }
            if end.reason == .reset, end.ender == .transport {
                let isKnown = resets.contains {
                    $0.first == first && $0.second == second && abs($0.at - end.at) < 2_000
                }
                if !isKnown { resets.append((first, second, end.at, end.reason)) }
            } else {
                counts["\(end.reason.rawValue) at \(name(end.observer))", default: 0] += 1
            }
        }
        counts.sort { $0.key < $1.key }
        guard !counts.isEmpty else { return }
        if churn.count < Self.churnLimit {
            let list = counts.map { "\($0.value) × \($0.key)" }.joined(separator: ", ")
            churn.append("\(name(first)) and \(name(second)): \(list)")
        } else if churn.count == Self.churnLimit {
            churn.append("and other pairs")
        }
    }

    /// Whether a host that was not itself accounts for an end.
    private func isExplained(_ end: Measurements.End, _ ups: [Measurements.Up]) -> Bool {
        let up = ups.last { $0.observer == end.observer && $0.link == end.link && $0.at <= end.at }?.at
        return windows.contains { window in
            guard window.host == end.observer || window.host == end.peer else { return false }
            let last = window.end.map { $0 + window.grace } ?? .max
            guard end.at >= window.start - 1_000, end.at <= last else { return false }
            // A link that came up behind the trouble died of something else.
            if end.kind == .lost, let up, let over = window.end { return up <= over }
            return end.kind != .lost || end.at <= last
        }
    }

    private func outage(of end: Measurements.End, _ ups: [Measurements.Up]) -> Outage {
        let heard = facts.paths.filter {
            $0.observer == end.observer && $0.peer == end.peer && $0.link == end.link && $0.at <= end.at
        }.compactMap(\.counters?.heardAt).max()
        let start = min(heard ?? end.at, end.at)
        return Outage(
            first: min(end.observer, end.peer), second: max(end.observer, end.peer), start: start,
            end: ups.map(\.at).filter { $0 > end.at }.min(), isStartMeasured: heard != nil, ends: [end]
        )
    }

    /// Both ends tell of one outage.
    private func add(_ outage: Outage, to outages: inout [Outage]) {
        guard
            let place = outages.firstIndex(where: {
                $0.start <= (outage.end ?? .max) && outage.start <= ($0.end ?? .max)
            })
        else {
            outages.append(outage)
            return
        }
        let other = outages[place]
        // The last word from the other host, whoever heard it, is before the outage.
        outages[place].start =
            other.isStartMeasured && outage.isStartMeasured
            ? max(other.start, outage.start)
            : other.isStartMeasured
                ? other.start : outage.isStartMeasured ? outage.start : min(other.start, outage.start)
        outages[place].isStartMeasured = other.isStartMeasured || outage.isStartMeasured
        outages[place].end = other.end.flatMap { end in outage.end.map { max($0, end) } }
        outages[place].ends += outage.ends
    }

    private mutating func addNeverLinked(
        _ first: Int, _ second: Int, _ attempts: [Measurements.End], to outages: inout [Outage]
    ) {
        let away = windows.contains { ($0.host == first || $0.host == second) && $0.end == nil }
        guard !away else { return }
        let silent = attempts.filter(\.reason.isSilence)
        guard let earliest = silent.first else {
            let tried = OrderedSet(attempts.map(\.reason.rawValue)).sorted().joined(separator: ", ")
            remarks.append(
                "No link between \(name(first)) and \(name(second)) was seen by any node, "
                    + (attempts.isEmpty
                        ? "and no attempt at one: perhaps neither was asked. The way between them is a guess."
                        : "and attempts at one ended with \(tried): nothing is made of it.")
            )
            return
        }
        outages.append(
            Outage(
                first: first, second: second, start: min(earliest.at, facts.span.lowerBound), end: nil,
                isStartMeasured: false, ends: silent
            )
        )
    }

    // MARK: Faults

    mutating func addOutages() {
        for outage in outages {
            let reasons = OrderedSet(outage.ends.map { "\($0.reason.rawValue) at \(name($0.observer))" }).sorted()
            let isNever = outage.end == nil && outage.start <= facts.span.lowerBound
            var comment = "\(name(outage.first)) and \(name(outage.second)) lost each other while both were there "
            if isNever { comment = "\(name(outage.first)) and \(name(outage.second)) never found together " }
            comment +=
                "(\(reasons.prefix(6).joined(separator: ", "))). Whether both directions were cut or one, and where, "
            comment += "nobody can tell from outside. "
            comment +=
                isNever
                ? ""
                : outage.isStartMeasured
                    ? "It begins when one last heard the other, or later; "
                    : "When it began is a guess: when a link was given up; "
            comment += outage.end == nil ? "it was not over at the last look." : "it was over by the next link."
            let lasts = outage.end.map { Duration.milliseconds(max(1, $0 - outage.start)) }
            faults.append(
                LearntScenario.Fault(
                    at: isNever ? .zero : moment(outage.start), kind: .drop(outage.first, outage.second, for: lasts),
                    comment: comment
                )
            )
        }
        for reset in resets {
            faults.append(
                LearntScenario.Fault(
                    at: moment(reset.at), kind: .reset(reset.first, reset.second),
                    comment:
                        "A link between \(name(reset.first)) and \(name(reset.second)) was reset while both were there: "
                        + "something between them, or one of their kernels."
                )
            )
        }
    }
}
