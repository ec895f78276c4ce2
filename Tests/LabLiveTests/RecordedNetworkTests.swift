import Foundation
import Lab
import LabLive
import Testing

@Suite(
    "A scenario out of a real network", .serialized,
    .enabled(if: Place.program != nil, "there is no program beside the tests: swift build --product timenode"),
    .timeLimit(.minutes(3))
)
struct RecordedNetworkTests {
    /// A look as its line says it, as far as the test wants it.
    private struct Look: Decodable {
        struct Status: Decodable {
            struct Peer: Decodable {
                let state: String
                let incarnation: String?
            }
            let name: String?
            let incarnation: String
            let peers: [Peer]

            /// Every peer is linked, and its process known.
            var isWhole: Bool { peers.allSatisfy { $0.state == "up" && $0.incarnation != nil } }
        }
        let rpc: String
        let status: Status?
    }

    private static func looks(_ path: String) -> [Look] {
        let lines = (try? String(contentsOfFile: path, encoding: .utf8))?.split(separator: "\n") ?? []
        return lines.compactMap { try? JSONDecoder().decode(Look.self, from: Data($0.utf8)) }
    }

    @Test(
        "a node that was killed and started again while three were looked at is in the scenario, which can be compared")
    func restart() async throws {
        let program = try #require(Place.program)
        let testnet = try Testnet(
            nodes: 3, slotInterval: "1s", profile: Place.file("node.yaml"), program: program
        )
        for number in 0..<3 { try testnet.start(number) }
        do {
            try await record(testnet, program)
        } catch {
            _ = await testnet.stop()
            throw error
        }
        #expect(await testnet.stop() == [0, 0, 0])
    }

    private func record(_ testnet: Testnet, _ program: String) async throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("timenode-recorded-\(UUID().uuidString)", isDirectory: true)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let (samples, output) = ("\(folder.path)/looks.jsonl", "\(folder.path)/our-network.yaml")
        _ = try await TimeLimit.poll("all are linked with all", within: .seconds(30)) {
            await testnet.infos()?.allSatisfy { $0.connectedPeers == 2 } == true ? true : nil
        }
        let recorder = Process()
        recorder.executableURL = URL(fileURLWithPath: program)
        recorder.arguments =
            ["scenarios", "record", "--for", "10m", "--every", "200ms", "--samples", samples, "--output", output]
            + testnet.rpc.flatMap { ["--rpc", $0] }
        recorder.standardOutput = FileHandle.nullDevice
        try recorder.run()
        defer { if recorder.isRunning { kill(recorder.processIdentifier, SIGKILL) } }
        let first = try await TimeLimit.poll("every node was seen with its peers", within: .seconds(30)) {
            let looks = Self.looks(samples)
            let seen = testnet.rpc.allSatisfy { rpc in looks.contains { $0.rpc == rpc && $0.status?.isWhole == true } }
            return seen ? looks : nil
        }
        let incarnation = try #require(first.first { $0.status?.name == "node2" }?.status?.incarnation)
        await testnet.kill(1)
        _ = try await TimeLimit.poll("a look got no answer", within: .seconds(30)) {
            Self.looks(samples).contains { $0.status == nil } ? true : nil
        }
        try testnet.start(1)
        _ = try await TimeLimit.poll("the new process was seen with its peers", within: .seconds(30)) {
            Self.looks(samples).contains {
                $0.status?.name == "node2" && $0.status?.incarnation != incarnation && $0.status?.isWhole == true
            } ? true : nil
        }
        kill(recorder.processIdentifier, SIGINT)
        recorder.waitUntilExit()
        #expect(recorder.terminationStatus == 0)

        let outcome = Scenario.load(path: output)
        let scenario = try #require(outcome.value, "\(outcome.renderedDiagnostics())")
        let text = try String(contentsOfFile: output, encoding: .utf8)
        #expect(scenario.network.hosts.map(\.name) == ["node1", "node2", "node3"])
        #expect(scenario.network.slotInterval == .seconds(1))
        #expect(scenario.network.paths.count == 3, "\(text)")
        #expect(scenario.network.paths.allSatisfy { $0.latency > .zero && $0.latency < .milliseconds(50) })
        // A busy machine may stall a loop beside it.
        let kills = scenario.faults.compactMap { fault -> Duration? in
            if case .kill(.index(1), let down) = fault.kind { down } else { nil }
        }
        #expect(kills.count == 1, "\(text)")
        #expect(kills.allSatisfy { $0 > .milliseconds(100) && $0 < .seconds(40) })
        // What was kept makes the same file again.
        let again = try Tool.run(program, ["scenarios", "record", "--samples", samples])
        #expect(again == text)
        let compared = try Tool.run(
            program,
            [
                "compare", Place.file("node.yaml"), Place.file("profiles/2025-12-17-quick-win.yaml"), "--scenario",
                output, "--seeds", "2",
            ]
        )
        #expect(compared.contains("Time to recover"))
    }
}
