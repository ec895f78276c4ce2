import Foundation
import Lab
import LabLive

/// What `compare` does on the real kernel.
extension CompareCommand {
    /// Every profile with its alternatives, as a live run needs it, in the order of the columns.
    private func liveProfiles() throws -> [LiveProfile] {
        let alternatives = try alternatives()
        return try profiles.flatMap { path in
            try alternatives.map { alternative in
                try LabProfiles.loadLive(
                    path, overrides: overriding.overrides + alternative.overrides, suffix: alternative.suffix
                )
            }
        }
    }

    private func comparison(_ driver: LiveDriver, _ console: Console) -> LiveComparison {
        LiveComparison(
            driver: driver, width: jobs ?? ProcessInfo.processInfo.activeProcessorCount, console: console
        )
    }

    func runLive(
        _ driver: LiveDriver, _ experiment: Experiment, path: String, _ console: Console
    ) async throws -> (result: ExperimentResult, wasInterrupted: Bool) {
        let comparison = comparison(driver, console)
        try comparison.check(experiment.scenario, path: path, seeds: seedList)
        return try await comparison.run(try liveProfiles(), experiment)
    }

    /// `--fidelity`.
    func compareWorlds(_ scenario: String, _ console: Console) async throws {
        for path in output where Self.ending(path) != "md" {
            throw CommandFailure(.usage, "--fidelity writes Markdown: --output \(path) has to end in .md")
        }
        let loaded = try profiles.map { try LabProfiles.load($0, overrides: overriding.overrides, tellsInert: false) }
        let sources = try FidelityComparison.sources(scenario, ScenarioSource(near: loaded.flatMap(\.files)))
        try checkOutput(against: loaded.flatMap(\.files) + sources.map(\.path))
        let fidelity = FidelityComparison(
            live: comparison(driver.live ?? .netns, console), seeds: seedList
        )
        let page = try await fidelity.run(try liveProfiles(), sources)
        console.print(page.text())
        for path in output { try Files.write(page.markdown(), to: path) }
    }
}
