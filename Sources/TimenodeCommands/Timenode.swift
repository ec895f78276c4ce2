import ArgumentParser
import Foundation
import Kernel
import SystemErrors

/// The program. A node of somebody else's is a package that adds its modules to the standard ones:
/// `await Timenode.main(registry: .standard + [MyDetector.descriptor])`.
public enum Timenode {
    /// Runs the command that the process was started with, and ends the process with its exit status: 0 done, 1 failed,
    /// 2 could not tell, 64 wrong usage or a profile with errors.
    public static func main(registry: Registry) async {
        StandardDescriptors.open()
        // A reader that went away (`timenode status | head`) must not end the program in the middle of something.
        signal(SIGPIPE, SIG_IGN)
        let scope = CommandScope(
            registry: registry, console: .standard, environment: ProcessInfo.processInfo.environment,
            standardInput: { StandardInput.content }
        )
        let status = await run(arguments: Array(CommandLine.arguments.dropFirst()), in: scope)
        exit(status)
    }

    /// Runs one command and returns its exit status.
    static func run(arguments: [String], in scope: CommandScope) async -> Int32 {
        let status = await perform(arguments, in: scope)
        // A reader that has what it wanted, as `head` has, is no failure.
        guard let code = scope.console.lostOutput(), code != EPIPE else { return status }
        let failure = CommandFailure(
            .failed, "cannot write the result to standard output: \(SystemErrorText.words(code))",
            help: "What was written is not the whole result."
        )
        scope.console.error(failure.rendered)
        return status == 0 ? failure.code.exitStatus : status
    }

    private static func perform(_ arguments: [String], in scope: CommandScope) async -> Int32 {
        await CommandScope.$current.withValue(scope) {
            do {
                try check(scope.registry)
                try CommandNames.check(arguments, of: TimenodeCommand.self)
                var command = try TimenodeCommand.parseAsRoot(arguments)
                if var command = command as? any AsyncParsableCommand {
                    try await command.run()
                } else {
                    try command.run()
                }
                return 0
            } catch let failure as CommandFailure {
                scope.console.error(failure.rendered)
                return failure.code.exitStatus
            } catch {
                return explain(error, scope.console)
            }
        }
    }

    private static func check(_ registry: Registry) throws(CommandFailure) {
        do throws(RegistryError) {
            try registry.check()
        } catch {
            throw CommandFailure(.failed, "the modules of this program cannot be together: \(error)", cause: error)
        }
    }

    /// Errors of the argument parser, among which are requests for help, and errors that no command expected.
    private static func explain(_ error: any Error, _ console: Console) -> Int32 {
        let status = TimenodeCommand.exitCode(for: error)
        let text = TimenodeCommand.fullMessage(for: error)
        if !text.isEmpty {
            if status.isSuccess { console.print(text) } else { console.error(text) }
        }
        return status.rawValue
    }
}

/// The root of the command line: groups are nouns, leaves are verbs.
struct TimenodeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "timenode",
        abstract: "A masternode made of swappable modules, and a laboratory to compare them.",
        discussion: """
            To try six nodes on this machine:
              timenode testnet init ./testnet
              timenode testnet up ./testnet
            """,
        version: Version.text,
        subcommands: [
            RunCommand.self, CompareCommand.self, SimulateCommand.self, ReplayCommand.self, TraceCommand.self,
            ScenariosCommand.self, TestnetCommand.self,
            ReloadCommand.self, StatusCommand.self, PeersCommand.self,
            ConfigCommand.self, ModulesCommand.self, KeysCommand.self, VersionCommand.self,
        ]
    )
}
