import ArgumentParser
import Foundation
import Kernel
import Lab
import LabLive

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
            "The profiles; the others are measured against the first one, or against --reference. With --merge: parts."
    )
    var profiles: [String]

    @Option(help: "A scenario's name, or a path.")
    var scenario: String?

    @Option(help: "How many seeds each profile meets; 1 to 100000.")
    var seeds = 20

    @Option(help: "The first seed.")
    var firstSeed: UInt64 = 1

    @Option(help: "KEY=V1,V2: a matrix from each profile; may be repeated.")
    var vary: [String] = []

    @Option(help: "The name of the profile that the others are measured against.")
    var reference: String?

    @Option(help: "Write the comparison to FILE, .json, .md or .html by its ending; may be repeated.")
    var output: [String] = []

    @Option(help: "Write the incident report's claims beside what was measured to this Markdown file.")
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
    }

    func run() async throws {
        let scope = CommandScope.current
        guard !merge, let scenarioName = scenario else {
            let merged = try PartFile.merge(profiles)
            return try present(merged.comparison(reference: reference), merged.timelines, merged.histories)
        }
        if fidelity { return try await compareWorlds(scenarioName, scope.console) }
        let path = try ScenarioSource.locate(scenarioName, near: profiles.first)
        let scenario = try ScenarioSource.load(scenarioName, near: profiles.first)
        let alternatives = try Variation.alternatives(vary)
        var candidates: [SimulatedProfile] = []
        for path in profiles {
            for alternative in alternatives {
                candidates.append(
                    try LabProfiles.load(
                        path, overrides: overriding.overrides + alternative.overrides, suffix: alternative.suffix,
                        in: scenario
                    )
                )
            }
        }
        if let shard { return try await write(shard, candidates, scenario, scope.console) }
        let results =
            if let live = driver.live {
                try await runLive(live, scenario, path: path, scope.console)
            } else {
                try await simulate(candidates, scenario, scope.console)
            }
        let runs = candidates.enumerated().map { index, candidate in
            ProfileRuns(
                name: candidate.name, path: candidate.path, digest: candidate.digest,
                runs: results[index].map(\.metrics)
            )
        }
        let comparison = try Comparison(
            runs, scenario: scenario.name, driver: driver.rawValue, durationSeconds: scenario.duration.seconds,
            reference: reference
        )
        let timelines = zip(candidates, results).map { candidate, results in
            LinkTimeline(
                profile: candidate.name, pairs: results.first?.timeline ?? [],
                faults: scenario.withDrawnFaults(seed: firstSeed).faultMarks(seed: firstSeed),
                duration: scenario.duration.seconds
            )
        }
        let histories =
            driver == .simulation
            ? zip(candidates, results).map { ProfileHistory(profile: $0.name, runs: $1.map(\.history)) } : []
        try present(comparison, timelines, histories)
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

    private func write(
        _ shard: ComparisonPart.Shard, _ candidates: [SimulatedProfile], _ scenario: Scenario, _ console: Console
    ) async throws {
        let run = ShardRun(
            shard: shard, scenario: scenario, candidates: candidates, firstSeed: firstSeed, seedCount: seeds,
            width: jobs ?? ProcessInfo.processInfo.activeProcessorCount
        )
        let part = try await run.part { Self.progress($0, of: $1, console) }
        for path in output { try PartFile.write(part, to: path) }
        console.error("part \(shard.index) of \(shard.of): \(part.runs.count) runs, in \(output.joined())")
    }

    private static func progress(_ done: Int, of count: Int, _ console: Console) {
        guard console.isTerminal else { return }
        console.writeError("\r\(done)/\(count) runs\(done == count ? "\n" : "")")
    }

    private func simulate(
        _ candidates: [SimulatedProfile], _ scenario: Scenario, _ console: Console
    ) async throws -> [[LabRun]] {
        let work = candidates.flatMap { candidate in
            seedList.map {
                ParallelRuns.Job(profile: candidate, seed: $0, collectsTimeline: wantsTimeline && $0 == firstSeed)
            }
        }
        let width = jobs ?? ProcessInfo.processInfo.activeProcessorCount
        let results = try await ParallelRuns.run(work, scenario: scenario, width: width) { done in
            Self.progress(done, of: work.count, console)
        }
        return stride(from: 0, to: results.count, by: seedList.count).map {
            results[$0..<$0 + seedList.count].map {
                LabRun(metrics: $0.metrics, timeline: $0.timeline, history: $0.history)
            }
        }
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

    var seedList: [UInt64] { (0..<UInt64(seeds)).map { firstSeed &+ $0 } }
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
