import Kernel
import Testing

@testable import Lab

/// Decision record 0007.
@Suite struct RefactorProposalEventTests {
    private static let profiles = ["2025-12-17-refactor-proposal", "2025-12-17-refactor-proposal-count3"]

    @Test(
        "the lower end redials once the other end is there; the one drawn moment is that of the redial",
        arguments: profiles)
    func lowerFirst(profile: String) throws {
        let events = try PairRun.lowerFirst.events(of: profile)
        let redial = try #require(events.filter { $0.word == "dial-started" }.dropFirst().first)
        #expect(events.lines(after: redial) == EventList.proposalLowerFirst.lines)
        #expect((2.58...5.09).contains(redial.seconds))
    }

    @Test("the lower end finds the other one there: one dial, one link", arguments: profiles)
    func higherFirst(profile: String) throws {
        #expect(try PairRun.higherFirst.events(of: profile).lines == EventList.proposalHigherFirst.lines)
    }

    @Test(
        "an idle peer that loses power is found by the last unanswered probe: the third, or the kernel's ninth",
        arguments: [
            ("2025-12-17-refactor-proposal-count3", 61.24, 64.1), ("2025-12-17-refactor-proposal", 121.24, 125.7),
        ]
    )
    func silence(profile: String, earliest: Double, latest: Double) throws {
        var run = PairRun.higherFirst
        // Behind the last message that either end sends; what was last heard of B came at 1.24 s.
        run.faults = [Scenario.Fault(at: .seconds(2), kind: .powerLoss(.index(1), duration: nil))]
        for seed in UInt64(1)...8 {
            let end = try #require(try run.events(of: profile, seed: seed).first { $0.word == "link-ended" })
            #expect(end.node == "A" && end.detail == "timed-out by transport")
            #expect((earliest...latest).contains(end.seconds), "seed \(seed): \(end.seconds) s")
        }
    }
}
