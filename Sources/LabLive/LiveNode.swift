import Foundation
import Synchronization

/// A node as a child process: the real program on the real kernel, watched through the events that it writes.
package final class LiveNode: Sendable {
    /// What to start.
    package struct Launch: Sendable {
        /// Path of the `timenode` program.
        package var program: String
        /// Path of the profile.
        package var profile: String
        /// `--set` of each.
        package var overrides: [String]
        /// What modules draw from; the system's entropy where it is nil.
        package var seed: UInt64?

        package init(
            program: String, profile: String, overrides: [String] = [], seed: UInt64? = nil
        ) {
            self.seed = seed
            self.program = program
            self.profile = profile
            self.overrides = overrides
        }

        var arguments: [String] {
            ["run", profile, "--events", "--log-level", "warning", "--until-stdin-closes"]
                + (seed.map { ["--seed", "\($0)"] } ?? []) + overrides.flatMap { ["--set", $0] }
        }
    }

    /// What happens in the node.
    package let events = EventWatch()
    private let process = Process()
    /// Held open as long as this program lives: the node ends when it is closed, however that comes about.
    private let lifeline: Pipe
    private let exit = AsyncStream.makeStream(of: Void.self)

    /// Starts the node, on a host of `pair` or on this machine's own network.
    ///
    /// - Throws: ``LiveError`` `tool-failed` where the program cannot be started. What the program itself has to
    ///   complain about is in ``events``.
    package convenience init(
        _ launch: Launch, on host: (pair: NamespacePair, host: NamespacePair.Host)? = nil
    ) throws(LiveError) {
        try self.init(
            command: host.map { $0.pair.command(on: $0.host, launch.program, launch.arguments) }
                ?? (launch.program, launch.arguments)
        )
    }

    /// Starts the node with a whole command: a program that becomes the node, and its arguments.
    init(command: (program: String, arguments: [String])) throws(LiveError) {
        let (program, arguments) = command
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.terminationHandler = { [exit] _ in exit.continuation.finish() }
        let output: Pipe
        let errors: Pipe
        (lifeline, output, errors) = try Spawning.start(process) { [process] in
            let pipes = (Pipe(), Pipe(), Pipe())
            process.standardInput = pipes.0
            process.standardOutput = pipes.1
            process.standardError = pipes.2
            return pipes
        }
        output.fileHandleForReading.readabilityHandler = { [events] handle in
            let bytes = handle.availableData
            if bytes.isEmpty { handle.readabilityHandler = nil }
            events.take(bytes)
        }
        errors.fileHandleForReading.readabilityHandler = { [events] handle in
            let bytes = handle.availableData
            if bytes.isEmpty { handle.readabilityHandler = nil }
            events.complain(bytes)
        }
    }

    deinit { signal(SIGKILL) }

    /// Sends a signal to this process and no other.
    private func signal(_ signal: Int32) {
        // While it runs it has not been waited for, so its number is not another's yet.
        if process.isRunning { Foundation.kill(process.processIdentifier, signal) }
    }

    /// SIGSTOP: the process does not run from now on, its kernel does.
    package func pause() { signal(SIGSTOP) }

    /// SIGCONT.
    package func resume() { signal(SIGCONT) }

    /// What the process has used so far; nil where the machine does not say, or the process is gone.
    package var usage: ProcessUsage? { process.isRunning ? ProcessUsage(of: process.processIdentifier) : nil }

    /// SIGKILL: the process gets no chance to say goodbye. Returns once it is gone.
    package func kill() async {
        signal(SIGKILL)
        await hasEnded()
    }

    /// SIGTERM, and SIGKILL where that does not help within `limit`. Returns once the process is gone.
    ///
    /// - Returns: the exit status; nil where a signal ended it.
    @discardableResult
    package func stop(within limit: Duration = .seconds(15)) async -> Int32? {
        signal(SIGTERM)
        let deadline = Task {
            try await Task.sleep(for: limit)
            self.signal(SIGKILL)
        }
        await hasEnded()
        deadline.cancel()
        return process.terminationReason == .exit ? process.terminationStatus : nil
    }

    private func hasEnded() async {
        for await _ in exit.stream {}
        // A cancelled task's wait returns early; whoever asked for the end still gets it.
        if process.isRunning { process.waitUntilExit() }
    }
}
