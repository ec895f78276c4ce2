/// The verdicts of many seeds of one profile.
public struct VerdictSweep: Sendable, Hashable {
    /// The verdict of one seed.
    public struct Entry: Sendable, Hashable {
        public var seed: UInt64
        public var verdict: Verdict
    }

    /// In the order of the seeds; only those that are finished.
    public let entries: [Entry]
    /// How many seeds were asked for.
    public let planned: Int

    /// Whether some seeds are missing.
    public var isPartial: Bool { entries.count < planned }

    package init(entries: [Entry], planned: Int) {
        self.entries = entries
        self.planned = planned
    }

    /// How many seeds have a verdict of this word: `held`, `violated` or `unknown`.
    public func count(_ word: String) -> Int { entries.count { $0.verdict.word == word } }

    /// Seeds for which what has to hold did not, or could not be told.
    public var failures: [Entry] { entries.filter { $0.verdict != .held } }

    /// As a program's exit status: 1 where any seed violated something, 2 where none did and some could not be told or
    /// are missing, else 0.
    public var exitStatus: Int32 { count("violated") > 0 ? 1 : count("unknown") > 0 || isPartial ? 2 : 0 }
}

extension Runner {
    /// The verdicts of a profile on many seeds of a scenario.
    ///
    /// - Parameter progress: told after each seed, on any thread.
    /// - Returns: also what is finished of a sweep that was cancelled.
    /// - Throws: what a module's constructor throws.
    public func verdicts(
        of profile: SimulatedProfile, in scenario: Scenario, seeds: Experiment.Seeds,
        progress: @Sendable (Progress) -> Void = { _ in }
    ) async throws -> VerdictSweep {
        let seeds = seeds.all
        let verdicts = try await map(seeds, progress: progress) { seed in
            try Simulation(scenario, profile: profile, seed: seed).run { Task.isCancelled }.verdict
        }
        let entries = zip(seeds, verdicts).compactMap { seed, verdict in
            verdict.map { VerdictSweep.Entry(seed: seed, verdict: $0) }
        }
        return VerdictSweep(entries: entries, planned: seeds.count)
    }
}
