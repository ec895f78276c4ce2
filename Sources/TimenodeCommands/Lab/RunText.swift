import Foundation
import Lab

/// One run as people read it.
enum RunText {
    static func render(_ result: RunResult) -> String {
        var lines = ["digest   \(result.digest)", "verdict  \(verdict(result.verdict))"]
        for violation in result.verdict.violations {
            let time = String(format: "%.3f", violation.seconds)
            lines.append("         \(violation.property.rawValue) at \(time) s: \(violation.detail)")
        }
        for metric in result.metrics.metrics {
            guard let samples = result.metrics[metric] else { continue }
            let figure = Quantiles.median(samples.values).map { String(format: "%.3f", $0) } ?? "none ended"
            let rest = samples.count > 1 ? "  (median of \(samples.count), \(samples.censored.count) open)" : ""
            lines.append(metric.key.padding(toLength: 44, withPad: " ", startingAt: 0) + figure + rest)
        }
        return lines.joined(separator: "\n")
    }

    private static func verdict(_ verdict: Verdict) -> String {
        if case .unknown(let why) = verdict { "unknown: \(why)" } else { verdict.word }
    }
}
