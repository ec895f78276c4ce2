import Kernel
import Profile
import Testing

@testable import Lab

/// Bugs planted on purpose: drawn faults find them, and few of the faults are left when the rest is taken away.
struct PlantedBugTests {
    /// The `swarm` scenario, shorter: the first plan that fails counts, not the longest.
    private func swarm() throws -> Scenario {
        var scenario = try StoryRun.scenario("swarm")
        scenario.duration = .seconds(420)
        scenario.swarm?.until = .seconds(300)
        scenario.swarm?.longest = .seconds(60)
        return scenario
    }

    private func find(_ profile: SimulatedProfile, within seeds: ClosedRange<UInt64>) throws -> (Scenario, Violation)? {
        let scenario = try swarm()
        for seed in seeds {
            let result = try Simulation(scenario, profile: profile, seed: seed).run()
            guard let violation = result.verdict.violations.first else { continue }
            return (try scenario.shrunk(profile, seed: seed, keeping: violation.property), violation)
        }
        return nil
    }

    private func expectFound(_ profile: SimulatedProfile, _ name: String) throws {
        let found = try #require(try find(profile, within: 1...60), "\(name) was not found in 60 seeds")
        // A bug that shows when all nodes start at once needs no fault at all.
        #expect((0...5).contains(found.0.faults.count), "\(name): \(found.0.planText)")
    }

    @Test("a bug in single-link is found and reduced to five faults or fewer", arguments: PlantedBug.Kind.allCases)
    func inLinks(_ kind: PlantedBug.Kind) throws {
        let registry = PlantedBug.registry(kind)
        let outcome = ProfileLoader(catalogue: registry.catalogue).load(
            path: Repository.path("node.yaml"), overrides: ["modules.links.use=planted"]
        )
        let loaded = try #require(outcome.value, "\(outcome.renderedDiagnostics())")
        try expectFound(try SimulatedProfile(loaded, registry: registry), kind.rawValue)
    }

    @Test("a missing passive wait is found and reduced to five faults or fewer")
    func passiveWait() throws {
        let profile = try StoryRun.profile("node.yaml", set: ["modules.links.single-link.passive_wait=unset"])
        try expectFound(profile, "passive_wait=unset")
    }

    @Test("without a bug the same seeds hold", arguments: UInt64(1)...20)
    func none(seed: UInt64) throws {
        let result = try Simulation(try swarm(), profile: try StoryRun.profile("node.yaml"), seed: seed).run()
        #expect(result.verdict == .held)
    }
}
