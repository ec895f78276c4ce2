import Foundation
import Testing

/// The built program as a process of its own, for what shows only there: descriptors, limits, signals.
struct ProgramRun {
    let status: Int32
    let output: String
    let errors: String

    /// The program beside the test bundle.
    static func program() throws -> String {
        var folders = Bundle.allBundles.filter { $0.bundlePath.hasSuffix(".xctest") }.map(\.bundleURL)
        folders += CommandLine.arguments.filter { $0.contains(".xctest") }.map { URL(fileURLWithPath: $0) }
        folders.append(URL(fileURLWithPath: CommandLine.arguments[0]))
        let places = folders.map { $0.deletingLastPathComponent().appendingPathComponent("timenode").path }
        return try #require(places.first { FileManager.default.isExecutableFile(atPath: $0) })
    }

    /// Runs a command of bash, in which `$0` is the program and `$1`, `$2`, … are the arguments.
    static func shell(_ command: String, _ arguments: String...) async throws -> ProgramRun {
        let process = Process()
        let (output, errors) = (Pipe(), Pipe())
        process.executableURL = URL(fileURLWithPath: "/bin/bash")
        process.arguments = ["-c", command, try program()] + arguments
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = errors
        let ended = AsyncStream<Int32>.makeStream()
        process.terminationHandler = { ended.continuation.yield($0.terminationStatus) }
        try process.run()
        async let printed = text(of: output)
        async let complaints = text(of: errors)
        let status = await ended.stream.first { _ in true } ?? -1
        return ProgramRun(status: status, output: await printed, errors: await complaints)
    }

    private static func text(of pipe: Pipe) async -> String {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                let data = (try? pipe.fileHandleForReading.readToEnd()) ?? Data()
                continuation.resume(returning: String(decoding: data, as: UTF8.self))
            }
        }
    }
}
