/// Turns paired figures into verdicts and winners.
struct ComparisonJudge {
    private let profiles: [ProfileSummary]
    private let metrics: [Metric]
    /// By metric, profile and seed.
    private let points: [[[RunPoint?]]]

    init(runs: [ProfileRuns], profiles: [ProfileSummary], metrics: [Metric]) {
        self.profiles = profiles
        self.metrics = metrics
        points = metrics.map { metric in
            runs.map { profile in
                profile.runs.map { run in
                    run[metric].flatMap { RunPoint($0, shape: metric.shape) }
                }
            }
        }
    }

    /// Every profile but the reference, corrected over the whole table.
    func differences(against reference: Int) -> [MetricDifference] {
        var found: [MetricDifference] = []
        let tests = metrics.count * (profiles.count - 1)
        for (row, metric) in metrics.enumerated() {
            for profile in profiles.indices where profile != reference {
                guard
                    let paired = paired(row: row, profile, reference, tests: tests),
                    let base = profiles[reference][metric]
                else { continue }
                found.append(
                    MetricDifference(
                        metric: metric,
                        profile: profiles[profile].name,
                        reference: profiles[reference].name,
                        difference: paired.median,
                        interval: Bootstrap.medianInterval(paired.values),
                        pValue: paired.pValue,
                        adjustedPValue: paired.pValue,
                        minimumEffect: metric.minimumEffect.threshold(against: base.median),
                        verdict: .undecided,
                        pairs: paired.values.count
                    )
                )
            }
        }
        for (index, adjusted) in HolmCorrection.adjust(found.map(\.pValue)).enumerated() {
            found[index].adjustedPValue = adjusted
            found[index].verdict = Self.verdict(found[index])
        }
        return found
    }

    /// The rows in which the best profile beats every other one. All of those tests have to succeed, so their
    /// largest p-value speaks for the row, and only the number of rows is corrected for.
    func winners() -> [RowWinner] {
        guard profiles.count > 1 else { return [] }
        let candidates = metrics.indices.map { candidate(row: $0) }
        let adjusted = HolmCorrection.adjust(candidates.map { $0?.pValue ?? 1 })
        var winners: [RowWinner] = []
        for (row, candidate) in candidates.enumerated() {
            guard let candidate, candidate.isBeyondEffect, adjusted[row] <= Comparison.level else { continue }
            winners.append(
                RowWinner(
                    metric: metrics[row],
                    profile: profiles[candidate.profile].name,
                    adjustedPValue: adjusted[row]
                )
            )
        }
        return winners
    }
}

extension ComparisonJudge {
    private struct Paired {
        var values: [Double]
        var median: Double
        var pValue: Double
    }

    private struct Candidate {
        var profile: Int
        var pValue: Double
        var isBeyondEffect: Bool
    }

    private func paired(row: Int, _ profile: Int, _ other: Int, tests: Int) -> Paired? {
        let values = zip(points[row][profile], points[row][other]).compactMap { left, right -> Double? in
            guard let left, let right else { return nil }
            return left.difference(from: right)
        }
        // The smallest p-value that random patterns can show must survive the correction for so many tests.
        let patterns = max(SignFlipTest.randomPatterns, 40 * tests)
        guard
            let median = Quantiles.median(values),
            let pValue = SignFlipTest.pValue(values, randomPatterns: patterns)
        else { return nil }
        return Paired(values: values, median: median, pValue: pValue)
    }

    /// The profile with the best median, and how sure it is that it beats each of the others that have the metric.
    private func candidate(row: Int) -> Candidate? {
        let metric = metrics[row]
        let present = profiles.indices.filter { profiles[$0][metric] != nil }
        guard present.count > 1, let best = best(of: present, metric) else { return nil }
        var candidate = Candidate(profile: best, pValue: 0, isBeyondEffect: true)
        for other in present where other != best {
            guard
                let paired = paired(row: row, best, other, tests: metrics.count),
                let base = profiles[other][metric]
            else { return nil }
            let gain = metric.better == .higher ? paired.median : -paired.median
            let threshold = metric.minimumEffect.threshold(against: base.median)
            candidate.pValue = max(candidate.pValue, paired.pValue)
            candidate.isBeyondEffect = candidate.isBeyondEffect && gain > 0 && gain >= threshold
        }
        return candidate
    }

    private func best(of present: [Int], _ metric: Metric) -> Int? {
        let ranked = present.compactMap { index in profiles[index][metric].map { (index: index, point: $0.point) } }
        switch metric.better {
        case .lower: return ranked.min { $0.point.precedes($1.point) }?.index
        case .higher: return ranked.max { $0.point.precedes($1.point) }?.index
        case .neither: return nil
        }
    }

    private static func verdict(_ found: MetricDifference) -> DifferenceVerdict {
        guard let interval = found.interval, found.pairs >= Bootstrap.fewestObservations else { return .undecided }
        let isIdentical = interval.low == 0 && interval.high == 0
        let isNegligible = interval.low > -found.minimumEffect && interval.high < found.minimumEffect
        if isIdentical || isNegligible { return .noDifference }
        let isBeyondEffect = found.difference != 0 && found.difference.magnitude >= found.minimumEffect
        guard isBeyondEffect, found.adjustedPValue <= Comparison.level, !interval.contains(0) else {
            return .undecided
        }
        switch found.metric.better {
        case .neither: return .different
        case .higher: return found.difference > 0 ? .better : .worse
        case .lower: return found.difference < 0 ? .better : .worse
        }
    }
}
