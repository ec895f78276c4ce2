import ArgumentParser
import Foundation
import Kernel
import Lab
import LabLive
import Profile

/// `compare`: profiles side by side, on the same seeds of one scenario.
struct CompareCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare", abstract: "Run profiles on the same seeds of a scenario and show them side by side.",
        discussion: """
            For example:
              timenode compare node.yaml profiles/*.yaml --scenario two-minute-cycle --seeds 20
              timenode compare node.yaml --vary modules.liveness.use=ping-pong,tcp-keepalive --scenario stalled-loop
            """
    )

    @Argument(
        help:
            "The profiles; the others are measured against the first one, or against --reference. With --merge: parts.",
        transform: PathText.expanded
    )
    var profiles: [String]

    @Option(help: "A scenario's name, or a path.", transform: PathText.expanded)
    var scenario: String?

    @Option(help: "How many seeds each profile meets; 1 to 100000.")
    var seeds = 20

    @Option(help: "The first seed.")
    var firstSeed: UInt64 = 1

    @Option(help: "KEY=V1,V2: a matrix from each profile; may be repeated.")
    var vary: [String] = []

    @Option(help: "The name of the profile that the others are measured against.")
    var reference: String?

    @Option(
        help: "Write the comparison to FILE, .json, .md or .html by its ending; may be repeated.",
        transform: PathText.expanded
    )
    var output: [String] = []

    @Option(
        help: "Write the incident report's claims beside what was measured to this Markdown file.",
        transform: PathText.expanded
    )
    var claims: String?

    @Option(help: "How many runs at a time; all cores if left out.")
    var jobs: Int?

    @Option(help: ArgumentHelp("Make part I of N of the runs, and write it to --output PART.json.", valueName: "i/n"))
    var shard: ComparisonPart.Shard?

    @Flag(help: "Join the parts that --shard wrote, all N of them, in place of running anything.")
    var merge = false

    @Option(help: "simulation; live: processes on loopback; netns: a network namespace for each node (Linux, root).")
    var driver: LabDriver = .simulation

    @Flag(help: "Run both on the real kernel (netns, or --driver) and in the simulator, and show how they differ.")
    var fidelity = false

    @OptionGroup var overriding: OverrideOption
    @OptionGroup var format: FormatOption

    func validate() throws {
        guard (1...100_000).contains(seeds) else { throw ValidationError("--seeds takes 1 to 100000") }
        for path in output where !["json", "md", "html"].contains(Self.ending(path)) {
            throw ValidationError("--output \(path): the ending says the format; it is .json, .md or .html")
        }
        guard merge || scenario != nil else { throw ValidationError("--scenario S is missing: what should they meet?") }
        guard !merge || (scenario == nil && shard == nil && vary.isEmpty && overriding.overrides.isEmpty) else {
            throw ValidationError("--merge goes with --reference, --output, --claims and --format: parts say the rest")
        }
        guard shard == nil || (output.count == 1 && output.allSatisfy { Self.ending($0) == "json" }) else {
            throw ValidationError("--shard writes one file: add --output PART.json")
        }
        guard shard == nil || (reference == nil && claims == nil) else {
            throw ValidationError("--reference and --claims are for the whole: give them to --merge")
        }
        if let jobs, jobs < 1 { throw ValidationError("--jobs takes a whole number from 1 on") }
    }

    func run() async throws {
        let scope = CommandScope.current
        guard !merge, let scenarioName = scenario else {
            try checkOutput(against: profiles)
            let merged = try PartFile.merge(profiles)
            return try present(
                try comparing { try merged.comparison(reference: reference) }, merged.timelines, merged.histories)
        }
        if fidelity { return try await compareWorlds(scenarioName, scope.console) }
        var candidates = try loadCandidates()
        let source = ScenarioSource(near: candidates.flatMap(\.files))
        let path = try source.locate(scenarioName)
        let scenario = try source.load(path)
        let others = try LabProfiles.others(in: scenario)
        candidates = candidates.map { $0.with(others) }
        try checkOutput(against: candidates.flatMap(\.allFiles) + [path])
        var experiment = try comparing {
            try Experiment(scenario, profiles: candidates, seeds: Experiment.Seeds(first: firstSeed, count: seeds))
        }
        experiment.keepsTimelines = wantsTimeline
        try checkReference(candidates)
        EqualProfiles.tell(experiment, scope.console)
        if let shard { return try await write(shard, of: experiment, scope.console) }
        let (result, wasInterrupted) =
            if let live = driver.live {
                try await runLive(live, experiment, path: path, scope.console)
            } else {
                try await simulate(experiment, scope.console)
            }
        if wasInterrupted { scope.console.error(Self.interruption(result)) }
        try present(try comparing { try result.comparison(reference: reference) }, result.timelines, result.histories)
        if result.isPartial { throw CommandFailure.silent(.unknown) }
    }

    /// Every profile with its alternatives, in the order of the columns.
    private func loadCandidates() throws -> [SimulatedProfile] {
        let alternatives = try alternatives()
        return try profiles.flatMap { path in
            try alternatives.map {
                try LabProfiles.load(
                    path, overrides: overriding.overrides + $0.overrides, suffix: $0.suffix, tellsInert: false)
            }
        }
    }

    /// What `--vary` makes of each profile.
    func alternatives() throws -> [Variation.Alternative] {
        try comparing { Variation.alternatives(try vary.map { try Variation($0) }) }
    }

    func checkOutput(against inputs: [String]) throws {
        var files = OutputFiles()
        files.add("--output", output)
        files.add("--claims", claims)
        try files.check(against: inputs)
    }

    /// Before the runs: a name that is misspelt must not cost all of them.
    private func checkReference(_ candidates: [SimulatedProfile]) throws {
        let names = candidates.map(\.name)
        guard let reference, !names.contains(reference) else { return }
        let near = Spelling.closest(to: reference, among: names).map { "Did you mean '\($0)'?\n" } ?? ""
        throw CommandFailure(
            .usage, "no profile is named '\(reference)'",
            help: "\(near)--reference takes one of: \(names.joined(separator: ", "))."
        )
    }

    /// The laboratory's errors as failures of this command.
    private func comparing<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let error as ExperimentError {
            throw CommandFailure(error.code == .nothingFinished ? .unknown : .usage, error.message, help: error.help)
        } catch let error as ComparisonError {
            throw CommandFailure(.usage, error.message)
        }
    }

    private func present(
        _ comparison: Comparison, _ timelines: [LinkTimeline], _ histories: [ProfileHistory]
    ) throws {
        let console = CommandScope.current.console
        switch format.format {
        case .text:
            console.print(TerminalReport.render(comparison, width: Terminal.width, color: console.showsColour))
        case .json: console.print(JSONReport.render(comparison))
        }
        try write(comparison, timelines, histories)
    }

    private var runner: Runner { Runner(width: jobs ?? ProcessInfo.processInfo.activeProcessorCount) }

    private func write(
        _ shard: ComparisonPart.Shard, of experiment: Experiment, _ console: Console
    ) async throws {
        let line = ProgressLine("runs", console)
        let (runner, program) = (runner, try ProgramIdentity.current())
        let part: ComparisonPart
        do {
            part = try await Interruptible.run {
                try await runner.part(shard, of: experiment, program: program) { line.show($0) }
            }.result
        } catch is CancellationError {
            line.clear()
            throw CommandFailure(.unknown, "interrupted: a part needs all of its runs, so nothing was written")
        } catch let error as ExperimentError {
            throw CommandFailure(.usage, error.message, help: error.help)
        }
        line.clear()
        for path in output { try PartFile.write(part, to: path) }
        console.error("part \(shard.index) of \(shard.of): \(part.runs.count) runs, in \(output.joined())")
    }

    private func simulate(
        _ experiment: Experiment, _ console: Console
    ) async throws -> (result: ExperimentResult, wasInterrupted: Bool) {
        let line = ProgressLine("runs", console)
        defer { line.clear() }
        let runner = runner
        return try await Interruptible.run { try await runner.run(experiment) { line.show($0) } }
    }

    private static func interruption(_ result: ExperimentResult) -> String {
        let seeds = result.finishedSeeds.count
        return "interrupted after \(result.finishedRuns) runs: what follows is of the \(seeds) "
            + "\(seeds == 1 ? "seed" : "seeds") that every profile has met"
    }

    private func write(_ comparison: Comparison, _ timelines: [LinkTimeline], _ histories: [ProfileHistory]) throws {
        for path in output {
            let text =
                switch Self.ending(path) {
                case "json": JSONReport.render(comparison)
                case "md": MarkdownReport.render(comparison)
                default: HTMLReport.render(comparison, timelines: timelines, histories: histories)
                }
            try Files.write(text, to: path)
        }
        if let claims { try Files.write(ClaimTable.incidentReport.markdown(comparison), to: claims) }
    }

    var seedList: [UInt64] { Experiment.Seeds(first: firstSeed, count: seeds).all }
    var wantsTimeline: Bool { output.contains { Self.ending($0) == "html" } }

    static func ending(_ path: String) -> String {
        path.split(separator: ".").last.map { $0.lowercased() } ?? ""
    }
}

/// What is known of the terminal.
enum Terminal {
    /// Columns; 120 where nobody says.
    static var width: Int {
        var size = winsize()
        if ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 40 { return Int(size.ws_col) }
        return 120
    }
}
