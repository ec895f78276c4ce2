/// A two-sided interval, in the unit of what it is about.
public struct Interval: Sendable, Hashable {
    /// The lower end.
    public var low: Double
    /// The upper end.
    public var high: Double

    /// Makes an interval from its ends.
    public init(low: Double, high: Double) {
        self.low = low
        self.high = high
    }

    /// Whether `value` lies in the interval, ends included.
    public func contains(_ value: Double) -> Bool {
        low <= value && value <= high
    }
}

/// Percentile bootstrap of a median (Efron 1979).
public enum Bootstrap {
    /// Resamples per interval.
    public static let resamples = 2_000
    /// The fewest observations for which the smallest and the largest one enclose the median with at least 95 %
    /// probability (1 − 2 · 2⁻ⁿ): with fewer, no interval made of the observations can claim it.
    public static let fewestObservations = 6

    private static let seed: UInt64 = 0x7469_6D65_6E6F_6465

    /// The 95 % interval of the median of `values`: given paired differences, one per seed, that is the paired
    /// bootstrap. `nil` with fewer than two values. The same values, in any order, give the same interval.
    public static func medianInterval(_ values: [Double]) -> Interval? {
        guard values.count > 1 else { return nil }
        let sorted = values.sorted()
        guard let first = sorted.first, let last = sorted.last else { return nil }
        if first == last {
            return Interval(low: first, high: last)
        }
        var generator = ResamplingGenerator(seed: seed)
        var counts = [Int](repeating: 0, count: sorted.count)
        var medians: [Double] = []
        medians.reserveCapacity(resamples)
        for _ in 0..<resamples {
            medians.append(resampledMedian(of: sorted, counts: &counts, using: &generator))
        }
        medians.sort()
        guard
            let low = Quantiles.quantile(sorted: medians, 0.025),
            let high = Quantiles.quantile(sorted: medians, 0.975)
        else { return nil }
        return Interval(low: low, high: high)
    }

    /// Draws ranks and counts them, so that the median of a resample needs a walk and no sort.
    private static func resampledMedian(
        of sorted: [Double],
        counts: inout [Int],
        using generator: inout ResamplingGenerator
    ) -> Double {
        for index in counts.indices { counts[index] = 0 }
        for _ in sorted.indices { counts[generator.index(below: sorted.count)] += 1 }
        let lowerMiddle = (sorted.count - 1) / 2
        let upperMiddle = sorted.count / 2
        var passed = 0
        var lower: Double?
        for index in counts.indices {
            passed += counts[index]
            if lower == nil, passed > lowerMiddle { lower = sorted[index] }
            if passed > upperMiddle {
                return ((lower ?? sorted[index]) + sorted[index]) / 2
            }
        }
        return sorted[sorted.count - 1]
    }
}
