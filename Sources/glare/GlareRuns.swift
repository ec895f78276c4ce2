import ArgumentParser
import Foundation
import ModuleTesting

/// `glare runs`: long runs that are drawn.
struct GlareRuns: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "runs", abstract: "Draw long runs with every mix of direction rules.",
        discussion: "A run that fails prints its events, as few as still fail, and its seed: --first SEED --runs 1."
    )

    @Option(help: "How many runs.")
    var runs: UInt64 = 1_000_000

    @Option(help: "The first seed.")
    var first: UInt64 = 1

    @Option(help: "How many at a time; all cores if left out.")
    var jobs: Int?

    func validate() throws {
        if runs == 0 { throw ValidationError("--runs takes 1 or more") }
    }

    func run() async throws {
        let shard: UInt64 = 10_000
        let shards = stride(from: first, to: first + runs, by: UInt64.Stride(shard)).map {
            $0..<min($0 + shard, first + runs)
        }
        var slowest = Duration.zero
        var findings = 0
        let width = jobs ?? ProcessInfo.processInfo.activeProcessorCount
        try await spread(shards, width: width) { seeds in
            var slowest = Duration.zero
            var findings: [(UInt64, GlareFinding)] = []
            for seed in seeds {
                let run = GlareDraw.run(seed: seed)
                if let finding = run.finding {
                    findings.append((seed, finding))
                } else {
                    slowest = max(slowest, run.slowest)
                }
                if findings.count == 10 { break }
            }
            return (slowest, findings)
        } done: { part in
            slowest = max(slowest, part.0)
            findings += part.1.count
            for (seed, finding) in part.1 { print("seed \(seed): \(finding)") }
        }
        let time = String(format: "%.3f", Double(slowest / .milliseconds(1)) / 1000)
        print("\(runs) runs from seed \(first): \(findings) do not end with one link; the slowest took \(time) s")
        if findings > 0 { throw ExitCode(1) }
    }
}
