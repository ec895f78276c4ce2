/// One run's single figure for a metric: what is paired between profiles.
///
/// For waits it is the Kaplan–Meier median of the run. Where more than half had not ended, there is none; what is
/// known then is that it lies beyond the longest age seen, and the point says so.
struct RunPoint: Sendable, Hashable {
    var value: Double
    /// The true value is at least `value`.
    var isLowerBound: Bool

    init(value: Double, isLowerBound: Bool = false) {
        self.value = value
        self.isLowerBound = isLowerBound
    }

    init?(_ samples: Samples, shape: Metric.Shape) {
        switch shape {
        case .figure:
            guard let value = Quantiles.median(samples.values) else { return nil }
            self.init(value: value)
        case .timeToEvent:
            let estimate = KaplanMeier(samples)
            if let median = estimate.quantile(0.5) {
                self.init(value: median)
            } else if let horizon = estimate.horizon {
                self.init(value: horizon, isLowerBound: true)
            } else {
                return nil
            }
        }
    }

    /// `self` minus `other` within the time that both were observed: two links that outlasted their observations
    /// of unequal length do not differ, and one that ended is short of one that did not by at least this much.
    func difference(from other: RunPoint) -> Double {
        var horizon = Double.infinity
        if isLowerBound { horizon = min(horizon, value) }
        if other.isLowerBound { horizon = min(horizon, other.value) }
        return min(value, horizon) - min(other.value, horizon)
    }

    /// The median point: one that is only a lower bound ranks above everything that is known.
    static func median(_ points: [RunPoint]) -> RunPoint? {
        guard !points.isEmpty else { return nil }
        let sorted = points.sorted { $0.precedes($1) }
        let lower = sorted[(sorted.count - 1) / 2]
        let upper = sorted[sorted.count / 2]
        return RunPoint(
            value: lower.value + (upper.value - lower.value) / 2,
            isLowerBound: lower.isLowerBound || upper.isLowerBound
        )
    }

    /// The order of ranking: by value, the open-ended after all others.
    func precedes(_ other: RunPoint) -> Bool {
        if isLowerBound != other.isLowerBound { return other.isLowerBound }
        return value < other.value
    }
}
