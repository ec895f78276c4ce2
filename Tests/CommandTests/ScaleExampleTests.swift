import Foundation
import Testing

@testable import TimenodeCommands

@Suite("Examples/scale") struct ScaleExampleTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    @Test("an array task makes its own part of as many as there are tasks")
    func array() async throws {
        let said = try await shell(
            "Examples/scale/slurm-array.sh", ["a.yaml", "--scenario", "steady"],
            [
                "TIMENODE": "echo", "PART_DIR": directory.file("parts"), "SLURM_ARRAY_TASK_ID": "3",
                "SLURM_ARRAY_TASK_COUNT": "16", "SLURM_CPUS_PER_TASK": "2",
            ]
        )
        let part = directory.file("parts/part-3.json")
        #expect(said == "compare a.yaml --scenario steady --jobs 2 --shard 3/16 --output \(part)\n")
    }

    @Test("a single task that is made again stays a part of the same whole")
    func repeated() async throws {
        let said = try await shell(
            "Examples/scale/slurm-array.sh", [],
            [
                "TIMENODE": "echo", "PART_DIR": directory.file("parts"), "PARTS": "16", "SLURM_ARRAY_TASK_ID": "3",
                "SLURM_ARRAY_TASK_COUNT": "1",
            ]
        )
        #expect(said.contains("--shard 3/16 "))
    }

    @Test("the pods of the job make every part once")
    func pods() async throws {
        let text = try String(
            contentsOf: Self.root.appendingPathComponent("Examples/scale/kubernetes-indexed-job.yaml"), encoding: .utf8
        )
        let completions = try #require(text.firstMatch(of: /completions: (\d+)/)?.1)
        let parts = try #require(text.firstMatch(of: /name: PARTS, value: "(\d+)"/)?.1)
        #expect(completions == parts)
        // The command, with a stand-in for the program.
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let start = try #require(lines.firstIndex { $0.hasSuffix("- |") })
        let command = lines[(start + 1)...].prefix { $0.hasPrefix(String(repeating: " ", count: 14)) }
        let script = try directory.write(
            command.joined(separator: "\n").replacing("exec timenode", with: "echo"), to: "pod.sh"
        )
        for (index, part) in [("0", "1"), ("15", "16")] {
            let said = try await shell(script, [], ["JOB_COMPLETION_INDEX": index, "PARTS": String(parts)])
            #expect(said.contains(" --shard \(part)/16 --output /parts/part-\(part).json"), "\(said)")
        }
    }

    /// Runs a script at the top of the repository; what it prints.
    private func shell(_ script: String, _ arguments: [String], _ environment: [String: String]) async throws -> String
    {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/bash")
        process.arguments = ["-euo", "pipefail", script] + arguments
        process.currentDirectoryURL = Self.root
        process.environment = environment.merging(["PATH": "/usr/bin:/bin"]) { own, _ in own }
        let file = URL(fileURLWithPath: try directory.write("", to: "said"))
        process.standardOutput = try FileHandle(forWritingTo: file)
        let ended = AsyncStream<Void>.makeStream()
        process.terminationHandler = { _ in ended.continuation.finish() }
        try process.run()
        for await _ in ended.stream {}
        #expect(process.terminationStatus == 0)
        return try String(contentsOf: file, encoding: .utf8)
    }
}
