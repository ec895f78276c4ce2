import Foundation
import Lab

/// The verdicts of many seeds.
struct VerdictSweep {
    let scenario: String
    let verdicts: [(seed: UInt64, verdict: Verdict)]

    static func run(
        _ profile: SimulatedProfile, _ scenario: Scenario, seeds: [UInt64], jobs: Int?
    ) async throws -> VerdictSweep {
        let console = CommandScope.current.console
        let verdicts = try await ParallelRuns.map(
            seeds, width: jobs ?? ProcessInfo.processInfo.activeProcessorCount,
            progress: { done in
                guard console.isTerminal, done % 100 == 0 || done == seeds.count else { return }
                console.writeError("\r\(done)/\(seeds.count) seeds\(done == seeds.count ? "\n" : "")")
            },
            { seed in try Simulation(withPathsOf: scenario, profile: profile, seed: seed).run().verdict }
        )
        return VerdictSweep(scenario: scenario.name, verdicts: zip(seeds, verdicts).map { ($0, $1) })
    }

    private func count(_ word: String) -> Int { verdicts.count { $0.verdict.word == word } }

    /// 1 where any seed violated something, 2 where none did and one could not be told.
    var exitStatus: Int32 { count("violated") > 0 ? 1 : count("unknown") > 0 ? 2 : 0 }

    /// The counts, and the seeds that violated something with what they did.
    func text(_ format: OutputFormat) -> String {
        let failures = verdicts.filter { $0.verdict != .held }
        switch format {
        case .json:
            let list = failures.map { failure in
                let words = failure.verdict.violations.map { "\"\($0.property.rawValue)\"" }.joined(separator: ",")
                return "{\"seed\":\(failure.seed),\"verdict\":\"\(failure.verdict.word)\",\"violated\":[\(words)]}"
            }
            return "{\"seeds\":\(verdicts.count),\"held\":\(count("held")),\"violated\":\(count("violated")),"
                + "\"unknown\":\(count("unknown")),\"failures\":[\(list.joined(separator: ","))]}\n"
        case .text:
            let violated = failures.filter { !$0.verdict.violations.isEmpty }
            let lines = violated.prefix(50).flatMap { failure in
                failure.verdict.violations.map {
                    "seed \(failure.seed): \($0.property.rawValue) at \(String(format: "%.3f", $0.seconds)) s: \($0.detail)"
                }
            }
            let more = violated.count > 50 ? ["… and \(violated.count - 50) more violated seeds"] : []
            let sum =
                "\(verdicts.count) seeds: \(count("held")) held, \(count("violated")) violated, "
                + "\(count("unknown")) unknown"
            return (lines + more + [sum]).joined(separator: "\n")
        }
    }
}
