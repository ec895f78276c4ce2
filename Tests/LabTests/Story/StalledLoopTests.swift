import Kernel
import Testing

@testable import Lab

@Suite("A loop that stands still")
struct StalledLoopTests {
    /// One node stalls once, for exactly this long.
    private func cutShare(stall: Int, set overrides: [String], seeds: ClosedRange<UInt64>) throws -> Double {
        var scenario = try StoryRun.scenario("stalled-loop")
        scenario.duration = .seconds(600)
        scenario.traffic = nil
        scenario.healthyIfStallBelow = .seconds(1000)
        let length = Duration.seconds(stall)
        var cut = 0.0
        for seed in seeds {
            // Spread over one interval, so that the stalls meet the pings at every phase.
            let at = Duration.seconds(200) + Duration.seconds(30) * Int(seed) / Int(seeds.upperBound)
            scenario.faults = [Scenario.Fault(at: at, kind: .stall(.drawn, duration: length...length))]
            let result = try StoryRun.run("node.yaml", in: scenario, seed: seed, set: overrides)
            // Five healthy nodes watch the stalled one; each cut is a false one by this scenario's truth.
            cut += try StoryRun.figure(.falseDisconnects, result) * 6 * 600 / 3600 / 5
        }
        return cut / Double(seeds.count)
    }

    private static let onDeadline = [
        "modules.liveness.use=ping-pong", "modules.liveness.ping-pong.verdict=on-deadline",
    ]
    private static let onTick = ["modules.liveness.use=ping-pong", "modules.liveness.ping-pong.verdict=on-tick"]

    @Test("30/5/3 on-deadline never cuts a stall below 65 s", arguments: [40, 64])
    func neverBelow(stall: Int) throws {
        #expect(try cutShare(stall: stall, set: Self.onDeadline, seeds: 1...8) == 0)
    }

    @Test("30/5/3 on-deadline always cuts a stall from 95 s on", arguments: [96, 170])
    func alwaysFrom(stall: Int) throws {
        #expect(try cutShare(stall: stall, set: Self.onDeadline, seeds: 1...8) == 1)
    }

    @Test("in between the share grows evenly: half of the links at 80 s")
    func halfway() throws {
        let share = try cutShare(stall: 80, set: Self.onDeadline, seeds: 1...40)
        #expect(abs(share - 0.5) < 0.15)
    }

    @Test("on-tick the same runs from 90 to 120 s")
    func onTick() throws {
        #expect(try cutShare(stall: 89, set: Self.onTick, seeds: 1...8) == 0)
        #expect(try cutShare(stall: 121, set: Self.onTick, seeds: 1...8) == 1)
        let share = try cutShare(stall: 105, set: Self.onTick, seeds: 1...40)
        #expect(abs(share - 0.5) < 0.15)
    }

    @Test("node.yaml never cuts a stall below 60 s, and always one from 91 s on")
    func layered() throws {
        #expect(try cutShare(stall: 59, set: [], seeds: 1...8) == 0)
        #expect(try cutShare(stall: 91, set: [], seeds: 1...8) == 1)
    }

    @Test("keepalive cuts none and leaves zombies")
    func keepalive() throws {
        let result = try StoryRun.run(
            "node.yaml", in: try StoryRun.scenario("stalled-loop"), seed: 1, set: ["modules.liveness.use=tcp-keepalive"]
        )
        #expect(try StoryRun.figure(.falseDisconnects, result) == 0)
        #expect(try StoryRun.figure(.reconnects, result) == 0)
        #expect(try StoryRun.figure(.zombieLink, result) > 0)
    }
}
