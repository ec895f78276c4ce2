/// One cell of a table of medians, before any output's decoration.
struct ReportCell: Sendable, Hashable {
    /// The median, `≥` before it where too few had ended.
    var value: String
    /// The interval of the median where it is wider than a point.
    var interval: String?
    /// The verdict against the reference; `nil` in the reference's own column.
    var verdict: DifferenceVerdict?
    /// This profile wins the row.
    var isWinner: Bool

    /// `nil` where the profile does not have the metric.
    init?(_ comparison: Comparison, _ metric: Metric, _ profile: ProfileSummary) {
        guard let summary = profile[metric] else { return nil }
        value = (summary.medianIsLowerBound ? "≥" : "") + NumberText.value(summary.median, metric.unit)
        if let span = summary.interval, span.low != span.high {
            let high = NumberText.value(span.high, metric.unit)
            interval = "[\(NumberText.value(span.low, metric.unit)), \(high)]"
        }
        verdict = comparison.difference(metric, of: profile.name)?.verdict
        isWinner = comparison.winner(of: metric)?.profile == profile.name
    }

    /// The sign of the verdict in tables of plain text.
    var sign: String {
        switch verdict {
        case .better: "+"
        case .worse: "-"
        case .noDifference: "="
        case .different: "~"
        case .undecided: "?"
        case nil: ""
        }
    }
}
