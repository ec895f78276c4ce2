import Kernel
import Testing

@testable import Lab

/// Lines that carry an eighth of the load that is asked of them.
struct SlowLineTests {
    private func run(seed: UInt64) throws -> RunResult {
        let outcome = Scenario.load(
            text: """
                summary: Load asks for eight times what the lines carry, and blocks are to be made all the same.
                duration: 20m
                network: {count: 6, slot_interval: 10s, bandwidth_kbit: 512}
                traffic: {request: 100B, reply: 500kB, interval: 5s}
                """, name: "slow-lines"
        )
        let scenario = try #require(outcome.value, "\(outcome.renderedDiagnostics())")
        return try StoryRun.run("node.yaml", in: scenario, seed: seed)
    }

    @Test(
        "load that a line cannot carry costs no link and no slot once the nodes are linked, and some of it is of use",
        arguments: 1...3)
    func load(seed: UInt64) throws {
        let result = try run(seed: seed)
        // The first of 119 slots begins while the last nodes link up, over lines that are loaded already.
        #expect(try StoryRun.figure(.missedSlots, result) < 1.5 / 119)
        #expect(try StoryRun.figure(.connectedPeersMinimum, result) == 5)
        #expect(try StoryRun.figure(.falseDisconnects, result) == 0)
        // An eighth is what the lines carry; an answer that takes most of the requester's patience is of use still.
        #expect(try StoryRun.figure(.usefulReplies, result) > 0.04)
    }
}
