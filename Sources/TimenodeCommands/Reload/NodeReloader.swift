import Foundation
import Kernel
import Logging
import Profile
import SystemErrors
import Trace
import Transport

/// Takes a running node over to its profile and network file as they are now.
///
/// Confined to the service that waits for the signal.
final class NodeReloader {
    private let path: String
    /// Those that the node was started with. Those of one reload are gone with the next.
    private let overrides: [String]
    private let directory: DataDirectory
    private let host: NodeHost
    private let monitor: NodeMonitor
    private let recorder: FlightRecorder?
    private let logger: Logger
    private var running: Composition
    private var count = 0

    init(
        _ running: Composition, overrides: [String], directory: DataDirectory, host: NodeHost, monitor: NodeMonitor,
        recorder: FlightRecorder?, logger: Logger
    ) {
        self.path = running.profile.path
        self.overrides = overrides
        self.directory = directory
        self.host = host
        self.monitor = monitor
        self.recorder = recorder
        self.logger = logger
        self.running = running
        // Of a command that nobody answered, before this process began.
        unlink(ReloadRequest.path(in: directory.path))
    }

    /// Reads both files, and goes over to them where everything that differs can change while the node runs. Says what
    /// became of it in the log and in the data directory; the node goes on either way.
    func reload() async {
        let report = await outcome()
        for step in report.steps { logger.info("Reload: \(step)") }
        switch report.outcome {
        case .done: logger.notice("Reloaded \(path)")
        case .unchanged: logger.notice("Nothing to reload: \(path) is what this node runs with")
        case .refused:
            for problem in report.problems { logger.error("Not reloaded: \(problem)") }
        }
        do {
            try report.write(in: directory.path)
        } catch {
            logger.error("\(error)")
        }
    }

    private func outcome() async -> ReloadReport {
        count += 1
        var report = ReloadReport(
            serial: "\(WallTime.now.milliseconds)-\(count)", outcome: .refused, steps: [], problems: []
        )
        do {
            let asked = try ReloadRequest.take(from: directory.path)?.overrides ?? []
            report.overrides = asked
            let profile = try ProfileSource.load(path, overrides: overrides + asked)
            let network = try NetworkSource.load(for: profile)
            let plan = ReloadPlan(from: running.profile, running.network, to: profile, network)
            report.steps = plan.steps.map(\.text)
            report.problems = plan.obstacles
            guard report.problems.isEmpty else { return report }
            guard !plan.isEmpty else {
                report.outcome = .unchanged
                return report
            }
            let next = Composition(profile: profile, network: network, registry: running.registry)
            try await goOver(to: next)
            running = next
            report.outcome = .done
        } catch {
            let words = SystemErrorText.of(error)
            report.problems = [words.isEmpty ? "the profile or the network file has errors" : words]
        }
        return report
    }

    private func goOver(to next: Composition) async throws {
        recorder?.expect(TraceHeader.Profile(next.profile, name: next.profile.name))
        do {
            try await host.reload(network: next.network) { [next] in try next.registry.policies(for: next.profile) }
        } catch {
            recorder?.expect(TraceHeader.Profile(running.profile, name: running.profile.name))
            throw error
        }
        monitor.adopt(next.network, rule: next.dialRule)
    }
}
