import Kernel
import Testing
import Wire

@testable import Lab

/// Two processes run with one key, in scenarios of the repository, with `node.yaml`.
struct CopiedMachineTests {
    private static let seeds: [UInt64] = [3, 4, 5]

    private func conflicts(_ run: StoryTrace, at host: String) -> [(at: Double, conflict: IdentityConflict?)] {
        run.events(of: host).compactMap {
            if case .identityConflict(let conflict) = $0.event { ($0.at, conflict) } else { nil }
        }
    }

    private func losses(_ run: StoryTrace, at host: String, after moment: Double) -> Int {
        run.events(of: host).count { entry in
            guard entry.at > moment, case .linkEnded(_, _, _, _, _, true, _) = entry.event else { return false }
            return true
        }
    }

    @Test(
        "the copy of a machine is told within seconds that it is the younger one, and the original keeps its links",
        arguments: seeds)
    func copy(seed: UInt64) throws {
        let run = try StoryTrace("copied-machine", seed: seed)
        let told = conflicts(run, at: "copy")
        let first = try #require(told.first)
        #expect(first.at > 180 && first.at < 195)
        #expect(first.conflict?.isYounger == true)
        #expect(told.count == 1)
        #expect(conflicts(run, at: "n1").map { $0.conflict?.isYounger } == [false])
        // Once the copy is known for one, the original loses no link any more.
        #expect(losses(run, at: "n1", after: 240) == 0)
        let linked = run.events(of: "copy").filter { entry in
            if case .linkUp = entry.event { entry.at > 240 } else { false }
        }
        #expect(linked.isEmpty)
        // Peers show both addresses.
        let addresses = run.events(of: "n2").compactMap { entry -> String? in
            guard case .twoProcesses(_, let kept, let refused) = entry.event else { return nil }
            return "\(kept.ip) \(refused.ip)"
        }
        #expect(Set(addresses) == ["198.51.100.1 198.51.100.7"])
    }

    @Test(
        "of two images started within ten seconds exactly one is told to sign nothing, the same one by all",
        arguments: seeds)
    func atOnce(seed: UInt64) throws {
        let run = try StoryTrace("copied-machine-at-once", seed: seed)
        let verdicts = ["n1", "copy"].map { host in conflicts(run, at: host).map { $0.conflict?.isYounger } }
        for verdict in verdicts { #expect(verdict.count == 1) }
        #expect(Set(verdicts.compactMap { $0.first ?? nil }) == [true, false])
        for host in ["n1", "copy"] {
            let told = try #require(conflicts(run, at: host).first)
            // They start within ten seconds. A process that peers refuse comes back after 30 s, and what it said before the
            // other one began does not count: it may take two such waits, and the other's last words are up to 10 s old.
            #expect(told.at < 80)
        }
    }

    @Test(
        "the original behind a translator is linked with all again within a minute after its network healed",
        arguments: seeds)
    func failback(seed: UInt64) throws {
        let run = try StoryTrace("failback-behind-translator", seed: seed)
        let ups = run.events(of: "n1").compactMap { entry -> Identity? in
            guard entry.at > 480, entry.at < 540, case .linkUp(_, let peer, _, _) = entry.event else { return nil }
            return peer
        }
        #expect(Set(ups).count == 5)
        #expect(losses(run, at: "n1", after: 540) == 0)
    }
}
