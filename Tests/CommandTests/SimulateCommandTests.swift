import Foundation
import Testing

@testable import TimenodeCommands

@Suite("simulate") struct SimulateCommandTests {
    let directory: TemporaryDirectory
    let profile: String

    init() throws {
        directory = try TemporaryDirectory()
        try Files.makeDirectory(directory.file("scenarios"))
        profile = try directory.write(StandardProfile.text, to: "node.yaml")
        _ = try directory.write(
            """
            summary: three nodes and what comes
            duration: 2m
            network: {count: 3}
            swarm: {until: 1m, most: 6, longest: 20s}

            """, to: "scenarios/storm.yaml"
        )
    }

    @Test("a plan carries its scenario and seed: given back alone, it repeats the run")
    func planAlone() async throws {
        let plan = directory.file("plan.yaml")
        let first = await simulate("--scenario", "storm", "--seed", "7", "--save-plan", plan)
        #expect(try directory.read("plan.yaml").hasPrefix("scenario: storm\nseed: 7\nfaults:"))
        let again = await simulate("--plan", plan)
        #expect(again.output == first.output)
        #expect(again.status == first.status)
        #expect(!again.errors.contains("note:"))
        let other = await simulate("--plan", plan, "--seed", "8")
        #expect(other.output != first.output)
        #expect(other.errors.contains("note: \(plan) is a plan for seed 7; this run has seed 8, as you asked"))
    }

    @Test("a plan of a scenario at a path finds it from the plan's own folder")
    func planBesidePath() async throws {
        try Files.makeDirectory(directory.file("plans"))
        let scenario = try directory.write(
            "summary: s\nduration: 20s\nnetwork: {count: 2}\n", to: "plans/my storm.yaml"
        )
        let plan = directory.file("plans/plan.yaml")
        let first = await simulate("--scenario", scenario, "--seed", "18446744073709551615", "--save-plan", plan)
        #expect(
            try directory.read("plans/plan.yaml").hasPrefix("scenario: \"./my storm.yaml\"\nseed: 18446744073709551615")
        )
        #expect(await simulate("--plan", plan).output == first.output)
    }

    @Test("a plan that is used in another scenario says so; one without a scenario needs one")
    func planElsewhere() async throws {
        _ = try directory.write("summary: s\nduration: 20s\nnetwork: {count: 3}\n", to: "scenarios/calm.yaml")
        let plan = try directory.write("scenario: storm\nfaults: []\n", to: "plan.yaml")
        let run = await simulate("--plan", plan, "--scenario", "calm")
        #expect(run.status != 64)
        #expect(run.errors.contains("is a plan for the scenario 'storm'; this run is in"))
        let bare = try directory.write("faults: []\n", to: "bare.yaml")
        let lost = await simulate("--plan", bare)
        #expect(lost.status == 64)
        #expect(lost.errors.contains("\(bare) does not say which scenario it is of\nName it: --scenario S"))
        let wrong = try directory.write("scenario: storm\nseed: seven\nfaults: []\n", to: "wrong.yaml")
        #expect(await simulate("--plan", wrong).status == 64)
    }

    @Test("--first-seed is where many seeds begin, as in compare")
    func firstSeed() async {
        let old = await simulate("--scenario", "storm", "--seeds", "3", "--seed", "5", "--format", "json")
        let new = await simulate("--scenario", "storm", "--seeds", "3", "--first-seed", "5", "--format", "json")
        #expect(!new.output.isEmpty && new.output == old.output)
        let both = await simulate("--scenario", "storm", "--seed", "1", "--first-seed", "1")
        #expect(both.status == 64)
    }

    @Test("a failure that needs no fault is blamed on none")
    func blameless() async throws {
        // No node is where the network file says, so no two ever link, whatever else happens.
        _ = try directory.write(
            """
            summary: nodes that give the listed address of another machine, and an innocent stall
            duration: 5m
            network:
              hosts:
                - {name: a, address: 192.0.2.1, listed_at: 192.0.2.101}
                - {name: b, address: 192.0.2.2, listed_at: 192.0.2.102}
              minimum_masternodes: 1
            faults:
              - {at: 30s, stall: {node: a, for: 1s}}

            """, to: "scenarios/apart.yaml"
        )
        let run = await simulate("--scenario", "apart", "--shrink", "--save-plan", directory.file("left.yaml"))
        #expect(run.status == 1, "\(run.output)")
        #expect(run.errors.contains("no fault of the plan is to blame: the run violates"), "\(run.errors)")
        #expect(try directory.read("left.yaml") == "scenario: apart\nseed: 1\nfaults: []\n")
    }

    private func simulate(_ arguments: String...) async -> CommandRun {
        await CommandRun.of(arguments: ["simulate", profile] + arguments)
    }
}
