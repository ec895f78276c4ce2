import Lab
import Profile

/// What `simulate` runs a profile in: a scenario and a seed, from the command line or from a plan.
struct SimulatedSetting {
    /// With the plan's faults, where there is a plan.
    let scenario: Scenario
    let seed: UInt64
    /// The scenario's file.
    let path: String
    /// What the scenario was called: a name or a path.
    private let word: String

    /// - Parameters:
    ///   - scenario: its name or path; nil for the plan's.
    ///   - seed: nil for the plan's, or for 1.
    ///   - plan: the path of a plan.
    ///   - files: scenarios lie near them.
    init(scenario: String?, seed: UInt64?, plan: String?, near files: [String]) throws(CommandFailure) {
        let source = ScenarioSource(near: files)
        guard let plan else {
            guard let scenario else { throw CommandFailure(.usage, "there is neither a scenario nor a plan") }
            self.word = scenario
            self.seed = seed ?? 1
            self.path = try source.locate(scenario)
            self.scenario = try source.load(path)
            return
        }
        let console = CommandScope.current.console
        let loaded = FaultPlan.load(path: plan)
        console.error(loaded.renderedDiagnostics())
        guard let faults = loaded.value else { throw .silent(.usage) }
        let planned = try faults.scenario.map { word throws(CommandFailure) in
            Self.isPath(word) ? Files.join(Files.folder(of: plan), try PathText.named(word)) : word
        }
        guard let word = scenario ?? planned else {
            throw CommandFailure(
                .usage, "\(plan) does not say which scenario it is of", help: "Name it: --scenario S"
            )
        }
        self.word = word
        self.seed = seed ?? faults.seed ?? 1
        self.path = try source.locate(word)
        Self.noteDifferences(faults, plan, self.seed, planned, self.path, source)
        let outcome = faults.applied(to: try source.load(path))
        console.error(outcome.renderedDiagnostics())
        guard let result = outcome.value else { throw .silent(.usage) }
        self.scenario = result
    }

    /// Says where the plan was made for something else than it is used for; it is used all the same.
    private static func noteDifferences(
        _ plan: FaultPlan, _ file: String, _ seed: UInt64, _ planned: String?, _ path: String, _ source: ScenarioSource
    ) {
        let console = CommandScope.current.console
        if let own = plan.seed, own != seed {
            console.error("note: \(file) is a plan for seed \(own); this run has seed \(seed), as you asked")
        }
        guard let planned else { return }
        // A plan outlives the scenario that it was made for.
        let own = try? source.locate(planned)
        if own.map({ Files.absolute($0) != Files.absolute(path) }) ?? true {
            console.error("note: \(file) is a plan for the scenario '\(planned)'; this run is in \(path), as you asked")
        }
    }

    /// What a plan that is kept in `file` has to call the scenario.
    func name(from file: String) -> String {
        guard Self.isPath(word) || Files.exists(word) else { return word }
        return Files.relativePath(to: Files.absolute(path), from: Files.absolute(Files.folder(of: file)))
    }

    private static func isPath(_ word: String) -> Bool { word.contains("/") || word.hasSuffix(".yaml") }
}
