import Kernel
import Testing

@testable import Lab

/// Decision record 0008.
@Suite struct PassiveWaitEventTests {
    private let profile = "2026-07-15-passive-wait"

    @Test("the higher end dials, and the lower one's passive wait is over before it counts")
    func lowerFirst() throws {
        #expect(try PairRun.lowerFirst.events(of: profile).lines == EventList.passiveWaitLowerFirst.lines)
    }

    @Test("the higher end redials once the other end is there; the one drawn moment is that of the redial")
    func higherFirst() throws {
        let events = try PairRun.higherFirst.events(of: profile)
        let redial = try #require(events.filter { $0.word == "dial-started" }.dropFirst().first)
        #expect(events.lines(after: redial) == EventList.passiveWaitHigherFirst.lines)
        #expect((2.58...5.09).contains(redial.seconds))
    }

    @Test("behind a firewall that lets nobody in, the lower end dials after three minutes")
    func closedDoor() throws {
        var run = PairRun.lowerFirst
        run.faults = [Scenario.Fault(at: .zero, kind: .closeInbound(.index(0), duration: nil))]
        let events = try run.events(of: profile).filter { $0.node == "A" }
        #expect(events.lines == EventList.passiveWaitClosedDoor.lines)
    }

    @Test("a peer that loses power is found by no ping: the host's TCP gives its link up after a quarter of an hour")
    func silence() throws {
        var run = PairRun.lowerFirst
        run.duration = .seconds(1400)
        run.faults = [Scenario.Fault(at: .seconds(300), kind: .powerLoss(.index(1), duration: nil))]
        let ends = try run.events(of: profile).filter { $0.word == "link-ended" }
        #expect(ends.count == 1)
        let end = try #require(ends.first)
        #expect(end.node == "A" && end.detail == "timed-out by transport")
        #expect((1284.6...1306).contains(end.seconds), "\(end.seconds) s")
    }
}
