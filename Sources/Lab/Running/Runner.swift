/// Spreads runs over cores. The one place in the laboratory with threads: what a run gives does not depend on it, nor the
/// order of the results on which run was finished first.
///
/// Cancel the task that calls to stop: runs under way end within some milliseconds, and what is finished comes back.
public struct Runner: Sendable {
    /// How many runs at a time.
    public var width: Int

    /// - Parameter width: how many runs at a time, say the number of cores; at least 1.
    public init(width: Int) { self.width = max(1, width) }

    /// How far work has come.
    public struct Progress: Sendable, Hashable {
        public var done: Int
        public var total: Int

        /// How long the rest will take if it goes on like the part that is done; nil before anything is.
        ///
        /// - Parameter elapsed: the time since the beginning.
        public func remaining(after elapsed: Duration) -> Duration? {
            done > 0 ? elapsed / done * (total - done) : nil
        }
    }

    /// Makes every run of an experiment.
    ///
    /// - Parameter progress: told after each run, on any thread.
    /// - Returns: also what is finished of an experiment that was cancelled.
    /// - Throws: what a module's constructor throws.
    public func run(
        _ experiment: Experiment, progress: @Sendable (Progress) -> Void = { _ in }
    ) async throws -> ExperimentResult {
        ExperimentResult(experiment, try await results(of: experiment.runs, in: experiment, progress: progress))
    }

    /// Makes one part of an experiment's runs, to be joined with the others by ``MergedComparison``.
    ///
    /// - Parameters:
    ///   - shard: which part.
    ///   - program: what is running; parts of different programs are not joined.
    ///   - progress: told after each run, on any thread.
    /// - Throws: ``ExperimentError`` where the part has no run, `CancellationError` where it was cancelled: a part with a
    ///   hole is of no use.
    public func part(
        _ shard: ComparisonPart.Shard, of experiment: Experiment, program: ComparisonPart.Program,
        progress: @Sendable (Progress) -> Void = { _ in }
    ) async throws -> ComparisonPart {
        var experiment = experiment
        experiment.keepsTimelines = true
        var part = ComparisonPart(of: experiment, driver: "simulation", program: program, shard: shard)
        let own = part.ownRuns
        guard !own.isEmpty else {
            throw ExperimentError(
                .emptyShard, "part \(shard.index) of \(shard.of) has no run: there are \(experiment.runs.count) runs",
                help: "Divide by at most the number of runs, which is profiles times seeds."
            )
        }
        for (run, result) in zip(own, try await results(of: own, in: experiment, progress: progress)) {
            guard let result else { throw CancellationError() }
            part.append(result, profile: run.profile)
        }
        return part
    }

    /// Makes some runs of an experiment.
    ///
    /// - Returns: in the order of `runs`; nil for those that were not finished when the task was cancelled.
    public func results(
        of runs: [Experiment.Run], in experiment: Experiment, progress: @Sendable (Progress) -> Void = { _ in }
    ) async throws -> [RunResult?] {
        // Seed by seed rather than profile by profile: what is finished of a long experiment can be compared.
        let order = runs.indices.sorted { (place(runs[$0], experiment), $0) < (place(runs[$1], experiment), $1) }
        let results = try await map(order, progress: progress) { index in
            try experiment.result(of: runs[index]) { Task.isCancelled }
        }
        var ordered = [RunResult?](repeating: nil, count: runs.count)
        for (index, result) in zip(order, results) { ordered[index] = result }
        return ordered
    }

    private func place(_ run: Experiment.Run, _ experiment: Experiment) -> UInt64 { run.seed &- experiment.seeds.first }

    /// What `body` makes of each item, some at a time.
    ///
    /// - Parameter progress: told after each item, on any thread.
    /// - Returns: in the order of the items; nil for those that were not finished when the task was cancelled.
    /// - Throws: the first error of `body` but `CancellationError`.
    package func map<Item: Sendable, Result: Sendable>(
        _ items: [Item], progress: @Sendable (Progress) -> Void = { _ in },
        _ body: @escaping @Sendable (Item) async throws -> Result
    ) async throws -> [Result?] {
        try await withThrowingTaskGroup(of: (Int, Result?).self) { group in
            var results = [Result?](repeating: nil, count: items.count)
            var next = 0
            func submit() {
                guard next < items.count, !Task.isCancelled else { return }
                let (index, item) = (next, items[next])
                next += 1
                group.addTask {
                    do {
                        return (index, try await body(item))
                    } catch is CancellationError {
                        return (index, nil)
                    }
                }
            }
            for _ in 0..<width { submit() }
            var done = 0
            for try await (index, result) in group {
                results[index] = result
                if result != nil {
                    done += 1
                    progress(Progress(done: done, total: items.count))
                }
                submit()
            }
            return results
        }
    }
}
