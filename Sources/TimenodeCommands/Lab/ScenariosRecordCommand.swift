import ArgumentParser
import Foundation
import Lab
import Profile
import Trace

/// `scenarios record`: learns a scenario from the user's own nodes.
struct ScenariosRecordCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "record", abstract: "Learn a scenario from what your own nodes measured.",
        discussion: """
            Looks at running nodes for a time, or reads what was kept of earlier looks, or traces of 'run --record' and \
            'simulate --trace'; then writes a scenario file with your hosts, the ways between them, and the faults that \
            happened meanwhile. Ctrl-C ends the recording early; the file is written all the same.
            """
    )

    @Option(help: ArgumentHelp("A node to look at; repeat it for each of yours.", valueName: "url"))
    var rpc: [RPCAddress] = []

    @Option(name: .customLong("for"), help: "How long to look, 1s to 7d.")
    var length = "10m"

    @Option(help: "Time between two looks at a node, 100ms to 1h.")
    var every = "5s"

    @Option(
        help: ArgumentHelp(
            "With nodes to look at: keep the looks in FILE, which must not exist. Without: learn from FILE.",
            valueName: "FILE"
        ),
        transform: PathText.expanded
    )
    var samples: String?

    @Option(
        help: ArgumentHelp("Learn from this trace; repeat it for the traces of other nodes.", valueName: "FILE"),
        transform: PathText.expanded
    )
    var trace: [String] = []

    @Option(help: "Write the scenario to FILE; to stdout if left out.", transform: PathText.expanded)
    var output: String?

    /// More looks than these would have to be kept in memory.
    private static let mostLooks: Int64 = 20_000

    func validate() throws {
        guard let length = DurationText.parse(length), (.seconds(1) ... .seconds(604_800)).contains(length) else {
            throw ValidationError("--for takes 1s to 7d, not '\(self.length)'")
        }
        guard let every = DurationText.parse(every), (.milliseconds(100) ... .seconds(3_600)).contains(every) else {
            throw ValidationError("--every takes 100ms to 1h, not '\(self.every)'")
        }
        if !trace.isEmpty, !rpc.isEmpty || samples != nil {
            throw ValidationError("--trace is a source of its own: leave --rpc and --samples out")
        }
        let looks = Int64(max(1, rpc.count)) * Int64(length / every)
        if looks > Self.mostLooks {
            throw ValidationError("\(looks) looks are more than the \(Self.mostLooks) that are kept: raise --every")
        }
    }

    func run() async throws {
        var files = OutputFiles()
        files.add("--output", output)
        files.add("--samples", rpc.isEmpty ? nil : samples)
        try files.check(against: trace + (rpc.isEmpty ? samples.map { [$0] } ?? [] : []))
        let measurements = try await measure()
        let learnt = ScenarioLearner.learn(measurements)
        let text = learnt.text
        // Names and figures come from elsewhere: what is written has to be what 'compare' takes.
        let check = Scenario.load(text: text, name: "recorded")
        guard check.value != nil else {
            throw CommandFailure(
                .failed, "the scenario that was learnt does not load: \(check.renderedDiagnostics())",
                help: "Keep the looks with --samples and report this as a fault of the program."
            )
        }
        let console = CommandScope.current.console
        guard let output else {
            console.print(text)
            return
        }
        try Files.write(text, to: output)
        console.print("\(output): \(learnt.inWords)")
        console.error(learnt.remarksInWords)
    }

    private func measure() async throws -> Measurements {
        do {
            if !trace.isEmpty { return try measureTraces() }
            if rpc.isEmpty, let samples { return try Measurements(SampleFile.read(samples)) }
            return try Measurements(try await look())
        } catch let error as MeasurementError {
            throw CommandFailure(.failed, error.message, help: error.help, cause: error)
        }
    }

    private func measureTraces() throws -> Measurements {
        var measurer = TraceMeasurer()
        for path in trace {
            var reader = try TraceFile.open(path)
            do {
                try measurer.read(&reader, name: path)
            } catch let error as TraceError {
                throw TraceFile.failure(error, in: path)
            }
        }
        return try measurer.measurements()
    }

    private func look() async throws -> [StatusSample] {
        let file = try samples.map { path throws(CommandFailure) in try SampleFile(creating: path) }
        let poller = StatusPoller(
            places: rpc.isEmpty ? [.standard] : rpc, interval: DurationText.parse(every) ?? .seconds(5),
            length: DurationText.parse(length) ?? .seconds(600), file: file, console: CommandScope.current.console
        )
        return try await poller.run()
    }
}
