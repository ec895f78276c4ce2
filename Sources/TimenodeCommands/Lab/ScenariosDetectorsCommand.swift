import ArgumentParser
import Foundation
import Lab
import Profile

/// `scenarios detectors`: runs a study of liveness modules and writes the page about it.
struct ScenariosDetectorsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "detectors", abstract: "Measure liveness modules and write a page about them.",
        discussion: """
            Each detector of the study is put into the profile and run in each case: how long it takes to notice what is \
            wrong, and how often it cuts what is not.
            """
    )

    @Option(help: "The study.", transform: PathText.expanded)
    var study = "scenarios/detectors.yaml"

    @Option(help: "The profile that each detector is put into.", transform: PathText.expanded)
    var profile = "node.yaml"

    @Option(help: "Virtual hours of each detector in each case, in place of the study's.")
    var hours: Int?

    @Option(help: "Only these cases, by scenario and with commas between them.")
    var only: String?

    @Option(help: "Write the page to FILE; to stdout if left out.", transform: PathText.expanded)
    var output: String?

    @Option(help: "How many runs at a time; all cores if left out.")
    var jobs: Int?

    func validate() throws {
        if let hours, !(1...1_000_000).contains(hours) { throw ValidationError("--hours takes 1 to 1000000") }
    }

    func run() async throws {
        let console = CommandScope.current.console
        var files = OutputFiles()
        files.add("--output", output)
        try files.check(against: [study, profile])
        let loaded = DetectorStudy.load(path: study)
        console.error(loaded.renderedDiagnostics())
        guard var study = loaded.value else { throw CommandFailure.silent(.usage) }
        if let only {
            let names = only.split(separator: ",").map { String($0) }
            for name in names where !study.cases.contains(where: { $0.scenario == name }) {
                throw CommandFailure(.usage, "no case '\(name)' in \(self.study)")
            }
            study.cases.removeAll { !names.contains($0.scenario) }
        }
        var figures: [[DetectorFigures]] = []
        for entry in study.cases {
            if console.isTerminal { console.writeError("\r\(entry.scenario)  ") }
            figures.append(try await measure(entry, study.detectors))
        }
        if console.isTerminal { console.writeError("\r") }
        let page = DetectorPage(study, figures: figures).markdown(
            command: "timenode scenarios detectors --output docs/liveness.md", study: self.study, profile: profile
        )
        if let output { try Files.write(page, to: output) } else { console.print(page) }
    }

    /// Every detector on the same seeds.
    private func measure(
        _ entry: DetectorStudy.Case, _ detectors: [DetectorStudy.Detector]
    ) async throws -> [DetectorFigures] {
        let scenario = try ScenarioSource(near: [profile], among: study).load(entry.scenario)
        let profiles = try detectors.map {
            try LabProfiles.load(profile, overrides: $0.overrides, suffix: $0.name, in: scenario)
        }
        let wanted = Double(hours ?? entry.hours) * 3600
        let seeds = max(1, UInt64((wanted / scenario.duration.seconds).rounded(.up)))
        let work = profiles.indices.flatMap { place in (1...seeds).map { (place: place, seed: $0) } }
        let runner = Runner(width: jobs ?? ProcessInfo.processInfo.activeProcessorCount)
        let runs = try await runner.map(work) { job in
            let meter = DetectorMeter(scenario, seed: job.seed)
            _ = try Simulation(scenario, profile: profiles[job.place], seed: job.seed) { meter.see($0) }.run()
            return meter.finish()
        }.compactMap { $0 }
        var sums = [DetectorFigures](repeating: DetectorFigures(), count: detectors.count)
        for (job, run) in zip(work, runs) { sums[job.place].add(run) }
        return sums
    }
}
