/// The words that every output of a comparison shares.
struct ComparisonText {
    let comparison: Comparison

    init(_ comparison: Comparison) {
        self.comparison = comparison
    }

    /// `two-minute-cycle, simulation, 10 min, 14 seeds (1 to 14)`.
    var headline: String {
        "\(comparison.scenario), \(conditions)"
    }

    /// `simulation, 10 min, 14 seeds (1 to 14)`.
    var conditions: String {
        "\(comparison.driver), \(NumberText.clock(comparison.durationSeconds)), \(seeds)"
    }

    /// `14 seeds (1 to 14)`; the list itself where the seeds are few and not consecutive; `…, partial: 20 were asked for`.
    var seeds: String {
        let planned = comparison.plannedSeeds.map { ", partial: \($0) were asked for" } ?? ""
        return finishedSeeds + planned
    }

    private var finishedSeeds: String {
        let seeds = comparison.seeds
        guard let first = seeds.first, let last = seeds.last, seeds.count > 1 else {
            return "1 seed (\(seeds.first ?? 0))"
        }
        let isConsecutive = zip(seeds, seeds.dropFirst()).allSatisfy { $0 &+ 1 == $1 }
        if isConsecutive { return "\(seeds.count) seeds (\(first) to \(last))" }
        guard seeds.count <= 8 else { return "\(seeds.count) seeds (\(first), …, \(last))" }
        return "\(seeds.count) seeds (\(seeds.map { "\($0)" }.joined(separator: ", ")))"
    }

    /// What there is to say behind a profile's name: `reference`, `same as node`.
    func remark(_ profile: ProfileSummary) -> String? {
        let isReference = profile.name == comparison.reference && isContest
        let parts = [isReference ? "reference" : nil, profile.original.map { "the same profile as \($0)" }]
        let text = parts.compactMap { $0 }.joined(separator: ", ")
        return text.isEmpty ? nil : text
    }

    /// Only with several profiles is anything won or lost.
    var isContest: Bool { comparison.profiles.count > 1 }

    /// One sentence per row that the reference loses; empty when it loses none.
    var losses: [String] {
        comparison.lossesOfReference.compactMap { loss in
            guard
                let theirs = comparison[profile: loss.profile]?[loss.metric],
                let ours = comparison[profile: loss.reference]?[loss.metric]
            else { return nil }
            return "\(loss.metric.title): \(loss.profile) has \(Self.median(theirs)), \(loss.reference) "
                + "\(Self.median(ours)) (\(Self.evidence(loss)))"
        }
    }

    /// What to do about undecided rows; `nil` where more seeds would not help.
    var advice: String? {
        let undecided = comparison.differences.count { $0.verdict == .undecided }
        let seeds = comparison.seeds.count
        guard undecided > 0, seeds < comparison.seedsNeeded else { return nil }
        return "\(seeds) \(seeds == 1 ? "seed" : "seeds") cannot decide a table of \(comparison.differences.count) "
            + "\(comparison.differences.count == 1 ? "difference" : "differences"): "
            + "use at least \(comparison.seedsNeeded)."
    }

    /// `62.7 s`, or `at least 600 s` where too few had ended.
    static func median(_ summary: MetricSummary) -> String {
        let value = NumberText.valueWithUnit(summary.median, summary.metric.unit)
        return summary.medianIsLowerBound ? "at least \(value)" : value
    }

    /// `difference -50.7 s, 95 % interval -52.0 to -49.0, p = 0.004`.
    static func evidence(_ difference: MetricDifference) -> String {
        let unit = difference.metric.unit
        var parts = ["difference \(NumberText.valueWithUnit(difference.difference, unit))"]
        if let interval = difference.interval {
            let low = NumberText.value(interval.low, unit)
            parts.append("95 % interval \(low) to \(NumberText.value(interval.high, unit))")
        }
        parts.append(NumberText.pValue(difference.adjustedPValue))
        return parts.joined(separator: ", ")
    }

    /// `5 s and 10 %`: the stated minimum effect of a metric.
    static func minimumEffect(_ metric: Metric) -> String {
        let absolute = NumberText.valueWithUnit(metric.minimumEffect.absolute, metric.unit)
        guard metric.minimumEffect.relative > 0 else { return absolute }
        return "\(absolute) or \(NumberText.share(metric.minimumEffect.relative)), whichever is more"
    }
}
