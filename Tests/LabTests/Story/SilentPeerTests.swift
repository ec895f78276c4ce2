import Kernel
import Testing

@testable import Lab

@Suite("A machine that falls silent")
struct SilentPeerStoryTests {
    private func detections(_ profile: String, _ scenario: String, seeds: ClosedRange<UInt64>) throws -> Samples {
        var samples = Samples(values: [])
        let scenario = try StoryRun.scenario(scenario)
        for seed in seeds {
            let result = try StoryRun.run(profile, in: scenario, seed: seed)
            samples.append(try #require(result.metrics[.detection]))
        }
        return samples
    }

    @Test(
        "idle: idle time, probes and what the kernel's timer wheel adds, with three probes and with the kernel's nine")
    func idle() throws {
        let three = try detections(
            "profiles/2025-12-17-refactor-proposal-count3.yaml", "silent-peer-idle", seeds: 1...6)
        #expect(three.censored.isEmpty)
        #expect(three.values.allSatisfy { $0 > 60 && $0 < 63 }, "\(three.values)")
        let unset = try detections("profiles/2025-12-17-refactor-proposal.yaml", "silent-peer-idle", seeds: 1...6)
        #expect(unset.values.allSatisfy { $0 > 121 && $0 < 125 }, "\(unset.values)")
    }

    @Test("busy: both sit at the retransmission limit, whatever the probe count")
    func busy() throws {
        for profile in ["refactor-proposal", "refactor-proposal-count3"] {
            let waits = try detections("profiles/2025-12-17-\(profile).yaml", "silent-peer-busy", seeds: 1...3)
            #expect(waits.censored.isEmpty)
            #expect(waits.values.allSatisfy { $0 > 925 && $0 < 1050 }, "\(waits.values)")
        }
    }

    @Test(
        "node.yaml notices within its stated 32 s, idle and busy", arguments: ["silent-peer-idle", "silent-peer-busy"])
    func ours(scenario: String) throws {
        let waits = try detections("node.yaml", scenario, seeds: 1...12)
        #expect(waits.censored.isEmpty)
        #expect(waits.values.allSatisfy { $0 < 32 }, "\(waits.values)")
    }

    @Test("behind a closed door the other end dials: node.yaml links all pairs, an address rule alone never does")
    func closedDoor() throws {
        let scenario = try StoryRun.scenario("one-way-firewall")
        for seed in UInt64(1)...6 {
            let ours = try StoryRun.run("node.yaml", in: scenario, seed: seed)
            // Passive wait 3 s, out_of_turn_delay 0.5 s, dial and handshake of a few round trips of at most 0.2 s.
            #expect(try StoryRun.figure(.mesh, ours) < 3 + 0.5 + 1)
            let proposal = try StoryRun.run("profiles/2025-12-17-refactor-proposal.yaml", in: scenario, seed: seed)
            // The node with the lowest address dials everybody: a door closed to it keeps nobody out.
            let isLowest = seed % 6 == 3
            #expect((proposal.metrics[.mesh]?.censored.isEmpty ?? true) == isLowest, "seed \(seed)")
        }
    }
}
