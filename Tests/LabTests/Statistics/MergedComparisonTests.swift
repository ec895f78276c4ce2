import Testing

@testable import Lab

@Suite("Parts of a comparison") struct MergedComparisonTests {
    @Test("joined, in any order, they are the undivided runs", arguments: [1, 2, 3, 5])
    func whole(of: Int) throws {
        let parts = try Self.parts(of: of)
        let whole = try MergedComparison([("all", try Self.parts(of: 1)[0])])
        let merged = try MergedComparison(Self.named(parts).reversed())
        #expect(merged.profiles == whole.profiles)
        #expect(merged.timelines == whole.timelines && merged.histories == whole.histories)
        #expect(try merged.comparison(reference: "b") == whole.comparison(reference: "b"))
    }

    @Test("every run belongs to exactly one part")
    func partition() throws {
        let parts = try Self.parts(of: 4)
        let runs = parts.flatMap { part in part.ownRuns.map { [$0.profile, Int($0.seed)] } }
        #expect(runs.count == 8)
        for profile in 0..<2 {
            for seed in 7...10 { #expect(runs.count { $0 == [profile, seed] } == 1) }
        }
    }

    @Test("a part that does not belong to the others is refused", arguments: Foreign.allCases)
    func foreign(kind: Foreign) throws {
        var parts = try Self.parts(of: 3)
        kind.spoil(&parts[1])
        let error = #expect(throws: PartError.self) { try MergedComparison(Self.named(parts)) }
        #expect(error?.code == kind.code)
        #expect(error?.message.contains("part-2.json") == true, "\(error?.message ?? "")")
        #expect(error?.remedy.isEmpty == false)
    }

    @Test("a part that is there twice, or is missing, is named")
    func counting() throws {
        let parts = Self.named(try Self.parts(of: 3))
        let twice = #expect(throws: PartError.self) { try MergedComparison(parts + [("again.json", parts[1].part)]) }
        #expect(twice?.message == "part-2.json and again.json are both part 2 of 3")
        let missing = #expect(throws: PartError.self) { try MergedComparison([parts[0], parts[2]]) }
        #expect(missing?.message == "part 2 of 3 is missing")
        #expect(missing?.remedy.contains("--shard 2/3") == true)
        let most = #expect(throws: PartError.self) { try MergedComparison([parts[2]]) }
        #expect(most?.message == "2 of 3 parts are missing: 1, 2")
        #expect(throws: PartError.self) { try MergedComparison([]) }
    }

    @Test("the digest of a scenario covers what it says, and nothing else")
    func scenarioDigest() throws {
        let plain = "summary: s\nduration: 1m\nnetwork: {count: 3}\n"
        let digest = try Self.digest(plain)
        #expect(try Self.digest("# a comment\n" + plain) == digest)
        #expect(try Self.digest("summary: s\nduration: 60s\nnetwork:\n  count: 3\n") == digest)
        for other in ["duration: 61s\n", "duration: 1m\nwarm_up: 1s\n", "duration: 1m\ntraffic: {request: 2kB}\n"] {
            #expect(try Self.digest("summary: s\n\(other)network: {count: 3}\n") != digest)
        }
    }

    /// What can be wrong with one of three parts.
    enum Foreign: CaseIterable {
        case version, build, scenario, length, profileDigest, profileCount, seeds, division, faults
        case lackingRun, extraRun, foreignRun, noTimeline, badHistory, unknownMetric, form, nonsense, endless
        case negativeWait, longWait, metricTwice, countless, hugeLength, lateSpan, lateEnd, oddFault, noProfile

        var code: PartError.Code {
            switch self {
            case .version, .build: .otherProgram
            case .scenario, .length, .faults: .otherScenario
            case .profileDigest, .profileCount: .otherProfiles
            case .seeds: .otherSeeds
            case .division: .otherDivision
            case .lackingRun, .extraRun, .foreignRun, .noTimeline, .badHistory: .wrongRuns
            case .unknownMetric: .unknownMetric
            case .form, .nonsense, .endless: .otherForm
            case .negativeWait, .longWait, .metricTwice, .countless, .hugeLength, .lateSpan, .lateEnd, .oddFault,
                .noProfile:
                .wrongFigures
            }
        }

        func spoil(_ part: inout ComparisonPart) {
            switch self {
            case .version: part.program.version = "timenode 9"
            case .build: part.program.build = "another"
            case .scenario: part.setting.digest = "another"
            case .length: part.setting.durationSeconds += 1
            case .profileDigest: part.profiles[1].digest = "another"
            case .profileCount:
                part.profiles.removeLast()
                part.runs.removeAll { $0.profile == part.profiles.count }
            case .seeds: part.seeds.first += 1
            case .division: part.shard.of = 4
            case .faults: part.faults = [FaultMark(start: 1, end: nil, label: "x")]
            case .lackingRun: part.runs.removeLast()
            case .extraRun: part.runs.append(part.runs[0])
            case .foreignRun: part.runs[0].seed += 1
            case .noTimeline: for index in part.runs.indices { part.runs[index].timeline = nil }
            case .badHistory: part.runs[0].history.slots.removeLast()
            case .unknownMetric: part.runs[0].metrics[0].metric = "happiness"
            case .form: part.schema = 3
            case .nonsense: part.seeds.count = 0
            case .endless: part.shard.of = .max
            case .negativeWait: part.runs[0].metrics[0].values[0] = -1
            case .longWait: part.runs[0].metrics[0].censored[0] = 61
            case .metricTwice: part.runs[0].metrics.append(part.runs[0].metrics[0])
            case .countless: part.runs[0].history.slots[0] = .max
            case .hugeLength: part.setting.durationSeconds = 1e300
            case .lateSpan: Self.spoilTimeline(of: &part) { $0.spans[0].end = 1e300 }
            case .lateEnd: Self.spoilTimeline(of: &part) { $0.ends = [LinkEndMark(at: -1, reason: "reset")] }
            case .oddFault: part.faults = [FaultMark(start: 5, end: 1, label: "x")]
            case .noProfile: part.runs[0].profile = .max
            }
        }

        /// Only a profile's first seed has the links of every pair over time.
        private static func spoilTimeline(of part: inout ComparisonPart, _ change: (inout PairTimeline) -> Void) {
            guard let index = part.runs.firstIndex(where: { $0.timeline != nil }) else { return }
            guard var pairs = part.runs[index].timeline else { return }
            change(&pairs[0])
            part.runs[index].timeline = pairs
        }
    }

    /// Two profiles and four seeds from 7 on, in so many parts.
    private static func parts(of: Int) throws -> [ComparisonPart] {
        try (1...of).map { index in
            var part = ComparisonPart(
                program: .init(version: "timenode 1", build: "abc"),
                setting: .init(name: "s", digest: "d", durationSeconds: 60, driver: "simulation"),
                seeds: .init(first: 7, count: 4), shard: try #require(.init(index: index, of: of)),
                profiles: ["a", "b"].map { .init(name: $0, path: "\($0).yaml", digest: "of \($0)") }, faults: [],
                runs: []
            )
            for own in part.ownRuns {
                var metrics = RunMetrics(seed: own.seed)
                metrics.record(.dials, Double(own.seed) * 1.1 + Double(own.profile))
                metrics[.linkLifetime] = Samples(values: [1 / 3, Double(own.seed)], censored: [9])
                var history = RunHistory()
                history.end(own.seed % 2 == 0 ? "reset" : "silent", span: Int(own.seed), isStranding: true)
                part.append(
                    RunResult(
                        seed: own.seed, digest: "run", events: 3, metrics: metrics,
                        timeline: [PairTimeline(name: "x–y", spans: [Span(start: 0, end: 60, state: .up)])],
                        verdict: .held, history: history
                    ), profile: own.profile
                )
            }
            return part
        }
    }

    private static func named(_ parts: [ComparisonPart]) -> [(name: String, part: ComparisonPart)] {
        parts.map { ("part-\($0.shard.index).json", $0) }
    }

    private static func digest(_ text: String) throws -> String {
        try #require(Scenario.load(text: text, name: "s").value).digest
    }
}
