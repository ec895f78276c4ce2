import Kernel
import Lab
import LabLive
import Testing

@Suite("A plan of faults as things to do") struct AgendaTests {
    private func plan(_ faults: [String], seed: UInt64 = 1) throws -> [FaultStep] {
        try Scenarios.scenario(faults).faultSteps(seed: seed)
    }

    @Test("each kind of fault strikes and heals with what it means for hosts and paths")
    func kinds() throws {
        let cases: [(String, [WorldChange], [WorldChange])] = [
            ("power_loss: {node: n3, for: 5s}", [.powerOff(2)], [.powerOn(2)]),
            ("stall: {node: n2, for: 5s}", [.stall(1, staysHealthy: false)], [.resume(1)]),
            ("kill: {node: n1, down: 5s}", [.kill(0)], [.start(0)]),
            ("close_inbound: {node: n3, for: 5s}", [.closeInbound(2)], [.openInbound(2)]),
            ("drop: {from: n1, to: n2, for: 5s}", [.block(from: 0, to: 1)], [.unblock(from: 0, to: 1)]),
            (
                "partition: {first: 1, for: 5s}",
                [.block(from: 0, to: 1), .block(from: 1, to: 0), .block(from: 0, to: 2), .block(from: 2, to: 0)],
                [
                    .unblock(from: 0, to: 1), .unblock(from: 1, to: 0), .unblock(from: 0, to: 2),
                    .unblock(from: 2, to: 0),
                ]
            ),
        ]
        for (fault, strike, heal) in cases {
            let steps = try plan(["{at: 10s, \(fault)}"])
            #expect(steps.map(\.changes) == [strike, heal], "\(fault)")
            #expect(steps.map(\.at) == [.seconds(10), .seconds(15)])
            #expect(steps.map(\.isHeal) == [false, true])
        }
    }

    @Test("the hosts that a seed draws are those that the simulator strikes")
    func draws() throws {
        let steps = try (0..<3).map { try plan(["{at: 1s, kill: {node: in-turn, down: 1s}}"], seed: $0)[0] }
        #expect(steps.map(\.changes) == [[.kill(0)], [.kill(1)], [.kill(2)]])
        let stalls = try (1...5).map { try plan(["{at: 1s, stall: {node: n1, for: 1s, up_to: 9s}}"], seed: $0) }
        #expect(Set(stalls.map { $0[1].at }).count > 1)
        #expect(stalls.allSatisfy { (.seconds(2) ... .seconds(10)).contains($0[1].at) })
    }

    @Test("a stall that the scenario calls healthy is one")
    func healthyStalls() throws {
        let scenario = try Scenarios.scenario(
            ["{at: 1s, stall: {node: n1, for: 2s}}"], more: "truth: {healthy_if_stall_below: 3s}"
        )
        #expect(scenario.faultSteps(seed: 1)[0].changes == [.stall(0, staysHealthy: true)])
    }

    @Test("starts and steps come in order of time, and what lies beyond the end does not come")
    func order() throws {
        let scenario = try Scenarios.scenario([
            "{at: 30s, power_loss: {node: n3, for: 20s}}", "{at: 0s, kill: {node: n1, down: 5s}}",
        ])
        let entries = Agenda(scenario, seed: 4).entries
        #expect(entries.map(\.at) == entries.map(\.at).sorted())
        #expect(entries.count == 3 + 3)
        guard case .step(let first) = entries[0].task, case .step(let last) = entries[5].task else {
            Issue.record("\(entries)")
            return
        }
        #expect(first.changes == [.kill(0)] && last.changes == [.powerOff(2)])
    }

    @Test("the measured plan strikes when and whom the run did")
    func measured() throws {
        let scenario = try Scenarios.scenario([
            "{at: 10s, kill: {node: in-turn, down: 5s}}", "{at: 20s, power_loss: {node: n2}}",
        ])
        let starts = [Duration.milliseconds(100), .milliseconds(200), .milliseconds(300)]
        let measured = scenario.asMeasured(
            seed: 2, starts: starts, strikes: [.milliseconds(10_004), .milliseconds(20_001)],
            returns: [.milliseconds(15_200), nil], heals: [.milliseconds(15_300), nil]
        )
        // Another seed draws nothing any more.
        #expect(measured.startMoments(seed: 9) == starts)
        let steps = measured.faultSteps(seed: 9)
        // The process is started when the run's was, and works as late after it.
        #expect(steps.map(\.at) == [.milliseconds(10_004), .milliseconds(15_200), .milliseconds(20_001)])
        #expect(measured.startUp(after: 0) == .milliseconds(100))
        #expect(steps.map(\.changes) == [[.kill(2)], [.start(2)], [.powerOff(1)]])
    }
}
