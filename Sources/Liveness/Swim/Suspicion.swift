import Kernel
import Wire

/// A member that somebody has got no answer from, and how long it has to speak up.
struct Suspicion: Codable, Sendable {
    /// Everybody who is said to have come to it independently, the first of them first.
    private(set) var sources: [Identity]
    /// Over whose links that was said. A source is only a name that the teller gives, so one that lies about many counts
    /// no more than one.
    private(set) var tellers: [Identity]
    let since: Instant
    /// The time it has at most and at least, and how many more sources it takes to get from one to the other.
    let longest: Duration
    let shortest: Duration
    let confirmations: Int

    init(
        by source: Identity, toldBy teller: Identity, at now: Instant, shortest: Duration, longest: Duration,
        confirmations: Int
    ) {
        sources = [source]
        tellers = [teller]
        since = now
        self.shortest = shortest
        self.longest = max(shortest, longest)
        self.confirmations = confirmations
    }

    /// Another one came to it, or another one says so. False where the source is nothing new, or no more are counted.
    mutating func confirm(by source: Identity, toldBy teller: Identity) -> Bool {
        if tellers.count <= confirmations, !tellers.contains(teller) { tellers.append(teller) }
        guard sources.count <= confirmations, !sources.contains(source) else { return false }
        sources.append(source)
        return true
    }

    /// How many came to it, as far as that can be believed: as many as were named, and no more than named them.
    private var believed: Int { min(sources.count, tellers.count) }

    /// When it is over: the wait shrinks with the logarithm of the sources (Lifeguard, section IV-B).
    var deadline: Instant {
        guard confirmations > 0 else { return since + shortest }
        let span = (longest - shortest).nanoseconds / 1_000_000
        let share =
            span * IntegerLogarithm.base2(believed) / max(1, IntegerLogarithm.base2(confirmations + 1))
        return since + max(shortest, longest - .milliseconds(share))
    }
}
