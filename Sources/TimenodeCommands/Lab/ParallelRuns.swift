import Foundation
import Kernel
import Lab

/// Spreads runs over the cores; the order of the results does not depend on which finished first.
enum ParallelRuns {
    /// One run to make.
    struct Job: Sendable {
        var profile: SimulatedProfile
        var seed: UInt64
        var collectsTimeline: Bool
    }

    /// - Parameter progress: told how many runs are done, after each.
    static func run(
        _ jobs: [Job], scenario: Scenario, width: Int, progress: @escaping @Sendable (Int) -> Void
    ) async throws -> [RunResult] {
        try await withThrowingTaskGroup(of: (Int, RunResult).self) { group in
            var results = [RunResult?](repeating: nil, count: jobs.count)
            var next = 0
            func submit() {
                guard next < jobs.count else { return }
                let (index, job) = (next, jobs[next])
                next += 1
                group.addTask {
                    let simulation = Simulation(
                        scenario, profile: job.profile, seed: job.seed, collectsTimeline: job.collectsTimeline
                    )
                    return (index, try simulation.run())
                }
            }
            for _ in 0..<max(1, width) { submit() }
            var done = 0
            for try await (index, result) in group {
                results[index] = result
                done += 1
                progress(done)
                submit()
            }
            return results.compactMap { $0 }
        }
    }
}
