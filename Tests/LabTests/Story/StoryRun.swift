import Kernel
import Profile
import Testing

@testable import Lab

/// Runs the files of this repository: a shipped profile in a shipped scenario.
enum StoryRun {
    static let profiles = [
        "node.yaml", "profiles/2025-12-16-baseline.yaml", "profiles/2025-12-17-quick-win.yaml",
        "profiles/2025-12-17-direction-everywhere.yaml", "profiles/2025-12-18-reply-key.yaml",
        "profiles/2025-12-17-refactor-proposal.yaml", "profiles/2025-12-17-refactor-proposal-count3.yaml",
        "profiles/2026-07-15-passive-wait.yaml",
    ]

    static func scenario(_ name: String) throws -> Scenario {
        let outcome = Scenario.load(path: Repository.path("scenarios/\(name).yaml"))
        return try #require(outcome.value, "\(outcome.renderedDiagnostics())")
    }

    static func profile(_ path: String, set overrides: [String] = []) throws -> SimulatedProfile {
        let outcome = ProfileLoader(catalogue: Registry.lab.catalogue).load(
            path: Repository.path(path), overrides: overrides
        )
        return try SimulatedProfile(
            try #require(outcome.value, "\(outcome.renderedDiagnostics())"), registry: .lab
        )
    }

    static func run(_ path: String, in scenario: Scenario, seed: UInt64, set overrides: [String] = []) throws
        -> RunResult
    {
        let simulation = Simulation(scenario, profile: try profile(path, set: overrides), seed: seed)
        return try simulation.run()
    }

    /// The one figure of a metric.
    static func figure(_ metric: Metric, _ result: RunResult) throws -> Double {
        try #require(result.metrics[metric]?.values.first)
    }
}
