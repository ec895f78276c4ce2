import Foundation
import LabLive
import Testing

@Suite(
    "A running node is told to read its files anew",
    .enabled(if: Place.program != nil, "there is no program beside the tests: swift build --product timenode"),
    .timeLimit(.minutes(2))
)
struct ReloadTests {
    @Test("another liveness module takes over a link that stays up, and a file with a mistake changes nothing")
    func reload() async throws {
        let testnet = try Testnet(
            nodes: 2, slotInterval: "2s", profile: Place.file("node.yaml"), program: try #require(Place.program)
        )
        for number in 0..<testnet.count { try testnet.start(number) }
        do {
            try await reload(testnet)
        } catch {
            _ = await testnet.stop()
            throw error
        }
        #expect(await testnet.stop() == [0, 0])
        let ends = testnet.events.flatMap(\.lines).filter { ($0.lossReason ?? .shutdown) != .shutdown }
        #expect(ends.isEmpty, "\(ends)")
    }

    private func reload(_ testnet: Testnet) async throws {
        _ = try await TimeLimit.poll("a link at both nodes", within: .seconds(20)) {
            await testnet.infos().flatMap { $0.allSatisfy { $0.connectedPeers == 1 } ? $0 : nil }
        }
        let profile = testnet.profile(0)
        let text = try String(contentsOfFile: profile, encoding: .utf8)
        // A report of before that is none does not keep the node from being told, nor its answer from being read.
        try "{}".write(toFile: profile.replacing(".yaml", with: "/reload.json"), atomically: true, encoding: .utf8)
        #expect(try testnet.tool(["reload", profile]).contains("nothing to reload"))

        try (text + "  liveness: {use: ping-pong, ping-pong: {interval: 1s, timeout: 1s}}\n")
            .write(toFile: profile, atomically: true, encoding: .utf8)
        let told = try testnet.tool(["reload", profile])
        #expect(told.contains("liveness 'layered': replaced by 'ping-pong'") && told.hasSuffix("reloaded\n"), "\(told)")

        let set = try testnet.tool(["reload", profile, "--set", "modules.liveness.ping-pong.interval=3s"])
        #expect(set.contains("interval") && set.hasSuffix("reloaded\n"), "\(set)")
        // Without --set the next reload goes back to the file.
        #expect(try testnet.tool(["reload", profile]).hasSuffix("reloaded\n"))

        try (text + "  liveness: {use: ping-pung}\n").write(toFile: profile, atomically: true, encoding: .utf8)
        #expect {
            try testnet.tool(["reload", profile])
        } throws: { "\($0)".contains("did you mean 'ping-pong'?") }
        #expect(await testnet.infos()?.map(\.connectedPeers) == [1, 1])
    }
}
