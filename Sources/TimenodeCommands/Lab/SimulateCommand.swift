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

    @Argument(help: "The profile.")
    var profile = "node.yaml"

    @Option(help: "A scenario's name, or a path.")
    var scenario: String

    @Option(help: "Everything that is drawn is drawn from it.")
    var seed: UInt64 = 1

    @Option(help: "Run so many seeds, from --seed on, and print verdicts only.")
    var seeds = 1

    @Option(help: "Runs at a time; all cores if left out.")
    var jobs: Int?

    @Option(help: "Faults from this file, in place of the scenario's.")
    var plan: String?

    @Option(help: "Write the plan of faults, drawn ones included, to this file: edit it, and give it back with --plan.")
    var savePlan: String?

    @Flag(help: "Where the run violates something: reduce its plan to the fewest faults that still do.")
    var shrink = false

    @Option(help: "Write every input and effect to this file, a JSON object a line, for 'replay' and 'trace diff'.")
    var trace: String?

    @OptionGroup var overriding: OverrideOption
    @OptionGroup var output: FormatOption

    func validate() throws {
        guard seeds >= 1 else { throw ValidationError("--seeds takes a whole number from 1 on") }
        if seeds > 1, trace != nil || shrink || savePlan != nil {
            throw ValidationError("--trace, --shrink and --save-plan are about one seed: leave --seeds out")
        }
    }

    func run() async throws {
        let scenario = try loadScenario()
        let simulated = try LabProfiles.load(profile, overrides: overriding.overrides, suffix: "", in: scenario)
        if seeds > 1 {
            let sweep = try await VerdictSweep.run(
                simulated, scenario, seeds: (0..<UInt64(seeds)).map { seed &+ $0 }, jobs: jobs
            )
            CommandScope.current.console.print(sweep.text(output.format))
            try finish(sweep.exitStatus)
        } else {
            try simulateOne(simulated, scenario)
        }
    }

    private func loadScenario() throws -> Scenario {
        let scenario = try ScenarioSource.load(scenario, near: profile)
        guard let plan else { return scenario }
        let outcome = scenario.loadPlan(path: plan)
        CommandScope.current.console.error(outcome.renderedDiagnostics())
        guard let planned = outcome.value else { throw CommandFailure.silent(.usage) }
        return planned
    }

    private func simulateOne(_ simulated: SimulatedProfile, _ scenario: Scenario) throws {
        let console = CommandScope.current.console
        let writer = try trace.map { path throws(CommandFailure) in try TraceWriter(path) }
        let simulation = Simulation(
            withPathsOf: scenario, profile: simulated, seed: seed,
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
        try keepPlan(of: result, simulated, scenario)
        try finish(result.verdict.exitStatus)
    }

    private func keepPlan(of result: RunResult, _ simulated: SimulatedProfile, _ scenario: Scenario) throws {
        let console = CommandScope.current.console
        var planned = scenario.withDrawnFaults(seed: seed)
        if shrink, let violation = result.verdict.violations.first {
            let whole = planned.faults.count
            planned = try planned.shrunk(simulated, seed: seed, keeping: violation.property)
            console.error("\(planned.faults.count) of \(whole) faults still violate \(violation.property.rawValue):")
            console.error(planned.planText)
        }
        if let savePlan { try Files.write(planned.planText, to: savePlan) }
    }

    private func finish(_ status: Int32) throws {
        switch status {
        case 0: break
        case 1: throw CommandFailure.silent(.failed)
        default: throw CommandFailure.silent(.unknown)
        }
    }
}
