/// One of several parts of a comparison's runs: what `compare --shard` writes and `compare --merge` joins.
///
/// Run *k* of the matrix, counted from 0 profile by profile and within a profile seed by seed, belongs to part
/// `k mod of + 1`. A part names all profiles and seeds of the whole, so that parts of different wholes can be told
/// apart, and keeps every observation of its runs, so that the whole is as good as one that was never divided.
public struct ComparisonPart: Sendable, Hashable, Codable {
    /// What the file says it is.
    public static let formatName = "timenode-comparison-part"
    /// The version of the form; another one is refused.
    public static let currentSchema = 2

    /// The program that made the runs.
    public struct Program: Sendable, Hashable, Codable {
        /// As `timenode version` prints it.
        public var version: String
        /// SHA-256 of the executable file: the same version can be built from changed sources.
        public var build: String

        /// Names a program.
        public init(version: String, build: String) {
            self.version = version
            self.build = build
        }
    }

    /// What the profiles met.
    public struct Setting: Sendable, Hashable, Codable {
        /// The scenario's name.
        public var name: String
        /// ``Lab/Scenario/digest`` of the effective scenario.
        public var digest: String
        /// The length of a run in virtual seconds.
        public var durationSeconds: Double
        /// What ran it: `simulation`, `live`, `netns`.
        public var driver: String
    }

    /// Which part this is.
    public struct Shard: Sendable, Hashable, Codable {
        /// From 1 to `of`.
        public var index: Int
        public var of: Int

        /// - Returns: nil unless 1 ≤ `index` ≤ `of`.
        public init?(index: Int, of: Int) {
            guard index >= 1, index <= of else { return nil }
            self.index = index
            self.of = of
        }

        /// Whether run `place` of the matrix belongs to this part.
        public func owns(_ place: Int) -> Bool { place % of == index - 1 }
    }

    /// A profile of the whole.
    public struct Profile: Sendable, Hashable, Codable {
        public var name: String
        public var path: String
        /// SHA-256 of the effective profile.
        public var digest: String
    }

    /// One run.
    public struct Run: Sendable, Hashable, Codable {
        /// The profile's place in `profiles`.
        public var profile: Int
        public var seed: UInt64
        /// The digest that `simulate` prints for the same run.
        public var digest: String
        public var events: UInt64
        public var metrics: [Measured]
        public var history: RunHistory
        /// Each pair's history: of the first seed only.
        public var timeline: [PairTimeline]?
    }

    /// All observations of one metric in one run.
    public struct Measured: Sendable, Hashable, Codable {
        /// A key of the catalogue.
        public var metric: String
        public var values: [Double]
        public var censored: [Double]
    }

    public var format = Self.formatName
    public var schema = Self.currentSchema
    public var program: Program
    public var setting: Setting
    /// Of the whole.
    public var seeds: Experiment.Seeds
    public var shard: Shard
    public var profiles: [Profile]
    /// The fault plan of the first seed.
    public var faults: [FaultMark]
    /// In the order of the matrix.
    public var runs: [Run]
}

extension ComparisonPart {
    /// A part without runs yet.
    public init(of experiment: Experiment, driver: String, program: Program, shard: Shard) {
        let scenario = experiment.scenario
        self.program = program
        setting = Setting(
            name: scenario.name, digest: scenario.digest, durationSeconds: scenario.duration.seconds, driver: driver
        )
        seeds = experiment.seeds
        self.shard = shard
        profiles = experiment.profiles.map { Profile(name: $0.name, path: $0.path, digest: $0.digest) }
        faults = scenario.withDrawnFaults(seed: seeds.first).faultMarks(seed: seeds.first)
        runs = []
    }

    /// The runs that this part has to have, in order.
    public var ownRuns: [Experiment.Run] {
        let all = seeds.all
        return (0..<profiles.count * all.count).filter(shard.owns).map {
            Experiment.Run(profile: $0 / all.count, seed: all[$0 % all.count])
        }
    }

    /// Adds a run's result.
    public mutating func append(_ result: RunResult, profile: Int) {
        let metrics = result.metrics.metrics.compactMap { metric in
            result.metrics[metric].map {
                Measured(metric: metric.key, values: $0.values, censored: $0.censored)
            }
        }
        runs.append(
            Run(
                profile: profile, seed: result.seed, digest: result.digest, events: result.events, metrics: metrics,
                history: result.history, timeline: result.seed == seeds.first ? result.timeline : nil
            )
        )
    }
}
