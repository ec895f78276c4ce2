import Foundation
import Lab

/// The verdicts of many seeds, as people and programs read them.
enum VerdictText {
    static func render(_ sweep: VerdictSweep, _ format: OutputFormat) -> String {
        switch format {
        case .json: json(sweep)
        case .text: text(sweep)
        }
    }

    /// The counts, and the seeds that violated something with what they did.
    private static func json(_ sweep: VerdictSweep) -> String {
        let list = sweep.failures.map { failure in
            let words = failure.verdict.violations.map { "\"\($0.property.rawValue)\"" }.joined(separator: ",")
            return "{\"seed\":\(failure.seed),\"verdict\":\"\(failure.verdict.word)\",\"violated\":[\(words)]}"
        }
        let partial = sweep.isPartial ? "\"partial\":true,\"planned_seeds\":\(sweep.planned)," : ""
        return "{\"seeds\":\(sweep.entries.count),\(partial)\"held\":\(sweep.count("held")),"
            + "\"violated\":\(sweep.count("violated")),\"unknown\":\(sweep.count("unknown")),"
            + "\"failures\":[\(list.joined(separator: ","))]}\n"
    }

    private static func text(_ sweep: VerdictSweep) -> String {
        let violated = sweep.failures.filter { !$0.verdict.violations.isEmpty }
        let lines = violated.prefix(50).flatMap { failure in
            failure.verdict.violations.map {
                "seed \(failure.seed): \($0.property.rawValue) at \(String(format: "%.3f", $0.seconds)) s: \($0.detail)"
            }
        }
        let more = violated.count > 50 ? ["… and \(violated.count - 50) more violated seeds"] : []
        let partial = sweep.isPartial ? " (partial: \(sweep.planned) were asked for)" : ""
        let sum =
            "\(sweep.entries.count) seeds\(partial): \(sweep.count("held")) held, \(sweep.count("violated")) violated, "
            + "\(sweep.count("unknown")) unknown"
        return (lines + more + [sum]).joined(separator: "\n")
    }
}
