import Kernel
import Profile
import Testing
import Wire

@testable import Lab

/// What hosts that speak the protocol and mean ill can do, and what keeps them from it.
@Suite("Adversaries")
struct AdversaryTests {
    /// Four minutes of the incident's six nodes, with blocks, and one host more.
    private static func scenario(_ adversary: Adversary?, network: String? = nil) throws -> Scenario {
        var scenario = try StoryRun.scenario("two-minute-cycle")
        scenario.duration = .seconds(240)
        // All are linked before the first slot; else a draw more or less decides whether it has its masternodes.
        scenario.startSpread = .seconds(2)
        scenario.network.slotInterval = .seconds(10)
        guard adversary != nil || network != nil else { return scenario }
        scenario.network.hosts.append(
            Scenario.NetworkModel.Host(
                name: "stranger", endpoint: try #require(.init("203.0.113.7:24100")), foreignNetwork: network,
                adversary: adversary
            )
        )
        return scenario
    }

    /// Fifty a second on one node: twice what fits into the handshake's ten seconds.
    private static func fast(_ kind: Adversary.Kind) -> Adversary {
        Adversary(kind, every: .milliseconds(20), target: "LW-Arizona")
    }

    @Test(
        "none of them costs node.yaml a link or a block, or is taken for a peer", arguments: Adversary.Kind.allCases,
        1...3)
    func harmless(kind: Adversary.Kind, seed: Int) throws {
        for adversary in [Self.fast(kind), Adversary(kind, every: .milliseconds(50))] {
            let calm = try StoryRun.run("node.yaml", in: try Self.scenario(nil), seed: UInt64(seed))
            let run = try StoryRun.run("node.yaml", in: try Self.scenario(adversary), seed: UInt64(seed))
            #expect(run.verdict == .held)
            for metric in [Metric.connectedPeers, .reconnects, .pairAvailability, .blocksProduced] {
                #expect(try StoryRun.figure(metric, run) == StoryRun.figure(metric, calm), "\(metric.key)")
            }
        }
    }

    @Test("the limit on handshakes bounds what a silent stranger makes a node hold; without it nothing does")
    func silent() throws {
        let scenario = try Self.scenario(Self.fast(.silent))
        let bounded = try StoryRun.run("node.yaml", in: scenario, seed: 1)
        // Handshakes, links, a newcomer that is being refused, and probes of the node's own.
        #expect(try StoryRun.figure(.heldConnections, bounded) <= 256 + 5 + 1 + 2)
        let raised = try StoryRun.run(
            "node.yaml", in: scenario, seed: 1, set: ["modules.links.single-link.maximum_links=65536"])
        #expect(raised.verdict.violations.map(\.property) == [.boundedLinks])
        #expect(try StoryRun.figure(.heldConnections, raised) > 450)
    }

    @Test("the deadline of a handshake does too: without one a stranger's connections stay")
    func deadline() throws {
        let scenario = try Self.scenario(Adversary(.silent, every: .milliseconds(200), target: "LW-Arizona"))
        let node = try StoryRun.run("node.yaml", in: scenario, seed: 1)
        #expect(try StoryRun.figure(.heldConnections, node) < 70)
        let old = try StoryRun.run("profiles/2025-12-17-direction-everywhere.yaml", in: scenario, seed: 1)
        #expect(try StoryRun.figure(.heldConnections, old) > 1100)
    }

    @Test("a node ends what talks nonsense; one that does not would hold it")
    func garbage() throws {
        let scenario = try Self.scenario(Self.fast(.garbage))
        let node = try StoryRun.run("node.yaml", in: scenario, seed: 1)
        // Two of nine kinds are a proper Hello: that one waits for its proof until the deadline.
        #expect(try StoryRun.figure(.heldConnections, node) < 140)
    }

    @Test(
        "a name without its key is believed where nothing is signed, and nowhere else",
        arguments: [Adversary.Kind.impostor, .replay], ["ack", "verdict", "signed"])
    func names(kind: Adversary.Kind, handshake: String) throws {
        let run = try StoryRun.run(
            "node.yaml", in: try Self.scenario(Adversary(kind, every: .seconds(1))), seed: 2,
            set: ["modules.links.single-link.handshake=\(handshake)"])
        let isBelieved = run.verdict.violations.contains { $0.property == .peersAreProven }
        #expect(isBelieved == (handshake != "signed"))
    }

    @Test("an impostor gets as far as its proof, and no further", arguments: [Adversary.Kind.impostor, .replay])
    func refused(kind: Adversary.Kind) throws {
        var proofs = 0
        var refusals = 0
        let simulation = Simulation(
            try Self.scenario(Adversary(kind, every: .seconds(1))), profile: try StoryRun.profile("node.yaml"), seed: 2,
            trace: { record in
                if record.jsonLine.contains("\"in\":\"received\""), record.jsonLine.contains("\"proof\"") {
                    proofs += 1
                }
                if record.jsonLine.contains("bad-signature"), record.host != "stranger" { refusals += 1 }
            }
        )
        #expect(try simulation.run().verdict == .held)
        #expect(proofs > 100 && refusals > 100)
    }

    @Test("a node of another network is refused, and counts for nothing")
    func foreign() throws {
        let calm = try StoryRun.run("node.yaml", in: try Self.scenario(nil), seed: 4)
        let run = try StoryRun.run("node.yaml", in: try Self.scenario(nil, network: "mainnet"), seed: 4)
        #expect(run.verdict == .held)
        for metric in [Metric.connectedPeers, .dials, .blocksProduced, .pairAvailability] {
            #expect(run.metrics[metric] == calm.metrics[metric], "\(metric.key)")
        }
    }

    @Test("a run with an adversary replays to its digest", arguments: Adversary.Kind.allCases)
    func replay(kind: Adversary.Kind) throws {
        var scenario = try Self.scenario(Adversary(kind, every: .milliseconds(500)))
        scenario.duration = .seconds(40)
        scenario.traffic = Scenario.Traffic(requestBytes: 100, replyBytes: 200, interval: .seconds(2))
        let run = try TracedRun(scenario, seed: 3, set: ["modules.links.single-link.handshake=ack"])
        for interval in [nil, 20] {
            let replay = try run.replay(resumeEvery: interval)
            #expect(replay.divergence == nil)
            #expect(replay.digest == run.result.digest)
        }
    }

    @Test("an adversary with a profile, or whose target is no host, is refused with its name")
    func loading() {
        let text = """
            summary: S
            duration: 1m
            network:
              hosts:
                - {name: a, address: 192.0.2.1}
                - {name: b, address: 192.0.2.2, profile: x.yaml, adversary: {kind: silent}}
                - {name: c, address: 192.0.2.3, adversary: {kind: replay, target: z}}
            """
        let outcome = Scenario.load(text: text, name: "s")
        #expect(outcome.value == nil)
        #expect(
            outcome.diagnostics.map(\.message) == [
                "the scenario: network.hosts[1].adversary: 'b' is an adversary: it runs no profile and is nobody's twin",
                "the scenario: network.hosts[2].adversary.target: 'c' turns on 'z', which is no host",
            ]
        )
        #expect(outcome.diagnostics.map(\.location?.line) == [6, 7])
    }
}
