import ArgumentParser
import Foundation
import Kernel
import Lab
import LabLive

/// `--driver` of `compare`.
enum LabDriver: String, ExpressibleByArgument, CaseIterable {
    case simulation
    case live
    case netns

    var live: LiveDriver? { LiveDriver(rawValue: rawValue) }
}

/// Makes the runs of a comparison on the real kernel.
struct LiveComparison {
    let driver: LiveDriver
    /// How many runs at a time.
    let width: Int
    let console: Console

    /// Says beforehand what cannot be run, and what will be missing.
    ///
    /// - Throws: a failure with exit status 64 with every reason, before anything is started.
    func check(_ scenario: Scenario, path: String, seeds: [UInt64]) throws(CommandFailure) {
        if let reason = driver.unavailableReason() {
            throw CommandFailure(.failed, "--driver \(driver.rawValue): \(reason)")
        }
        let refusals = self.refusals(scenario, path: path, seeds: seeds)
        if !refusals.isEmpty {
            throw CommandFailure(
                .usage,
                "--driver \(driver.rawValue) cannot run this scenario\n"
                    + refusals.map { "  \($0)" }.joined(separator: "\n")
            )
        }
        for remark in driver.remarks(scenario) { console.error("note: \(remark)") }
    }

    func refusals(_ scenario: Scenario, path: String, seeds: [UInt64]) -> [String] {
        // It was just loaded from there; where it cannot be read a second time, lines are missing from the message.
        let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
        return driver.refusals(scenario, seeds: seeds, places: FaultPlaces.places(of: scenario, path: path, text: text))
    }

    /// Runs each profile with each seed.
    ///
    /// - Parameter profiles: those of the experiment, as a live run needs them.
    func run(
        _ profiles: [LiveProfile], _ experiment: Experiment
    ) async throws -> (result: ExperimentResult, wasInterrupted: Bool) {
        let (driver, program, scenario) = (driver, try Self.program(), experiment.scenario)
        announce(experiment.runs.count, scenario.duration)
        let (runs, wasInterrupted) = try await map(experiment.runs) { run in
            let live = LiveRun(
                scenario: scenario, profile: profiles[run.profile], seed: run.seed, driver: driver, program: program
            )
            let keepsTimeline = experiment.keepsTimelines && run.seed == experiment.seeds.first
            let reading = try await live.run().checkedReading(collectsTimeline: keepsTimeline)
            return ExperimentResult.Run(metrics: reading.metrics, timeline: reading.timeline)
        }
        return (ExperimentResult(experiment, driver: driver.rawValue, runs: runs), wasInterrupted)
    }

    /// Real runs take real time: says how much.
    func announce(_ runs: Int, _ duration: Duration) {
        let rounds = Double((runs + width - 1) / width)
        let minutes = String(format: "%.1f", rounds * (duration.seconds + 3) / 60)
        console.error(
            "\(runs) real \(runs == 1 ? "run" : "runs") of \(Int(duration.seconds)) s, \(width) at a time: about \(minutes) min"
        )
    }

    /// Works through jobs, so many at a time; the order of the results is that of the jobs. SIGINT and SIGTERM end the
    /// work, and everything that was started with it, in order; what is finished by then comes back.
    func map<Job: Sendable, Result: Sendable>(
        _ jobs: [Job], _ body: @escaping @Sendable (Job) async throws -> Result
    ) async throws -> (results: [Result?], wasInterrupted: Bool) {
        let line = ProgressLine("runs", console)
        defer { line.clear() }
        let runner = Runner(width: width)
        do {
            let (results, wasInterrupted) = try await Interruptible.run {
                try await runner.map(jobs, progress: { line.show($0) }, body)
            }
            return (results, wasInterrupted)
        } catch let error as LiveError {
            throw CommandFailure(.failed, error.message, cause: error)
        }
    }

    /// The file of this very program: nodes are more of it.
    static func program() throws(CommandFailure) -> String {
        if let path = Bundle.main.executablePath { return path }
        throw CommandFailure(.failed, "cannot find the file of this program to start nodes with")
    }
}
