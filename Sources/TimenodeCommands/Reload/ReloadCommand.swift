import ArgumentParser
import Foundation
import Profile
import SystemErrors

/// `reload`.
struct ReloadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reload",
        abstract: "Let a running node read its profile and network file anew; links stay up.",
        discussion: """
            Prints what becomes of each module. Where one difference needs a restart, nothing changes at all, and the exit \
            status is 1. The node also reloads on SIGHUP; its log says the same. What --set changes is laid over the values \
            that the node was started with, and lasts until the next reload or the node's end.
            """
    )

    @Argument(help: "The profile that the node was started with.", transform: PathText.expanded)
    var profile: String = "node.yaml"

    @OptionGroup var overriding: OverrideOption
    @OptionGroup var output: FormatOption

    /// How long the node may take.
    private static let patience = Duration.seconds(10)

    func run() async throws {
        let console = CommandScope.current.console
        // Mistakes are told here, and the node is left in peace.
        let profile = try ProfileSource.load(profile, overrides: overriding.overrides)
        _ = try NetworkSource.load(for: profile)
        let directory = DataDirectory(
            path: profile.dataDirectory ?? Files.join(Files.folder(of: profile.path), "data")
        )
        let report = try await reload(try directory.owner(), directory)
        switch output.format {
        case .text:
            for step in report.steps { console.print(step) }
            console.print(Self.sentence(report.outcome))
        case .json: console.print(Self.json(report))
        }
        guard report.outcome == .refused else { return }
        if output.format == .text { for problem in report.problems { console.error("error: \(problem)") } }
        throw CommandFailure.silent(.failed)
    }

    private func reload(_ process: Int32, _ directory: DataDirectory) async throws -> ReloadReport {
        let before = serial(of: directory)
        if !overriding.overrides.isEmpty {
            try ReloadRequest(overrides: overriding.overrides).write(in: directory.path)
        }
        let report: ReloadReport
        do {
            report = try await answer(of: process, directory, after: before)
        } catch {
            // A later reload must not find it.
            unlink(ReloadRequest.path(in: directory.path))
            throw error
        }
        guard report.overrides == overriding.overrides || overriding.overrides.isEmpty else {
            unlink(ReloadRequest.path(in: directory.path))
            throw CommandFailure(
                .failed,
                "the node reloaded without --set: it is of an older version, or another reload came in between",
                help: "Give it again, or write the change into the profile."
            )
        }
        return report
    }

    private func answer(
        of process: Int32, _ directory: DataDirectory, after before: String?
    ) async throws -> ReloadReport {
        guard kill(process, SIGHUP) == 0 else {
            throw CommandFailure(.failed, "cannot signal process \(process): \(SystemErrorText.words(errno))")
        }
        let clock = ContinuousClock()
        let deadline = clock.now + Self.patience
        var unreadable: CommandFailure?
        while clock.now < deadline {
            do throws(CommandFailure) {
                if let report = try ReloadReport.read(in: directory.path), report.serial != before { return report }
            } catch {
                unreadable = error
            }
            try await Task.sleep(for: .milliseconds(20))
        }
        if let unreadable { throw unreadable }
        throw CommandFailure(
            .unknown, "process \(process) did not say within \(Self.patience) what became of it", help: "Its log does."
        )
    }

    /// Tells the report that is there already from the one to come. One that cannot be read is about to be replaced.
    private func serial(of directory: DataDirectory) -> String? {
        do throws(CommandFailure) {
            return try ReloadReport.read(in: directory.path)?.serial
        } catch {
            CommandScope.current.console.error("warning: the report of the last reload is of no use: \(error.message)")
            return nil
        }
    }

    private static func sentence(_ outcome: ReloadReport.Outcome) -> String {
        switch outcome {
        case .done: "reloaded"
        case .unchanged: "nothing to reload: the node runs with these files"
        case .refused: "not reloaded: the node goes on with what it had"
        }
    }

    private static func json(_ report: ReloadReport) -> JSONValue {
        .object([
            JSONMember("outcome", .string(report.outcome.rawValue)),
            JSONMember("steps", .array(report.steps.map { .string($0) })),
            JSONMember("problems", .array(report.problems.map { .string($0) })),
        ])
    }
}
