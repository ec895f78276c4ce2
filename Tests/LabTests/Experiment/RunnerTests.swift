import Kernel
import Profile
import Synchronization
import Testing

@testable import Lab

@Suite("Experiments") struct RunnerTests {
    private static let text = """
        summary: three nodes
        duration: 60s
        network: {count: 3}
        faults: [{at: 20s, kill: {node: drawn, down: 5s}}]
        """

    private func experiment(seeds: Int) throws -> Experiment {
        try Experiment(
            try Scenario.load(text: Self.text, name: "three").required(), profiles: try profiles(),
            seeds: Experiment.Seeds(first: UInt64.max, count: seeds)
        )
    }

    private func profiles() throws -> [SimulatedProfile] {
        let loader = ProfileLoader(catalogue: Registry.lab.catalogue)
        let axis = try Variation("modules.liveness.use=layered,ping-pong")
        return try Variation.alternatives([axis]).map { alternative in
            let profile = try Registry.lab.load(
                path: Repository.path("node.yaml"), overrides: alternative.overrides, with: loader
            ).required()
            return try SimulatedProfile(profile, name: "node \(alternative.suffix)", registry: .lab)
        }
    }

    @Test("results do not depend on how many runs are made at a time, and come in the order of the matrix")
    func width() async throws {
        var experiment = try experiment(seeds: 3)
        experiment.keepsTimelines = true
        let one = try await Runner(width: 1).results(of: experiment.runs, in: experiment)
        let four = try await Runner(width: 4).results(of: experiment.runs, in: experiment)
        #expect(one.map { $0?.digest } == four.map { $0?.digest })
        #expect(one.map { $0?.seed } == [UInt64.max, 0, 1, UInt64.max, 0, 1])
        for (run, result) in zip(experiment.runs, one) {
            #expect(try experiment.result(of: run).digest == result?.digest)
            #expect(result?.timeline.isEmpty == (run.seed != UInt64.max))
        }
        let result = try await Runner(width: 2).run(experiment)
        #expect(!result.isPartial && result.finishedRuns == 6)
        let comparison = try result.comparison(reference: "node liveness.use=ping-pong")
        #expect(comparison.seeds == [UInt64.max, 0, 1] && comparison.plannedSeeds == nil)
        #expect(comparison.reference == "node liveness.use=ping-pong")
        #expect(result.timelines.map(\.profile) == comparison.profiles.map(\.name))
        #expect(result.timelines.allSatisfy { !$0.pairs.isEmpty && $0.faults.count == 1 })
    }

    @Test("what is finished when an experiment is stopped can be compared, and says that it is part of the whole")
    func cancelled() async throws {
        let experiment = try experiment(seeds: 50)
        // One run at a time: five finished runs are two seeds of both profiles, and one of one.
        let work = Cancellable<ExperimentResult>()
        let result = try await work.run { cancel in
            try await Runner(width: 1).run(experiment) { if $0.done == 5 { cancel() } }
        }
        #expect(result.isPartial)
        #expect(result.finishedRuns == 5)
        #expect(result.finishedSeeds == [UInt64.max, 0])
        let comparison = try result.comparison()
        #expect(comparison.seeds == [UInt64.max, 0])
        #expect(comparison.plannedSeeds == 50)
    }

