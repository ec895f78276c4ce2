import Foundation
import Lab
import LabLive
import Profile

/// `compare --fidelity`: both worlds, side by side.
struct FidelityComparison {
    let live: LiveComparison
    let seeds: [UInt64]

    /// A scenario and where it was read.
    struct Source {
        var scenario: Scenario
        var path: String
    }

    /// Runs every profile in every scenario, and gathers the tables.
    ///
    /// A scenario that the driver cannot run is left out of a folder with its reasons; alone, it is refused.
    func run(_ profiles: [LiveProfile], _ sources: [Source]) async throws -> FidelityPage {
        // Before the first run: a mistake in the file must not cost all of them.
        let notes = try FidelityNotes(beside: sources.first?.path)
        var leftOut: [(scenario: String, why: String)] = []
        var scenarios: [Scenario] = []
        for source in sources {
            if sources.count == 1 { try live.check(source.scenario, path: source.path, seeds: seeds) }
            let refusals = live.refusals(
                source.scenario, path: source.path, seeds: notes.seeds(seeds, of: source.scenario.name)
            )
            if refusals.isEmpty {
                scenarios.append(source.scenario)
            } else {
                leftOut.append((source.scenario.name, refusals.joined(separator: "; ")))
            }
        }
        if let reason = live.driver.unavailableReason() {
            throw CommandFailure(.failed, "--driver \(live.driver.rawValue): \(reason)")
        }
        let tables = try await tables(profiles, scenarios, notes)
        return FidelityPage(
            tables, notes: notes.deviations, driver: live.driver.rawValue,
            machine: Self.machine, leftOut: leftOut
        )
    }

    private func tables(
        _ profiles: [LiveProfile], _ scenarios: [Scenario], _ notes: FidelityNotes
    ) async throws -> [FidelityTable] {
        let (driver, program) = (live.driver, try LiveComparison.program())
        let cases = try scenarios.flatMap { scenario in
            try profiles.map { profile in
                let simulated = try LabProfiles.load(
                    profile.path, overrides: profile.overrides + profile.load(of: scenario)
                )
                return FidelityRun(
                    scenario: scenario, live: profile, simulated: simulated, driver: driver, program: program
                )
            }
        }
        let jobs = cases.flatMap { one in notes.seeds(seeds, of: one.scenario.name).map { (one, $0) } }
        let mean = jobs.reduce(0) { $0 + $1.0.scenario.duration.seconds } / Double(max(1, jobs.count))
        live.announce(jobs.count, .seconds(mean))
        let (finished, wasInterrupted) = try await live.map(jobs) { one, seed in try await one.run(seed: seed) }
        if wasInterrupted {
            throw CommandFailure(.unknown, "interrupted: every node was ended, and nothing was kept")
        }
        let outcomes = finished.compactMap { $0 }
        var rest = outcomes[...]
        return cases.map { one in
            let own = rest.prefix(notes.seeds(seeds, of: one.scenario.name).count)
            rest = rest.dropFirst(own.count)
            return FidelityTable(
                scenario: one.scenario.name, summary: one.scenario.summary, profile: one.live.name,
                hours: one.scenario.duration.seconds / 3_600, nodes: one.scenario.network.hosts.count,
                simulated: own.map(\.simulated), real: own.map(\.real)
            )
        }
    }

    // MARK: Files

    /// One scenario, or every one of a folder.
    static func sources(_ name: String, _ source: ScenarioSource) throws -> [Source] {
        guard Files.isFolder(name) else {
            let path = try source.locate(name)
            return [Source(scenario: try source.load(path), path: path)]
        }
        let paths = (Files.names(in: name) ?? []).filter { $0.hasSuffix(".yaml") }.sorted().map { Files.join(name, $0) }
        if paths.isEmpty { throw CommandFailure(.usage, "there is no scenario in \(name)") }
        return try paths.map { Source(scenario: try source.load($0), path: $0) }
    }

    /// The kernel that the real figures are of.
    private static var machine: String {
        var names = utsname()
        guard uname(&names) == 0 else { return "unknown" }
        let text = { (bytes: UnsafeRawBufferPointer) in String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self) }
        let (system, release) = (
            withUnsafeBytes(of: &names.sysname, text), withUnsafeBytes(of: &names.release, text)
        )
        return "\(system) \(release), \(ProcessInfo.processInfo.activeProcessorCount) processors"
    }
}
