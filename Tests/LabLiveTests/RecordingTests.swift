import Foundation
import LabLive
import Testing

@Suite(
    "Traces across processes",
    .enabled(if: Place.program != nil, "there is no program beside the tests: swift build --product timenode"),
    .timeLimit(.minutes(2))
)
struct RecordingTests {
    /// A folder that is gone when the value is, with the processes that were started in it.
    private final class Folder {
        let path: String
        private var processes: [Process] = []

        init() throws {
            let url = FileManager.default.temporaryDirectory
                .appendingPathComponent("timenode-recording-\(UUID().uuidString)", isDirectory: true)
            try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
            path = url.path
        }

        deinit {
            for process in processes where process.isRunning { kill(process.processIdentifier, SIGKILL) }
            try? FileManager.default.removeItem(atPath: path)
        }

        /// Starts a node that writes its log to a file.
        func run(_ program: String, _ arguments: [String], log: String) throws -> Process {
            try Data().write(to: URL(fileURLWithPath: log))
            let process = Process()
            process.executableURL = URL(fileURLWithPath: program)
            process.arguments = arguments
            process.standardInput = FileHandle.nullDevice
            process.standardOutput = FileHandle.nullDevice
            process.standardError = FileHandle(forWritingAtPath: log)
            try process.run()
            processes.append(process)
            return process
        }
    }

    private struct Result: Decodable {
        let equal: Bool
        let digest: String
        let records: Int
    }

    /// Replays in a process of its own; a replay that diverges throws.
    private static func replay(_ trace: String) throws -> Result {
        let output = try Tool.run(try #require(Place.program), ["replay", trace, "--format", "json"])
        return try JSONDecoder().decode(Result.self, from: Data(output.utf8))
    }

    private static func text(_ path: String) -> String { (try? String(contentsOfFile: path, encoding: .utf8)) ?? "" }

    @Test("a simulated run replays to its digest in another process")
    func simulated() throws {
        let folder = try Folder()
        let scenario = "\(folder.path)/short.yaml"
        try Self.text(Place.file("scenarios/two-minute-cycle.yaml")).replacing("duration: 1h", with: "duration: 3m")
            .write(toFile: scenario, atomically: true, encoding: .utf8)
        let trace = "\(folder.path)/run.jsonl"
        let output = try Tool.run(
            try #require(Place.program),
            [
                "simulate", Place.file("profiles/2025-12-17-direction-everywhere.yaml"), "--scenario", scenario,
                "--trace", trace,
                "--format", "json",
            ]
        )
        struct Run: Decodable { let digest: String }
        let run = try JSONDecoder().decode(Run.self, from: Data(output.utf8))
        #expect(try Self.replay(trace).digest == run.digest)
    }

    @Test("a running node writes its trace on SIGUSR1 and again at its end, for its owner only, and both replay")
    func signalled() async throws {
        let folder = try Folder()
        let program = try #require(Place.program)
        let net = "\(folder.path)/net"
        try Tool.run(
            program,
            ["testnet", "init", net, "--nodes", "2", "--slot-interval", "1s", "--profile", Place.file("node.yaml")]
        )
        let (trace, log) = ("\(folder.path)/kept.jsonl", "\(folder.path)/1.log")
        let node = try folder.run(program, ["run", "\(net)/node1.yaml", "--record", trace], log: log)
        let other = try folder.run(program, ["run", "\(net)/node2.yaml", "--record"], log: "\(folder.path)/2.log")
        _ = try await TimeLimit.poll("the two nodes are linked", within: .seconds(30)) {
            Self.text(log).contains("Handshake completed") ? true : nil
        }
        #expect(!FileManager.default.fileExists(atPath: trace))
        kill(node.processIdentifier, SIGUSR1)
        _ = try await TimeLimit.poll("the trace is there", within: .seconds(20)) {
            FileManager.default.fileExists(atPath: trace) ? true : nil
        }
        let early = try Self.replay(trace)
        #expect(early.equal)
        #expect(Self.text(trace).contains("\"kind\":\"link-up\""))
        for process in [node, other] { kill(process.processIdentifier, SIGTERM) }
        let last = "\(net)/node2/trace.jsonl"
        _ = try await TimeLimit.poll("both nodes have ended", within: .seconds(20)) {
            FileManager.default.fileExists(atPath: last)
                && Self.text(log).components(separatedBy: "Wrote a trace with").count == 3 ? true : nil
        }
        let late = try Self.replay(trace)
        #expect(late.records > early.records)
        #expect(Self.text(trace).contains("\"in\":\"shutdown\""))
        #expect(try Self.replay(last).equal)
        for path in [trace, last] {
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            #expect(attributes[.posixPermissions] as? Int == 0o600)
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".tmp") } == [])
        node.waitUntilExit()
        other.waitUntilExit()
        #expect(node.terminationStatus == 0)
        #expect(other.terminationStatus == 0)
    }
}
