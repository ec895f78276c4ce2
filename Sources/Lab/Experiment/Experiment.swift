import Kernel

/// Profiles that meet the same seeds of one scenario: a matrix of runs, each of which depends on nothing but its profile,
/// its seed and the scenario.
///
/// A value without threads: ``Runner`` spreads the runs over cores. The command line does nothing else.
public struct Experiment: Sendable {
    /// What the profiles meet.
    public let scenario: Scenario
    /// The alternatives, in the order of the columns.
    public let profiles: [SimulatedProfile]
    /// The seeds of each profile.
    public let seeds: Seeds
    /// Whether the first seed of each profile keeps the history of every pair, for the timelines of a page.
    public var keepsTimelines = false

    /// Consecutive seeds: `count` from `first` on. They wrap around at the end of the numbers.
    public struct Seeds: Sendable, Hashable, Codable {
        public var first: UInt64
        public var count: Int

        /// - Precondition: none; an experiment refuses a count below 1.
        public init(first: UInt64 = 1, count: Int) {
            self.first = first
            self.count = count
        }

        /// All of them, in order.
        public var all: [UInt64] { (0..<UInt64(max(count, 0))).map { first &+ $0 } }
    }

    /// One run of the matrix.
    public struct Run: Sendable, Hashable {
        /// The profile's place in ``Experiment/profiles``.
        public var profile: Int
        public var seed: UInt64
    }

    /// - Throws: ``ExperimentError`` without profiles, without seeds, and for two profiles of one name.
    public init(_ scenario: Scenario, profiles: [SimulatedProfile], seeds: Seeds) throws(ExperimentError) {
        guard !profiles.isEmpty else {
            throw ExperimentError(.noProfiles, "there is no profile to run", help: "Name at least one.")
        }
        guard seeds.count >= 1 else {
            throw ExperimentError(.noSeeds, "there is no seed to run", help: "Ask for at least one.")
        }
        for (index, profile) in profiles.enumerated()
        where profiles[..<index].contains(where: { $0.name == profile.name }) {
            throw ExperimentError(
                .duplicateProfile, "two profiles are named '\(profile.name)'", help: "Rename one, or list it once."
            )
        }
        self.scenario = scenario
        self.profiles = profiles
        self.seeds = seeds
    }

    /// Every run, profile by profile and within a profile seed by seed: the order of results.
    public var runs: [Run] {
        let seeds = seeds.all
        return profiles.indices.flatMap { profile in seeds.map { Run(profile: profile, seed: $0) } }
    }

    /// Makes one run, on the thread that calls.
    ///
    /// - Parameter isCancelled: asked now and then whether the run is still wanted.
    /// - Throws: `CancellationError` where it is not; what a module's constructor throws.
    public func result(of run: Run, isCancelled: () -> Bool = { false }) throws -> RunResult {
        try Simulation(
            scenario, profile: profiles[run.profile], seed: run.seed,
            collectsTimeline: keepsTimelines && run.seed == seeds.first
        ).run(isCancelled: isCancelled)
    }

    /// Profiles that are the same once everything is said, each with the first one that it equals: their columns will be
    /// equal.
    public var equalProfiles: [(profile: SimulatedProfile, original: SimulatedProfile)] {
        profiles.enumerated().compactMap { index, profile in
            profiles[..<index].first { $0.digest == profile.digest }.map { (profile, $0) }
        }
    }
}
