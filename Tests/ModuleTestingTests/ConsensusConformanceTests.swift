import Application
import Consensus
import Kernel
import ModuleTesting
import Profile
import Testing

@Suite("The conformance kit for consensus modules")
struct ConsensusConformanceTests {
    @Test("slot-leader conforms")
    func slotLeader() throws { try ConsensusConformance(SlotLeader.descriptor).run().expectConforming() }

    @Test("slot-leader conforms with a small window, and gives up no block that lies deeper")
    func window() throws {
        let options = try Options.defaults(of: SlotLeader.descriptor.spec.options).setting("window", to: .integer(16))
        try ConsensusConformance(SlotLeader.descriptor, options: options, finality: 16).run().expectConforming()
    }

    static let faults: [(WaywardConsensus.Fault, ConformanceRule)] = [
        (.drawsFromTheSystem, .determinism), (.speaksOnAnotherChannel, .legalUse), (.speaksOverEndedLinks, .legalUse),
        (.remembersOutsideItsState, .snapshot), (.takesTheStateAsItIs, .handOver), (.keepsWhatItHears, .boundedness),
        (.fallsBack, .heights), (.hearsNobody, .agreement), (.makesNoBlock, .progress),
    ]

    @Test("a module that breaks a rule is found", arguments: faults)
    func wayward(_ fault: WaywardConsensus.Fault, _ rule: ConformanceRule) throws {
        let report = try ConsensusConformance(WaywardConsensus.descriptor(fault)).run()
        #expect(report.violations.contains { $0.rule == rule }, "\(report)")
    }

    @Test("a module that calls blocks final which it gives up is found")
    func falseFinality() throws {
        let report = try ConsensusConformance(WaywardConsensus.descriptor(.none), finality: 0).run()
        #expect(report.violations.contains { $0.rule == .agreement }, "\(report)")
    }

    @Test("the module under the faults conforms, and no rule is without a module that breaks it")
    func everyRule() throws {
        try ConsensusConformance(WaywardConsensus.descriptor(.none)).run().expectConforming()
        for rule in ConsensusConformance.rules { #expect(Self.faults.contains { $0.1 == rule }, "\(rule)") }
    }
}

@Suite("The conformance kit for application modules")
struct ApplicationConformanceTests {
    @Test("traffic conforms")
    func traffic() throws { try ApplicationConformance(Traffic.descriptor).run().expectConforming() }

    static let faults: [(WaywardApplication.Fault, ConformanceRule)] = [
        (.drawsFromTheSystem, .determinism), (.keepsADictionary, .determinism), (.speaksOnAnotherChannel, .legalUse),
        (.setsTimersInThePast, .legalUse), (.remembersOutsideItsState, .snapshot),
        (.believesInLinksOfBefore, .handOver), (.keepsWhatItHears, .boundedness),
    ]

    @Test("a module that breaks a rule is found", arguments: faults)
    func wayward(_ fault: WaywardApplication.Fault, _ rule: ConformanceRule) throws {
        let report = try ApplicationConformance(WaywardApplication.descriptor(fault)).run()
        #expect(report.violations.contains { $0.rule == rule }, "\(report)")
    }

    @Test("the module under the faults conforms, and no rule is without a module that breaks it")
    func everyRule() throws {
        try ApplicationConformance(WaywardApplication.descriptor(.none)).run().expectConforming()
        for rule in ApplicationConformance.rules { #expect(Self.faults.contains { $0.1 == rule }, "\(rule)") }
    }
}
