import Kernel

/// Exponential back-off with jitter: each wait is drawn from the upper half of a window that doubles up to a limit,
/// so that many nodes that failed together do not come back together.
public struct Backoff: Sendable, Hashable {
    /// The first window.
    public var initial: Duration
    /// The longest window.
    public var limit: Duration

    public init(initial: Duration, limit: Duration) {
        self.initial = initial
        self.limit = limit
    }

    /// The wait after `failures` failures in a row; after none it is drawn below half of `initial`, which only
    /// spreads the herd.
    public func delay(failures: Int, random: (Duration) -> Duration) -> Duration {
        guard failures > 0 else { return random(initial / 2) }
        let window = Self.window(initial: initial, limit: limit, failures: failures)
        return window / 2 + random(window / 2)
    }

    /// What `initial` has doubled to after so many failures, `limit` at most.
    static func window(initial: Duration, limit: Duration, failures: Int) -> Duration {
        var window = initial
        for _ in 1..<max(1, min(failures, 32)) where window < limit { window = window * 2 }
        return min(window, limit)
    }
}
