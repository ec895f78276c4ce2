import Kernel
import Wire

/// Keeps a flood of refusals from becoming a flood of events: of each reason some are told one by one, the others are
/// counted and told as a number.
struct RefusalTally {
    /// After this long a number is told, and some are told one by one again.
    static let period: Duration = .seconds(10)
    /// How many are told one by one.
    static let told = 8

    private struct Count {
        let reason: Reason
        var count = 0
        var last: Endpoint
    }

    private var counts: [Count] = []
    private var since = Instant.zero

    /// Counts one refusal. - Returns: whether it is to be told by itself.
    mutating func note(_ reason: Reason, of remote: Endpoint) -> Bool {
        let index = counts.firstIndex { $0.reason == reason } ?? counts.endIndex
        if index == counts.endIndex { counts.append(Count(reason: reason, last: remote)) }
        counts[index].count += 1
        counts[index].last = remote
        return counts[index].count <= Self.told
    }

    /// What is to be told of the period that is over by now; nil where it is not, or all was told already.
    mutating func summary(at now: Instant) -> String? {
        guard now - since >= Self.period else { return nil }
        since = now
        defer { counts = [] }
        let parts = counts.filter { $0.count > Self.told }.map {
            "\($0.count - Self.told) more (\($0.reason.rawValue), the last of \($0.last.ip))"
        }
        return parts.isEmpty ? nil : "callers turned away at the door: " + parts.joined(separator: ", ")
    }
}
