import Testing

@testable import Lab

@Suite struct ComparisonTests {
    private func profile(_ name: String, seeds: Int, _ fill: (Int, inout RunMetrics) -> Void) -> ProfileRuns {
        let runs = (1...max(seeds, 1)).prefix(seeds).map { seed in
            var run = RunMetrics(seed: UInt64(seed))
            fill(seed, &run)
            return run
        }
        return ProfileRuns(name: name, path: "\(name).yaml", digest: "00", runs: Array(runs))
    }

    private func compare(_ profiles: ProfileRuns..., reference: String? = nil) throws -> Comparison {
        try Comparison(profiles, scenario: "s", driver: "simulation", durationSeconds: 600, reference: reference)
    }

    @Test("links that outlast the run beat links that churn, although their lifetime was never seen")
    func censoredLifetimes() throws {
        let comparison = try compare(
            profile("churn", seeds: 8) { $1[.linkLifetime] = Samples(values: [90, 95, 100], censored: [Double($0)]) },
            profile("steady", seeds: 8) { _, run in run[.linkLifetime] = Samples(values: [], censored: [600, 590]) }
        )
        let steady = try #require(comparison[profile: "steady"]?[.linkLifetime])
        #expect(steady.median == 600 && steady.medianIsLowerBound)
        #expect(steady.p5 == nil && steady.p50 == nil && steady.censoredShare == 1)
        #expect(steady.samples.count == 16 && steady.runs == 8)
        let churn = try #require(comparison[profile: "churn"]?[.linkLifetime])
        #expect(churn.median == 95 && !churn.medianIsLowerBound && churn.censoredShare == 0.25)
        let difference = try #require(comparison.difference(.linkLifetime, of: "steady"))
        #expect(difference.verdict == .better && difference.difference == 505 && difference.pairs == 8)
        #expect(comparison.winner(of: .linkLifetime)?.profile == "steady")
        #expect(comparison.lossesOfReference == [difference])
    }

    @Test("two profiles whose links outlast runs of unequal length do not differ")
    func bothCensored() throws {
        let comparison = try compare(
            profile("a", seeds: 8) { _, run in run[.linkLifetime] = Samples(values: [], censored: [600]) },
            profile("b", seeds: 8) { _, run in run[.linkLifetime] = Samples(values: [], censored: [300]) }
        )
        let difference = try #require(comparison.difference(.linkLifetime, of: "b"))
        #expect(difference.difference == 0 && difference.verdict == .noDifference)
        #expect(comparison.winners.isEmpty)
    }

    @Test("a difference below the minimum effect names nobody, however sure it is")
    func minimumEffect() throws {
        let comparison = try compare(
            profile("a", seeds: 12) { $1.record(.dials, 100 + Double($0)) },
            profile("b", seeds: 12) { $1.record(.dials, 101 + Double($0)) }
        )
        let difference = try #require(comparison.difference(.dials, of: "b"))
        #expect(difference.adjustedPValue < 0.01 && difference.minimumEffect > 10)
        #expect(difference.verdict == .noDifference && comparison.winners.isEmpty)
    }

    @Test("with fewer seeds than any interval needs, nothing is decided and the needed number is stated")
    func fewSeeds() throws {
        let comparison = try compare(
            profile("a", seeds: 3) { $1.record(.dials, 100) },
            profile("b", seeds: 3) { $1.record(.dials, 10) }
        )
        #expect(comparison.difference(.dials, of: "b")?.verdict == .undecided)
        #expect(comparison.winners.isEmpty && comparison.seedsNeeded == 6)
    }

