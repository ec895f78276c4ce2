import Kernel
import Testing
import Wire

@testable import Lab

/// What a verdict says, and when it says nothing.
struct VerdictTests {
    private func scenario(_ duration: Duration, _ faults: [Scenario.Fault] = []) throws -> Scenario {
        var scenario = try StoryRun.scenario("steady")
        scenario.duration = duration
        return scenario.with(plan: faults)
    }

    @Test("a run that ends before the network had time to recover tells nothing")
    func unknown() throws {
        let short = try StoryRun.run("node.yaml", in: try scenario(.seconds(40)), seed: 1)
        #expect(short.verdict.word == "unknown")
        #expect(short.verdict.exitStatus == 2)
        let late = Scenario.Fault(at: .seconds(200), kind: .stall(.index(0), duration: .seconds(60)...(.seconds(60))))
        let struck = try StoryRun.run("node.yaml", in: try scenario(.seconds(300), [late]), seed: 1)
        #expect(struck.verdict.word == "unknown")
    }

    @Test("a steady network holds")
    func held() throws {
        let result = try StoryRun.run("node.yaml", in: try scenario(.seconds(200)), seed: 1)
        #expect(result.verdict == .held)
        #expect(result.verdict.exitStatus == 0)
    }

    @Test("the incident's profile has two links up with one identity, and the verdict names them")
    func twoLinks() throws {
        let result = try StoryRun.run(
            "profiles/2025-12-17-quick-win.yaml", in: try scenario(.seconds(400)), seed: 3)
        let violation = try #require(
            result.verdict.violations.first { $0.property == .oneLinkPerIdentity })
        #expect(violation.detail.contains("has links #"))
        #expect(result.verdict.exitStatus == 1)
    }

    @Test("a pair that is kept apart by a firewall at each end is not waited for, one that is not is")
    func unreachable() throws {
        let both = [0, 1].map { Scenario.Fault(at: .zero, kind: .closeInbound(.index($0), duration: nil)) }
        let held = try StoryRun.run("node.yaml", in: try scenario(.seconds(300), both), seed: 2)
        #expect(held.verdict == .held)
        let violated = try StoryRun.run(
            "node.yaml", in: try scenario(.seconds(300), [both[0]]), seed: 2,
            set: ["modules.links.single-link.passive_wait=unset", "modules.links.single-link.direction=higher-address"])
        #expect(violated.verdict.violations.contains { $0.property == .linksRecover })
    }

    @Test("a masternode that lost its store and whose clock was ahead signs a slot twice in some seeds")
    func twoBlocks() throws {
        let scenario = try StoryRun.scenario("restart-with-clock-ahead")
        let found = try (UInt64(1)...12).flatMap { seed in
            try StoryRun.run("node.yaml", in: scenario, seed: seed).verdict.violations
        }
        #expect(found.contains { $0.property == .oneBlockPerSlot && $0.detail.hasPrefix("n2 signed ") })
        #expect(found.allSatisfy { $0.property == .oneBlockPerSlot })
    }

    @Test(
        "a masternode that lost its store and whose clock is behind leads nothing that it may have led",
        arguments: 1...12)
    func clockBehind(seed: Int) throws {
        let scenario = try StoryRun.scenario("restart-with-clock-behind")
        #expect(try StoryRun.run("node.yaml", in: scenario, seed: UInt64(seed)).verdict == .held)
    }

    @Test("a copy of a node that somebody started by mistake takes nothing from the pairs of others")
    func twins() throws {
        var scenario = try scenario(.seconds(300))
        scenario.network.hosts.append(
            Scenario.NetworkModel.Host(
                name: "copy", endpoint: Endpoint(ip: IPAddress(version4: 0xc612_ff01), port: 24_100), twinOf: 0))
        let result = try StoryRun.run("node.yaml", in: scenario, seed: 2)
        #expect(!result.verdict.violations.contains { $0.property == .oneLinkPerIdentity })
        let own = result.verdict.violations.first { $0.property == .linksRecover }
        #expect(own.map { $0.detail.contains("n1 ") } ?? true)
    }

    @Test("hosts may run another profile than the compared one")
    func mixed() throws {
        var scenario = try scenario(.seconds(300))
        for index in 0..<3 { scenario.network.hosts[index].profile = "old" }
        var profile = try StoryRun.profile("node.yaml")
        profile.beside = [("old", try StoryRun.profile("node.yaml", set: ["modules.links.single-link.direction=none"]))]
        let result = try Simulation(scenario, profile: profile, seed: 2).run()
        #expect(result.verdict == .held)
        #expect(result.digest != (try StoryRun.run("node.yaml", in: try self.scenario(.seconds(300)), seed: 2).digest))
    }
}
