/// Profiles that met the same seeds of one scenario, and what may be said about their differences.
///
/// A value: the same runs always give the same comparison, to the last digit.
public struct Comparison: Sendable, Hashable {
    /// Findings have to hold at this level after Holm's correction.
    public static let level = 0.05

    /// The scenario's name.
    public let scenario: String
    /// What ran it: `simulation`, `live`, `netns`.
    public let driver: String
    /// The length of each run in (virtual) seconds.
    public let durationSeconds: Double
    /// The seeds, in the order of the runs.
    public let seeds: [UInt64]
    /// The name of the profile that the others are measured against.
    public let reference: String
    /// The profiles in the given order.
    public let profiles: [ProfileSummary]
    /// The metrics that any run has, in the catalogue's order: the rows of a table.
    public let metrics: [Metric]
    /// Every other profile against the reference, by metric, then by profile.
    public let differences: [MetricDifference]
    /// The rows that have a winner.
    public let winners: [RowWinner]
    /// How many seeds were asked for, where fewer were finished; nil where nothing is missing.
    public package(set) var plannedSeeds: Int?

    /// Compares runs.
    ///
    /// - Parameters:
    ///   - runs: the alternatives; all have the same seeds in the same order.
    ///   - scenario: the scenario's name.
    ///   - driver: what ran it.
    ///   - durationSeconds: the length of each run.
    ///   - reference: the name of the profile to measure against; the first one without it.
    /// - Throws: ``ComparisonError`` where the runs do not fit together.
    public init(
        _ runs: [ProfileRuns],
        scenario: String,
        driver: String,
        durationSeconds: Double,
        reference: String? = nil
    ) throws {
        let seeds = try Self.sharedSeeds(runs)
        let referenceIndex = try Self.index(of: reference, in: runs)
        let profiles = runs.enumerated().map { index, profile in
            ProfileSummary(
                name: profile.name,
                path: profile.path,
                digest: profile.digest,
                metrics: Metric.all.compactMap { MetricSummary($0, runs: profile.runs) },
                original: runs[..<index].first { $0.digest == profile.digest }?.name
            )
        }
        let metrics = Metric.all.filter { metric in profiles.contains { $0[metric] != nil } }
        let judge = ComparisonJudge(runs: runs, profiles: profiles, metrics: metrics)
        self.scenario = scenario
        self.driver = driver
        self.durationSeconds = durationSeconds
        self.seeds = seeds
        self.reference = runs[referenceIndex].name
        self.profiles = profiles
        self.metrics = metrics
        differences = judge.differences(against: referenceIndex)
        winners = judge.winners()
    }

    /// The profile of a name.
    public subscript(profile name: String) -> ProfileSummary? {
        profiles.first { $0.name == name }
    }

    /// A profile's difference from the reference; `nil` for the reference itself and where no seed has both.
    public func difference(_ metric: Metric, of profile: String) -> MetricDifference? {
        differences.first { $0.metric == metric && $0.profile == profile }
    }

    /// The winner of a row, if it has one.
    public func winner(of metric: Metric) -> RowWinner? {
        winners.first { $0.metric == metric }
    }

    /// The differences in which another profile is better than the reference.
    public var lossesOfReference: [MetricDifference] {
        differences.filter { $0.verdict == .better }
    }

    /// The fewest seeds with which the largest possible agreement, every seed on the same side, survives Holm's
    /// correction over a table of this size.
    public var seedsNeeded: Int {
        let tests = Double(max(differences.count, 1))
        var seeds = Bootstrap.fewestObservations
        while 2 * tests > Self.level * Double(1 << seeds) { seeds += 1 }
        return seeds
    }
}

extension Comparison {
    private static func sharedSeeds(_ runs: [ProfileRuns]) throws -> [UInt64] {
        guard let first = runs.first else {
            throw ComparisonError(code: .noProfiles, message: "nothing to compare: name at least one profile")
        }
        let seeds = first.runs.map(\.seed)
        guard !seeds.isEmpty else {
            throw ComparisonError(code: .noRuns, message: "'\(first.name)' has no run: ask for at least one seed")
        }
        let sorted = seeds.sorted()
        if let repeated = zip(sorted, sorted.dropFirst()).first(where: { $0 == $1 }) {
            throw ComparisonError(
                code: .duplicateSeed,
                message: "seed \(repeated.0) occurs twice in '\(first.name)': each seed counts once"
            )
        }
        for (index, profile) in runs.enumerated() {
            if runs[..<index].contains(where: { $0.name == profile.name }) {
                throw ComparisonError(
                    code: .duplicateProfile,
                    message: "two profiles are named '\(profile.name)': rename one, or list it once"
                )
            }
            if profile.runs.map(\.seed) != seeds {
                throw ComparisonError(
                    code: .differentSeeds,
                    message: "'\(profile.name)' did not meet the same seeds in the same order as '\(first.name)': "
                        + "run both with the same seeds"
                )
            }
        }
        return seeds
    }

    private static func index(of reference: String?, in runs: [ProfileRuns]) throws -> Int {
        guard let reference else { return 0 }
        guard let index = runs.firstIndex(where: { $0.name == reference }) else {
            let names = runs.map { "'\($0.name)'" }.joined(separator: ", ")
            throw ComparisonError(
                code: .unknownReference,
                message: "no profile is named '\(reference)': the reference has to be one of \(names)"
            )
        }
        return index
    }
}