    @Test("a table of many rows needs more seeds: Holm's correction takes its price")
    func manyRows() throws {
        let metrics = Metric.all.filter { $0.better == .lower }
        func all(_ value: Double) -> (Int, inout RunMetrics) -> Void {
            return { _, run in for metric in metrics { run.record(metric, value) } }
        }
        let few = try compare(profile("a", seeds: 8, all(1e9)), profile("b", seeds: 8, all(1)))
        #expect(few.differences.allSatisfy { $0.verdict == .undecided })
        let needed = few.seedsNeeded
        let enough = try compare(profile("a", seeds: needed, all(1e9)), profile("b", seeds: needed, all(1)))
        #expect(enough.differences.count == metrics.count)
        #expect(enough.differences.allSatisfy { $0.verdict == .better })
        #expect(enough.winners.map(\.metric) == metrics)
    }

    @Test("direction matters: more dials are worse, more peers are better")
    func direction() throws {
        let comparison = try compare(
            profile("a", seeds: 8) { _, run in
                run.record(.dials, 10)
                run.record(.connectedPeers, 3)
            },
            profile("b", seeds: 8) { _, run in
                run.record(.dials, 50)
                run.record(.connectedPeers, 5)
            }
        )
        #expect(comparison.difference(.dials, of: "b")?.verdict == .worse)
        #expect(comparison.difference(.connectedPeers, of: "b")?.verdict == .better)
        #expect(comparison.winner(of: .dials)?.profile == "a")
        #expect(comparison.winner(of: .connectedPeers)?.profile == "b")
    }

    @Test("a row that two profiles share has no winner, although both beat the reference")
    func sharedRow() throws {
        let comparison = try compare(
            profile("a", seeds: 10) { $1.record(.dials, 100 + Double($0)) },
            profile("b", seeds: 10) { $1.record(.dials, 10 + Double($0)) },
            profile("c", seeds: 10) { $1.record(.dials, 10 + Double($0)) }
        )
        #expect(comparison.differences.map(\.verdict) == [.better, .better])
        #expect(comparison.winners.isEmpty)
    }

    @Test("a metric that no run has is absent, and one that only some have is paired where both do")
    func absent() throws {
        let comparison = try compare(
            profile("a", seeds: 8) { $1.record(.forks, $0 < 3 ? 9 : 0) },
            profile("b", seeds: 8) { if $0 >= 3 { $1.record(.forks, 0) } },
            profile("c", seeds: 8) { _, _ in }
        )
        #expect(comparison.metrics == [.forks])
        #expect(comparison[profile: "c"]?.metrics.isEmpty == true)
        #expect(comparison.difference(.forks, of: "b")?.pairs == 6)
        #expect(comparison.difference(.forks, of: "b")?.verdict == .noDifference)
        #expect(comparison.difference(.forks, of: "c") == nil)
    }

    @Test("the reference can be any profile, and the first one is it by default")
    func reference() throws {
        let a = profile("a", seeds: 2) { $1.record(.forks, 1) }
        let b = profile("b", seeds: 2) { $1.record(.forks, 2) }
        #expect(try compare(a, b).reference == "a")
        let comparison = try compare(a, b, reference: "b")
        #expect(comparison.reference == "b")
        #expect(comparison.differences.map(\.profile) == ["a"])
        #expect(comparison.differences.map(\.difference) == [-1])
    }

    @Test("runs that do not fit together are refused with what to do")
    func refusals() {
        let one = profile("a", seeds: 2) { _, _ in }
        let cases: [([ProfileRuns], String?, ComparisonError.Code)] = [
            ([], nil, .noProfiles),
            ([profile("a", seeds: 0) { _, _ in }], nil, .noRuns),
            ([one, one], nil, .duplicateProfile),
            ([one, profile("b", seeds: 3) { _, _ in }], nil, .differentSeeds),
            ([one], "node", .unknownReference),
            ([ProfileRuns(name: "a", path: "", digest: "", runs: one.runs + one.runs)], nil, .duplicateSeed),
        ]
        for (runs, reference, code) in cases {
            let error = #expect(throws: ComparisonError.self) {
                try Comparison(runs, scenario: "s", driver: "d", durationSeconds: 1, reference: reference)
            }
            #expect(error?.code == code)
        }
    }
}
