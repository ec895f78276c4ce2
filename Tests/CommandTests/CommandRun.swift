import Foundation
import Kernel
import Synchronization

@testable import TimenodeCommands

/// One command, run in this process: its exit status and what it printed.
struct CommandRun: Sendable {
    let status: Int32
    let output: String
    let errors: String

    /// Runs `timenode` with these arguments.
    static func of(
        _ arguments: String..., registry: Registry = .standard, environment: [String: String] = [:], input: String = ""
    ) async -> CommandRun {
        await of(arguments: arguments, registry: registry, environment: environment, input: input)
    }

    /// Runs `timenode` with a list of arguments.
    static func of(
        arguments: [String], registry: Registry = .standard, environment: [String: String] = [:], input: String = ""
    ) async -> CommandRun {
        let printed = Printed()
        let console = Console(
            write: { printed.add($0, to: \.output) }, writeError: { printed.add($0, to: \.errors) },
            isTerminal: false, showsColour: false
        )
        let scope = CommandScope(
            registry: registry, console: console, environment: environment, standardInput: { Array(input.utf8) }
        )
        let status = await Timenode.run(arguments: arguments, in: scope)
        return CommandRun(status: status, output: printed.text(\.output), errors: printed.text(\.errors))
    }

    func json() throws -> [String: Any] {
        try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any] ?? [:]
    }
}

/// Collects what a command prints.
final class Printed: Sendable {
    struct Texts {
        var output = ""
        var errors = ""
    }

    private let texts = Mutex(Texts())

    func add(_ text: String, to stream: WritableKeyPath<Texts, String> & Sendable) {
        texts.withLock { $0[keyPath: stream] += text }
    }

    func text(_ stream: KeyPath<Texts, String> & Sendable) -> String { texts.withLock { $0[keyPath: stream] } }
}

/// A directory that is gone when the test is.
final class TemporaryDirectory: Sendable {
    let path: String

    init() throws {
        let url = FileManager.default.temporaryDirectory
            .appendingPathComponent("timenode-test-\(UUID().uuidString)", isDirectory: true)
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        self.path = url.path
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func file(_ name: String) -> String { "\(path)/\(name)" }

    /// Writes a file and returns its path.
    func write(_ text: String, to name: String) throws -> String {
        try text.write(toFile: file(name), atomically: true, encoding: .utf8)
        return file(name)
    }

    func read(_ name: String) throws -> String { try String(contentsOfFile: file(name), encoding: .utf8) }
}
