import Kernel
import Testing

@testable import Lab

@Suite("Snapshots of a node's modules")
struct NodeSnapshotTests {
    private func runningNode() throws -> Node {
        let scenario = try StoryRun.scenario("two-minute-cycle")
        var simulation = Simulation(scenario, profile: try StoryRun.profile("node.yaml"), seed: 1)
        try simulation.advance(to: Duration.seconds(60).nanoseconds)
        return try #require(simulation.hosts[0].node)
    }

    @Test("what a running node's modules remember reads back to the same bytes")
    func roundTrip() throws {
        let node = try runningNode()
        let snapshots = try node.snapshots()
        #expect(
            snapshots.map(\.module) == [
                "links", "liveness", "consensus", "discovery 0", "discovery 1", "workload 0",
            ])
        let successor = Node(node.configuration)
        try successor.restore(snapshots)
        #expect(try successor.snapshots() == snapshots)
        #expect(successor.chainStatus == node.chainStatus)
    }

    @Test("a state of another version, of no module, or of broken bytes is refused with its place")
    func refusals() throws {
        let node = try runningNode()
        let links = try #require(try node.snapshots().first)
        let successor = Node(node.configuration)
        let bad: [(ModuleSnapshot, SnapshotError.Code)] = [
            (ModuleSnapshot(module: "links", version: 99, state: links.state), .otherVersion),
            (ModuleSnapshot(module: "discovery 7", version: 1, state: links.state), .noSuchModule),
            (ModuleSnapshot(module: "links", version: links.version, state: links.state.dropLast(5)), .unreadable),
        ]
        for (snapshot, code) in bad {
            #expect(throws: SnapshotError.self) { try successor.restore([snapshot]) }
            do throws(SnapshotError) { try successor.restore([snapshot]) } catch { #expect(error.code == code) }
        }
    }
}
