import ArgumentParser
import Foundation
import Lab
import Profile

/// `simulate`: one run, with its digest.
struct SimulateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate", abstract: "Run a profile in a scenario, in virtual time.",
        discussion: "The same profile, scenario and seed give the same digest in any process."
    )

    @Argument(help: "The profile.")
    var profile = "node.yaml"

    @Option(help: "A scenario's name, or a path.")
    var scenario: String

    @Option(help: "Everything that is drawn is drawn from it.")
    var seed: UInt64 = 1

    @Option(help: "Write every input and effect to this file, a JSON object a line, for 'replay' and 'trace diff'.")
    var trace: String?

    @OptionGroup var overriding: OverrideOption
    @OptionGroup var output: FormatOption

    func run() async throws {
        let scope = CommandScope.current
        let scenario = try ScenarioSource.load(scenario, near: profile)
        let simulated = try LabProfiles.load(profile, overrides: overriding.overrides, suffix: "")
        let writer = try trace.map { path throws(CommandFailure) in try TraceWriter(path) }
        let simulation = Simulation(
            scenario, profile: simulated, seed: seed,
            trace: writer.map { writer in { record in writer.write(record) } }
        )
        writer?.begin(simulation.traceHeader(program: Version.program))
        let clock = ContinuousClock()
        let began = clock.now
        let result = try simulation.run()
        let wall = clock.now - began
        try writer?.finish(digest: result.digest)
        switch output.format {
        case .json: scope.console.print(JSONReport.run(result))
        case .text:
            scope.console.print("digest   \(result.digest)")
            for (metric, samples) in result.metrics.metrics.map({ ($0, result.metrics[$0]) }) {
                guard let samples else { continue }
                let median = Quantiles.median(samples.values)
                let figure = median.map { String(format: "%.3f", $0) } ?? "none ended"
                let rest = samples.count > 1 ? "  (median of \(samples.count), \(samples.censored.count) open)" : ""
                scope.console.print(
                    metric.key.padding(toLength: 44, withPad: " ", startingAt: 0) + figure + rest
                )
            }
            let seconds = Double(wall.components.seconds) + Double(wall.components.attoseconds) / 1e18
            scope.console.error(
                "\(result.events) events in \(String(format: "%.3f", seconds)) s"
                    + " (\(Int(Double(result.events) / max(seconds, 1e-9))) a second)"
            )
        }
    }
}
