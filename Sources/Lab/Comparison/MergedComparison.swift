/// The whole that several parts make.
public struct MergedComparison: Sendable {
    /// All runs, profile by profile.
    public let profiles: [ProfileRuns]
    /// The first seed of each profile, pair by pair.
    public let timelines: [LinkTimeline]
    /// What happened when, per profile.
    public let histories: [ProfileHistory]
    private let setting: ComparisonPart.Setting

    /// Joins parts, in whatever order they come.
    ///
    /// - Parameter parts: each with the name that messages call it by, say its file's path.
    /// - Throws: ``PartError`` where the parts are not those of one comparison, all of them, each once.
    public init(_ parts: [(name: String, part: ComparisonPart)]) throws(PartError) {
        let check = PartCheck(parts)
        let ordered = try check.ordered()
        let whole = ordered[0]
        setting = whole.setting
        var places = [Int](repeating: 0, count: ordered.count)
        var profiles: [ProfileRuns] = []
        var timelines: [LinkTimeline] = []
        var histories: [ProfileHistory] = []
        var place = 0
        for profile in whole.profiles {
            var metrics: [RunMetrics] = []
            var history: [RunHistory] = []
            var pairs: [PairTimeline] = []
            for _ in 0..<whole.seeds.count {
                let shard = place % ordered.count
                let run = ordered[shard].runs[places[shard]]
                places[shard] += 1
                place += 1
                metrics.append(try check.metrics(of: run, shard: shard))
                history.append(run.history)
                if let timeline = run.timeline { pairs = timeline }
            }
            profiles.append(
                ProfileRuns(name: profile.name, path: profile.path, digest: profile.digest, runs: metrics)
            )
            histories.append(ProfileHistory(profile: profile.name, runs: history))
            timelines.append(
                LinkTimeline(
                    profile: profile.name, pairs: pairs, faults: whole.faults,
                    duration: whole.setting.durationSeconds
                )
            )
        }
        self.profiles = profiles
        self.timelines = timelines
        self.histories = histories
    }

    /// Compares the runs; the same comparison as that of the undivided runs.
    public func comparison(reference: String? = nil) throws -> Comparison {
        try Comparison(
            profiles, scenario: setting.name, driver: setting.driver, durationSeconds: setting.durationSeconds,
            reference: reference
        )
    }
}
