import Foundation
import Synchronization
import SystemErrors

/// One node of a testnet as a process of its own.
final class ChildNode: Sendable {
    /// How it stands with the process.
    enum State: Sendable, Hashable {
        case running
        /// It ended although nobody stopped it, or after it was asked to.
        case ended(status: Int32, bySignal: Bool)

        /// Whether a signal ended it.
        var isSignal: Bool {
            if case .ended(_, true) = self { true } else { false }
        }

        var inWords: String {
            switch self {
            case .running: "running"
            case .ended(let status, true): "ended by signal \(status)"
            case .ended(let status, false): "ended with exit status \(status)"
            }
        }
    }

    let number: Int
    let rpc: RPCAddress
    let logFile: String
    private let process: Process
    /// Held open as long as this program lives: the node ends when it is closed, however that comes about.
    private let lifeline: Pipe
    private let current = Mutex(State.running)

    var name: String { "node\(number)" }
    var state: State { current.withLock { $0 } }

    /// Starts the node.
    ///
    /// - Throws: a failure where the program or the log file cannot be opened.
    init(number: Int, program: String, profile: String, rpc: RPCAddress, logFile: String) throws(CommandFailure) {
        self.number = number
        self.rpc = rpc
        self.logFile = logFile
        self.process = Process()
        self.lifeline = Pipe()
        let log = open(logFile, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        guard log >= 0 else {
            throw CommandFailure(.failed, "cannot write \(logFile): \(SystemErrorText.words(errno))")
        }
        let handle = FileHandle(fileDescriptor: log, closeOnDealloc: true)
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = ["run", profile, "--until-stdin-closes"]
        process.standardInput = lifeline
        process.standardOutput = handle
        process.standardError = handle
        process.terminationHandler = { [weak self] process in
            let status = process.terminationStatus
            let bySignal = process.terminationReason == .uncaughtSignal
            self?.current.withLock { $0 = .ended(status: status, bySignal: bySignal) }
        }
        do {
            try process.run()
        } catch {
            throw CommandFailure(.failed, "cannot start \(program): \(SystemErrorText.of(error))", cause: error)
        }
    }

    /// Sends a signal to this process and no other.
    func signal(_ signal: Int32) {
        // While the state says that it runs, the process has not been waited for, so its id is not another's yet.
        if state == .running { kill(process.processIdentifier, signal) }
    }

    /// The last line of its log: why it ended, where it ended by itself.
    var lastLogLine: String? {
        guard let file = FileHandle(forReadingAtPath: logFile) else { return nil }
        defer { try? file.close() }
        let end = (try? file.seekToEnd()) ?? 0
        try? file.seek(toOffset: end > 4_096 ? end - 4_096 : 0)
        guard let data = try? file.readToEnd() else { return nil }
        return String(decoding: data, as: UTF8.self).split(whereSeparator: \.isNewline).last.map(String.init)
    }

    /// Asks all to end, waits, and then ends those that did not.
    static func stop(_ nodes: [ChildNode], within limit: Duration = .seconds(15)) async {
        for node in nodes { node.signal(SIGTERM) }
        let deadline = ContinuousClock.now + limit
        while nodes.contains(where: { $0.state == .running }), ContinuousClock.now < deadline {
            await pause(.milliseconds(50))
        }
        for node in nodes { node.signal(SIGKILL) }
        while nodes.contains(where: { $0.state == .running }) { await pause(.milliseconds(20)) }
    }

    /// A pause that a cancelled task takes too: the nodes have to be waited for in any case.
    private static func pause(_ duration: Duration) async {
        let (seconds, attoseconds) = duration.components
        let delay = Double(seconds) + Double(attoseconds) / 1e18
        await withCheckedContinuation { continuation in
            DispatchQueue.global().asyncAfter(deadline: .now() + delay) { continuation.resume() }
        }
    }
}
