import Kernel
import Testing
import Trace
import Wire

@testable import Lab

@Suite("Finding nodes whose address nobody has")
struct DiscoveryStoryTests {
    private static let gossip = "profiles/gossip.yaml"

    private func isHeld(_ result: RunResult) -> Bool { result.verdict == .held }

    @Test(
        "a seventh whom one address leads to is linked with all six in seconds; without gossip with one",
        arguments: 1...6)
    func seventh(seed: UInt64) throws {
        let scenario = try StoryRun.scenario("seventh-joins")
        let found = try StoryRun.run(Self.gossip, in: scenario, seed: seed)
        #expect(isHeld(found), "\(found.verdict)")
        #expect(try StoryRun.figure(.mesh, found) < 10)
        #expect(try StoryRun.figure(.connectedPeersMinimum, found) == 6)
        let lost = try StoryRun.run("node.yaml", in: scenario, seed: seed)
        #expect(!isHeld(lost))
        #expect(try StoryRun.figure(.connectedPeersMinimum, lost) == 1)
        #expect(try StoryRun.figure(.pairAvailability, lost) < 0.77)
    }

    @Test("two nodes that have both moved find each other with gossip, and without it never", arguments: 1...6)
    func moved(seed: UInt64) throws {
        let scenario = try StoryRun.scenario("moved-nodes")
        let found = try StoryRun.run(Self.gossip, in: scenario, seed: seed)
        #expect(isHeld(found), "\(found.verdict)")
        #expect(try StoryRun.figure(.connectedPeersMinimum, found) == 5)
        #expect(try StoryRun.figure(.connectedPeersMinimum, StoryRun.run("node.yaml", in: scenario, seed: seed)) == 4)
    }

    @Test("a network that parts while the seventh joins is whole again without help", arguments: 1...6)
    func partition(seed: UInt64) throws {
        let scenario = try StoryRun.scenario("partition-of-seven")
        let healed = try StoryRun.run(Self.gossip, in: scenario, seed: seed)
        #expect(isHeld(healed), "\(healed.verdict)")
        #expect(try StoryRun.figure(.recovery, healed) < 30)
        #expect(!isHeld(try StoryRun.run("node.yaml", in: scenario, seed: seed)))
    }

    /// All processes restart at once, and the one host that the seventh was told of to begin with has lost its power.
    private static let plan = """
        summary: The bootstrap is gone and everybody restarts.
        duration: 20m
        network:
          hosts:
            - {name: a, address: 198.51.100.1}
            - {name: b, address: 203.0.113.2}
            - {name: c, address: 192.0.2.3}
            - {name: seventh, address: 198.18.0.4, listed: false, knows: []}
          bootstrap: [a]
        faults:
          - {at: 5m, power_loss: {node: '0'}}
          - {at: 6m, kill: {node: '1', down: 5s}}
          - {at: 6m, kill: {node: '2', down: 5s}}
          - {at: 6m, kill: {node: '3', down: 5s}}
        """

    @Test("a book that outlives the process brings a restarted network together; one in memory is forgotten")
    func restart() throws {
        let outcome = Scenario.load(text: Self.plan, name: "restart")
        let scenario = try #require(outcome.value, "\(outcome.renderedDiagnostics())")
        for seed in 1...3 as ClosedRange<UInt64> {
            var links: [Int] = []
            for store in ["lasting", "memory"] {
                let counter = LinkCounter(host: "seventh")
                let profile = try StoryRun.profile(Self.gossip, set: ["modules.store.use=\(store)"])
                _ = try Simulation(scenario, profile: profile, seed: seed) { counter.see($0) }.run()
                links.append(counter.count)
            }
            #expect(links == [2, 0], "links of the seventh after the restart, seed \(seed)")
        }
    }

    @Test("a run with gossip has one digest, whatever process it is in")
    func digest() throws {
        let scenario = try StoryRun.scenario("seventh-joins")
        let first = try StoryRun.run(Self.gossip, in: scenario, seed: 4).digest
        #expect(try StoryRun.run(Self.gossip, in: scenario, seed: 4).digest == first)
    }
}

/// Links of one host that came up since its process started last.
private final class LinkCounter {
    private let host: String
    private(set) var count = 0

    init(host: String) {
        self.host = host
    }

    func see(_ record: TraceRecord) {
        guard record.host == host else { return }
        switch record.content {
        case .process: count = 0
        case .effect(.observe(.linkUp)): count += 1
        default: break
        }
    }
}
