import ArgumentParser
import Foundation
import Lab
import Profile

/// `simulate`: one run, with its digest and its verdict, or the verdicts of many seeds.
struct SimulateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate", abstract: "Run a profile in a scenario, in virtual time.",
        discussion: """
            The same profile, scenario and seed give the same digest in any process.
            Exit status: 0 what has to hold held, 1 it was violated, 2 the run was too short to tell.
            """
    )

    @Argument(help: "The profile.", transform: PathText.expanded)
    var profile = "node.yaml"

    @Option(help: "A scenario's name, or a path; the plan's if left out.", transform: PathText.expanded)
    var scenario: String?

    @Option(help: "Seed of all random numbers; the same seed repeats the run. The plan's, or 1, if left out.")
    var seed: UInt64?

    @Option(help: "Run so many seeds and print verdicts only.")
    var seeds = 1

    @Option(help: "The first of --seeds.")
    var firstSeed: UInt64?

    @Option(help: "Runs at a time; all cores if left out.")
    var jobs: Int?

    @Option(
        help: "Faults from this file, in place of the scenario's; the file also names the scenario and the seed.",
        transform: PathText.expanded
    )
    var plan: String?

    @Option(
        help: "Write the plan of faults, drawn ones included, to this file: edit it, and give it back with --plan.",
        transform: PathText.expanded
    )
    var savePlan: String?

    @Flag(help: "Where the run violates something: reduce its plan to the fewest faults that still do.")
    var shrink = false

    @Option(
        help: "Write every input and effect to this file, a JSON object a line, for 'replay' and 'trace diff'.",
        transform: PathText.expanded
    )
    var trace: String?

    @OptionGroup var overriding: OverrideOption
    @OptionGroup var output: FormatOption

    func validate() throws {
        guard seeds >= 1 else { throw ValidationError("--seeds takes a whole number from 1 on") }
        if seeds > 1, trace != nil || shrink || savePlan != nil {
            throw ValidationError("--trace, --shrink and --save-plan are about one seed: leave --seeds out")
        }
        if seed != nil, firstSeed != nil {
            throw ValidationError("--seed and --first-seed say the same: leave one of them out")
        }
        if let jobs, jobs < 1 { throw ValidationError("--jobs takes a whole number from 1 on") }
        guard scenario != nil || plan != nil else {
            throw ValidationError("--scenario S is missing: what should the profile meet?")
        }
    }

    func run() async throws {
        let loaded = try LabProfiles.load(profile, overrides: overriding.overrides)
        let setting = try SimulatedSetting(scenario: scenario, seed: seed ?? firstSeed, plan: plan, near: loaded.files)
        let simulated = loaded.with(try LabProfiles.others(in: setting.scenario))
        var files = OutputFiles()
        files.add("--trace", trace)
        files.add("--save-plan", savePlan)
        try files.check(against: simulated.allFiles + [setting.path] + (plan.map { [$0] } ?? []))
        if seeds > 1 {
            try await sweep(simulated, setting)
        } else {
            try simulateOne(simulated, setting)
        }
    }

    private func sweep(_ simulated: SimulatedProfile, _ setting: SimulatedSetting) async throws {
        let console = CommandScope.current.console
        let line = ProgressLine("seeds", console)
        let runner = Runner(width: jobs ?? ProcessInfo.processInfo.activeProcessorCount)
        let seeds = Experiment.Seeds(first: setting.seed, count: seeds)
        let (sweep, wasInterrupted) = try await Interruptible.run {
            try await runner.verdicts(of: simulated, in: setting.scenario, seeds: seeds) { line.show($0) }
        }
        line.clear()
        if wasInterrupted { console.error("interrupted: what follows is of the seeds that were finished") }
        console.print(VerdictText.render(sweep, output.format))
        try finish(sweep.exitStatus)
    }

    private func simulateOne(_ simulated: SimulatedProfile, _ setting: SimulatedSetting) throws {
        let console = CommandScope.current.console
        let writer = try trace.map { path throws(CommandFailure) in try TraceWriter(path) }
        let simulation = Simulation(
            setting.scenario, profile: simulated, seed: setting.seed,
            trace: writer.map { writer in { record in writer.write(record) } }
        )
        writer?.begin(simulation.traceHeader(program: Version.program))
        let clock = ContinuousClock()
        let began = clock.now
        let result = try simulation.run()
        let seconds = (clock.now - began) / .seconds(1)
        try writer?.finish(digest: result.digest)
        switch output.format {
        case .json: console.print(JSONReport.run(result))
        case .text:
            console.print(RunText.render(result))
            console.error(
                "\(result.events) events in \(String(format: "%.3f", seconds)) s"
                    + " (\(Int(Double(result.events) / max(seconds, 1e-9))) a second)"
            )
        }
        try keepPlan(of: result, simulated, setting)
        try finish(result.verdict.exitStatus)
    }

    private func keepPlan(of result: RunResult, _ simulated: SimulatedProfile, _ setting: SimulatedSetting) throws {
        let console = CommandScope.current.console
        var planned = setting.scenario.withDrawnFaults(seed: setting.seed)
        if shrink, let violation = result.verdict.violations.first {
            let whole = planned.faults.count
            planned = try planned.shrunk(simulated, seed: setting.seed, keeping: violation.property)
            console.error(Self.sentence(on: planned.faults.count, of: whole, violation.property))
            if !planned.faults.isEmpty { console.error(planned.planText) }
        } else if shrink {
            console.error("nothing to reduce: the run violates nothing")
        }
        if let savePlan {
            try Files.write(
                planned.planText(scenario: setting.name(from: savePlan), seed: setting.seed), to: savePlan
            )
        }
    }

    private static func sentence(on left: Int, of whole: Int, _ property: Property) -> String {
        let property = property.rawValue
        if whole == 0 { return "the plan has no fault, and the run violates \(property)" }
        if left == 0 {
            return "no fault of the plan is to blame: the run violates \(property) without any of the \(whole)"
        }
        return "reduced \(whole) \(whole == 1 ? "fault" : "faults") to \(left); the run still violates \(property):"
    }

    private func finish(_ status: Int32) throws {
        switch status {
        case 0: break
        case 1: throw CommandFailure.silent(.failed)
        default: throw CommandFailure.silent(.unknown)
        }
    }
}
