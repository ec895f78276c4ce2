import Kernel

/// What the runs of an experiment gave, all of them or those that were finished when it was stopped.
public struct ExperimentResult: Sendable {
    /// What one run gave to a comparison, in whichever world it was made.
    public struct Run: Sendable {
        public var metrics: RunMetrics
        /// Each pair's history, where it was asked for.
        public var timeline: [PairTimeline]
        /// What happened when; nil where nobody counted.
        public var history: RunHistory?

        package init(metrics: RunMetrics, timeline: [PairTimeline], history: RunHistory? = nil) {
            self.metrics = metrics
            self.timeline = timeline
            self.history = history
        }
    }

    private let scenario: Scenario
    private let driver: String
    private let profiles: [SimulatedProfile]
    private let seeds: Experiment.Seeds
    /// Profile by profile, then seed by seed; nil for what was not finished.
    private let runs: [Run?]

    /// - Parameters:
    ///   - runs: in the order of ``Experiment/runs``; nil for those that were not finished.
    ///   - driver: what ran them: `simulation`, `live`, `netns`.
    package init(_ experiment: Experiment, driver: String, runs: [Run?]) {
        scenario = experiment.scenario
        profiles = experiment.profiles
        seeds = experiment.seeds
        self.driver = driver
        self.runs = runs
    }

    init(_ experiment: Experiment, _ results: [RunResult?]) {
        self.init(
            experiment, driver: "simulation",
            runs: results.map { $0.map { Run(metrics: $0.metrics, timeline: $0.timeline, history: $0.history) } }
        )
    }

    /// How many runs are finished.
    public var finishedRuns: Int { runs.count { $0 != nil } }

    /// Whether some runs are missing.
    public var isPartial: Bool { finishedRuns < runs.count }

    /// The seeds that every profile has met, in order: only those can be compared.
    public var finishedSeeds: [UInt64] {
        seeds.all.enumerated().filter { place, _ in
            profiles.indices.allSatisfy { runs[$0 * seeds.count + place] != nil }
        }.map(\.element)
    }

    /// Compares the profiles on the seeds that every one of them has met. A comparison of fewer seeds than were asked for
    /// says so wherever it is shown.
    ///
    /// - Parameter reference: the name of the profile to measure against; the first one without it.
    /// - Throws: ``ExperimentError`` where no seed is finished, ``ComparisonError`` where no profile has that name.
    public func comparison(reference: String? = nil) throws -> Comparison {
        let finished = finishedSeeds
        guard !finished.isEmpty else {
            throw ExperimentError(
                .nothingFinished, "no seed was finished by every profile, so there is nothing to compare",
                help: "Give it more time, or fewer profiles."
            )
        }
        var comparison = try Comparison(
            profiles.indices.map { index in
                let profile = profiles[index]
                return ProfileRuns(
                    name: profile.name, path: profile.path, digest: profile.digest,
                    runs: own(of: index).compactMap { $0?.metrics }.filter { finished.contains($0.seed) }
                )
            },
            scenario: scenario.name, driver: driver, durationSeconds: scenario.duration.seconds, reference: reference
        )
        if finished.count < seeds.count { comparison.plannedSeeds = seeds.count }
        return comparison
    }

    /// The first seed of each profile, pair by pair, over the faults of that seed; empty pairs where the experiment does
    /// not keep timelines.
    public var timelines: [LinkTimeline] {
        let faults = scenario.withDrawnFaults(seed: seeds.first).faultMarks(seed: seeds.first)
        return profiles.indices.map { index in
            LinkTimeline(
                profile: profiles[index].name, pairs: own(of: index).first??.timeline ?? [], faults: faults,
                duration: scenario.duration.seconds
            )
        }
    }

    /// What happened when under each profile; empty where nobody counted.
    public var histories: [ProfileHistory] {
        profiles.indices.compactMap { index in
            let histories = own(of: index).compactMap { $0?.history }
            return histories.isEmpty ? nil : ProfileHistory(profile: profiles[index].name, runs: histories)
        }
    }

    private func own(of profile: Int) -> ArraySlice<Run?> { runs[profile * seeds.count..<(profile + 1) * seeds.count] }
}
