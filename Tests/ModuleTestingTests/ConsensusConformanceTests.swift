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
        for rule in ConsensusConformance.rules where rule != .messages {
            #expect(Self.faults.contains { $0.1 == rule }, "\(rule)")
        }
    }
}

@Suite("The conformance kit for workload modules")
struct WorkloadConformanceTests {
    @Test("traffic conforms")
    func traffic() throws { try WorkloadConformance(Traffic.descriptor).run().expectConforming() }

    static let faults: [(WaywardWorkload.Fault, ConformanceRule)] = [
        (.drawsFromTheSystem, .determinism), (.keepsADictionary, .determinism), (.speaksOnAnotherChannel, .legalUse),
        (.setsTimersInThePast, .legalUse), (.remembersOutsideItsState, .snapshot),
        (.believesInLinksOfBefore, .handOver), (.keepsWhatItHears, .boundedness),
    ]

    @Test("a module that breaks a rule is found", arguments: faults)
    func wayward(_ fault: WaywardWorkload.Fault, _ rule: ConformanceRule) throws {
        let report = try WorkloadConformance(WaywardWorkload.descriptor(fault)).run()
        #expect(report.violations.contains { $0.rule == rule }, "\(report)")
    }

    @Test("the module under the faults conforms, and no rule is without a module that breaks it")
    func everyRule() throws {
        try WorkloadConformance(WaywardWorkload.descriptor(.none)).run().expectConforming()
        for rule in WorkloadConformance.rules where rule != .messages {
            #expect(Self.faults.contains { $0.1 == rule }, "\(rule)")
        }
    }
}