    @Test("a run that is not wanted any more ends in the middle")
    func endsInTheMiddle() throws {
        let experiment = try experiment(seeds: 1)
        var questions = 0
        #expect(throws: CancellationError.self) {
            var scenario = experiment.scenario
            scenario.duration = .seconds(100_000_000)
            _ = try Simulation(scenario, profile: experiment.profiles[0], seed: 1).run {
                questions += 1
                return questions == 3
            }
        }
        #expect(questions == 3)
    }

    @Test("an experiment that was stopped before its first seed compares nothing, and says so")
    func nothingFinished() async throws {
        let experiment = try experiment(seeds: 2)
        let result = ExperimentResult(experiment, [nil, nil, nil, nil])
        let error = #expect(throws: ExperimentError.self) { try result.comparison() }
        #expect(error?.code == .nothingFinished)
    }

    @Test("verdicts of many seeds, and what is left of them when they are stopped")
    func verdicts() async throws {
        let experiment = try experiment(seeds: 6)
        let whole = try await Runner(width: 3).verdicts(
            of: experiment.profiles[0], in: experiment.scenario, seeds: experiment.seeds
        )
        #expect(whole.entries.map(\.seed) == experiment.seeds.all)
        #expect(!whole.isPartial)
        let work = Cancellable<VerdictSweep>()
        let partial = try await work.run { cancel in
            try await Runner(width: 1).verdicts(
                of: experiment.profiles[0], in: experiment.scenario, seeds: experiment.seeds
            ) { if $0.done == 2 { cancel() } }
        }
        #expect(partial.entries == Array(whole.entries.prefix(2)))
        #expect(partial.isPartial && partial.planned == 6)
        #expect(partial.exitStatus == (partial.count("violated") > 0 ? 1 : 2))
    }

    @Test("the rest of the time is estimated from what is done")
    func estimate() {
        let progress = Runner.Progress(done: 5, total: 20)
        #expect(progress.remaining(after: .seconds(10)) == .seconds(30))
        #expect(Runner.Progress(done: 0, total: 20).remaining(after: .seconds(10)) == nil)
    }

    @Test("experiments that cannot be are refused, and the error says what to do")
    func refused() throws {
        let scenario = try Scenario.load(text: Self.text, name: "three").required()
        let profile = try profiles()[0]
        for (profiles, count, code) in [
            ([], 1, ExperimentError.Code.noProfiles), ([profile], 0, .noSeeds),
            ([profile, profile], 1, .duplicateProfile),
        ] {
            let error = #expect(throws: ExperimentError.self) {
                try Experiment(scenario, profiles: profiles, seeds: Experiment.Seeds(count: count))
            }
            #expect(error?.code == code)
            #expect(error?.help.isEmpty == false)
        }
        for text in ["", "key", "=1", "key=", "key=,"] {
            #expect(throws: ExperimentError.self, "\(text)") { try Variation(text) }
        }
    }

    @Test("axes are combined, the last one turning fastest")
    func alternatives() throws {
        let axes = [try Variation("a.b.c=1,2"), try Variation("d=x,y")]
        let alternatives = Variation.alternatives(axes)
        #expect(alternatives.map(\.suffix) == ["b.c=1 d=x", "b.c=1 d=y", "b.c=2 d=x", "b.c=2 d=y"])
        #expect(alternatives[1].overrides == ["a.b.c=1", "d=y"])
        #expect(Variation.alternatives([]).map(\.overrides) == [[]])
    }

    @Test("profiles that are the same once everything is said are found, with the changes that do nothing")
    func equalProfiles() throws {
        let loader = ProfileLoader(catalogue: Registry.lab.catalogue)
        let profiles = try ["10s", "20s"].map { value in
            let overrides = ["modules.liveness.ping-pong.interval=\(value)"]
            let profile = try Registry.lab.load(
                path: Repository.path("node.yaml"), overrides: overrides, with: loader
            ).required()
            return try SimulatedProfile(profile, name: value, registry: .lab)
        }
        let experiment = try Experiment(
            try Scenario.load(text: Self.text, name: "three").required(), profiles: profiles,
            seeds: Experiment.Seeds(count: 1)
        )
        #expect(experiment.equalProfiles.map(\.profile.name) == ["20s"])
        #expect(experiment.equalProfiles.map(\.original.name) == ["10s"])
        #expect(profiles[1].inertOverrides.map(\.key) == ["modules.liveness.ping-pong.interval"])
        #expect(profiles[1].inertOverrides.map(\.reason) == ["liveness uses 'layered', not 'ping-pong'"])
    }

    @Test("a part keeps the faults that its first seed draws, as the whole does")
    func drawnFaults() async throws {
        let text = "summary: s\nduration: 60s\nnetwork: {count: 3}\nswarm: {until: 40s, most: 3, longest: 10s}\n"
        let experiment = try Experiment(
            try Scenario.load(text: text, name: "storm").required(), profiles: [try profiles()[0]],
            seeds: Experiment.Seeds(first: 3, count: 1)
        )
        let part = try await Runner(width: 1).part(
            try #require(.init(index: 1, of: 1)), of: experiment, program: .init(version: "v", build: "b")
        )
        let merged = try MergedComparison([("part", part)])
        #expect(!merged.timelines[0].faults.isEmpty)
        #expect(try await merged.timelines.map(\.faults) == Runner(width: 1).run(experiment).timelines.map(\.faults))
    }
}

/// Work that cancels itself: the task's own handle is not there yet when the work begins.
private final class Cancellable<Value: Sendable>: Sendable {
    private let task = Mutex<Task<Value, any Error>?>(nil)

    func run(
        _ body: @escaping @Sendable (_ cancel: @escaping @Sendable () -> Void) async throws -> Value
    ) async throws -> Value {
        let (started, start) = AsyncStream.makeStream(of: Void.self)
        let task = Task {
            // Until the handle is kept.
            for await _ in started { break }
            return try await body { self.task.withLock { $0?.cancel() } }
        }
        self.task.withLock { $0 = task }
        start.yield()
        return try await task.value
    }
}
