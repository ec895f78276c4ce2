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

/// One run of a comparison, whichever way it was made.
struct LabRun: Sendable {
    var metrics: RunMetrics
    var timeline: [PairTimeline]
    /// What happened when; empty where nobody counted.
    var history = RunHistory()
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
    /// - Returns: by profile, then by seed.
    func run(
        _ profiles: [LiveProfile], _ scenario: Scenario, seeds: [UInt64], collectsTimeline: Bool
    ) async throws -> [[LabRun]] {
        let jobs = profiles.flatMap { profile in seeds.map { (profile, $0) } }
        announce(jobs.count, scenario.duration)
        let program = try Self.program()
        let driver = driver
        let results = try await Self.map(jobs, width: width, console: console) { profile, seed in
            let run = LiveRun(scenario: scenario, profile: profile, seed: seed, driver: driver, program: program)
            let reading = try await run.run().checkedReading(collectsTimeline: collectsTimeline && seed == seeds.first)
            return LabRun(metrics: reading.metrics, timeline: reading.timeline)
        }
        return stride(from: 0, to: results.count, by: seeds.count).map { Array(results[$0..<$0 + seeds.count]) }
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
    /// work, and everything that was started with it, in order.
    static func map<Job: Sendable, Result: Sendable>(
        _ jobs: [Job], width: Int, console: Console, _ body: @escaping @Sendable (Job) async throws -> Result
    ) async throws -> [Result] {
        let work = Task {
            try await withThrowingTaskGroup(of: (Int, Result).self) { group in
                var results = [Result?](repeating: nil, count: jobs.count)
                var next = 0
                func submit() {
                    guard next < jobs.count else { return }
                    let (index, job) = (next, jobs[next])
                    next += 1
                    group.addTask { (index, try await body(job)) }
                }
                for _ in 0..<max(1, width) { submit() }
                var done = 0
                for try await (index, result) in group {
                    results[index] = result
                    done += 1
                    if console.isTerminal { console.writeError("\r\(done)/\(jobs.count) runs") }
                    submit()
                }
                if console.isTerminal { console.writeError("\n") }
                return results.compactMap { $0 }
            }
        }
        let interrupts = Interrupts { work.cancel() }
        defer { interrupts.end() }
        do {
            return try await work.value
        } catch is CancellationError {
            throw CommandFailure(.failed, "interrupted: every node was ended, and nothing was kept")
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

/// Turns SIGINT and SIGTERM into a call while it exists.
final class Interrupts {
    private let sources: [any DispatchSourceSignal]

    init(_ body: @escaping @Sendable () -> Void) {
        sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler(handler: body)
            source.resume()
            return source
        }
    }

    /// Signals end the program again.
    func end() {
        for source in sources { source.cancel() }
        for number in [SIGINT, SIGTERM] { signal(number, SIG_DFL) }
    }
}
