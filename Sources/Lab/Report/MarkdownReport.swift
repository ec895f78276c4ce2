/// A comparison as a Markdown page: the table with intervals, the losses in words, the spread of waits, and what
/// each metric means.
public enum MarkdownReport {
    /// Renders the page; it ends with a line feed.
    public static func render(_ comparison: Comparison) -> String {
        let text = ComparisonText(comparison)
        var lines = ["# Comparison: \(TextEscape.markdown(comparison.scenario))", ""]
        lines += [
            "Driver: \(TextEscape.markdown(comparison.driver)). "
                + "Length of a run: \(NumberText.clock(comparison.durationSeconds)). "
                + "\(text.seeds), the same for every profile.", "",
        ]
        lines += profiles(comparison) + [""]
        lines += medians(comparison) + [""]
        lines += [explanation(comparison), ""]
        lines += verdicts(text)
        lines += distributions(comparison)
        lines += definitions(comparison)
        return lines.joined(separator: "\n") + "\n"
    }

    private static func profiles(_ comparison: Comparison) -> [String] {
        let rows = comparison.profiles.map { profile in
            let remark = ComparisonText(comparison).remark(profile).map { " (\(TextEscape.markdown($0)))" } ?? ""
            return [
                TextEscape.markdown(profile.name) + remark, TextEscape.markdown(profile.path),
                TextEscape.markdown(profile.digest),
            ]
        }
        return table(["profile", "file", "digest"], rows, numbers: 3)
    }

    private static func medians(_ comparison: Comparison) -> [String] {
        let header = ["metric"] + comparison.profiles.map { TextEscape.markdown($0.name) }
        let rows = comparison.metrics.map { metric in
            [metric.label]
                + comparison.profiles.map { profile in
                    guard let cell = ReportCell(comparison, metric, profile) else { return NumberText.absent }
                    let value = cell.isWinner ? "**\(cell.value)**" : cell.value
                    let interval = cell.interval.map { " \(TextEscape.markdown($0))" } ?? ""
                    return value + interval + (cell.verdict.map { ", \($0.rawValue)" } ?? "")
                }
        }
        return table(header, rows, numbers: 1)
    }

    private static func explanation(_ comparison: Comparison) -> String {
        var parts = ["Medians over the seeds with their 95 % bootstrap intervals."]
        if comparison.profiles.count > 1 {
            parts.append(
                "Verdicts are against \(TextEscape.markdown(comparison.reference)), paired by seed, beyond the minimum "
                    + "effect and after Holm's correction over the table; bold wins its row against every other profile."
            )
        }
        parts.append("≥: more than half had not ended. \(NumberText.absent): not measured.")
        return parts.joined(separator: " ")
    }

    private static func verdicts(_ text: ComparisonText) -> [String] {
        guard text.isContest else { return [] }
        let name = TextEscape.markdown(text.comparison.reference)
        let losses = text.losses
        var lines = ["## Where \(name) loses", ""]
        lines += losses.isEmpty ? ["It loses no row."] : losses.map { "- \(TextEscape.markdown($0))" }
        if let advice = text.advice { lines += ["", advice] }
        return lines + [""]
    }

    private static func distributions(_ comparison: Comparison) -> [String] {
        var rows: [[String]] = []
        for metric in comparison.metrics where metric.shape == .timeToEvent {
            for profile in comparison.profiles {
                guard let summary = profile[metric] else { continue }
                let quantiles = [summary.p5, summary.p50, summary.p99].map { value in
                    value.map { NumberText.value($0, metric.unit) } ?? "not reached"
                }
                rows.append(
                    [metric.label, TextEscape.markdown(profile.name)] + quantiles
                        + [NumberText.share(summary.censoredShare ?? 0), "\(summary.samples.count)"]
                )
            }
        }
        guard !rows.isEmpty else { return [] }
        let header = ["metric", "profile", "p5", "p50", "p99", "not ended", "samples"]
        return ["## Spread of waits (Kaplan–Meier)", ""] + table(header, rows, numbers: 2) + [""]
    }

    private static func definitions(_ comparison: Comparison) -> [String] {
        let rows = comparison.metrics.map { metric in
            [
                "`\(metric.key)`", TextEscape.markdown(metric.definition), metric.better.rawValue,
                ComparisonText.minimumEffect(metric),
            ]
        }
        return ["## Definitions", ""] + table(["metric", "definition", "better", "minimum effect"], rows, numbers: 4)
    }

    /// A table whose columns from index `numbers` on are aligned to the right; cells are escaped already.
    static func table(_ header: [String], _ rows: [[String]], numbers: Int) -> [String] {
        let rule = header.indices.map { $0 < numbers ? "---" : "---:" }
        return ([header, rule] + rows).map { "| " + $0.joined(separator: " | ") + " |" }
    }
}
