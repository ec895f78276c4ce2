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
        try await map(jobs, width: width, progress: progress) { job in
            try Simulation(
                withPathsOf: scenario, profile: job.profile, seed: job.seed, collectsTimeline: job.collectsTimeline
            ).run()
        }
    }

    /// What `body` makes of each item, `width` at a time, in the order of the items.
    static func map<Item: Sendable, Result: Sendable>(
        _ items: [Item], width: Int, progress: (Int) -> Void = { _ in },
        _ body: @escaping @Sendable (Item) throws -> Result
    ) async throws -> [Result] {
        try await withThrowingTaskGroup(of: (Int, Result).self) { group in
            var results = [Result?](repeating: nil, count: items.count)
            var next = 0
            func submit() {
                guard next < items.count else { return }
                let (index, item) = (next, items[next])
                next += 1
                group.addTask { (index, try body(item)) }
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
