import Kernel
import Links
import Liveness
import ModuleTesting
import Profile
import Testing

@Suite("The conformance kit for liveness modules")
struct LivenessConformanceTests {
    @Test(
        "every shipped liveness module conforms",
        arguments: [
            NoLiveness.descriptor, TCPKeepalive.descriptor, PingPong.descriptor, Layered.descriptor,
            PhiAccrual.descriptor, Swim.descriptor,
        ]
    )
    func shipped(_ descriptor: ModuleDescriptor) throws {
        try LivenessConformance(descriptor).run().expectConforming()
    }

    @Test("ping-pong conforms in the shapes that history gave it")
    func historicalPingPong() throws {
        let options = try Options.defaults(of: PingPong.descriptor.spec.options)
            .setting("verdict", to: .string("on-tick"))
            .setting("counts", to: .string("newest"))
            .setting("pinger", to: .string("dialler"))
            .setting("forget_after", to: .duration(.seconds(90)))
        try LivenessConformance(PingPong.descriptor, options: options).run().expectConforming()
    }

    @Test("a heartbeat without a fault conforms, and was really asked")
    func faultless() throws {
        let report = try LivenessConformance(Wayward.descriptor(.none)).run()
        try report.expectConforming()
        #expect(report.callbacks > 5_000)
    }

    @Test(
        "a module that breaks a rule is found",
        arguments: [
            (.drawsFromTheSystem, .determinism), (.keepsADictionary, .determinism),
            (.declaresEndedLinks, .legalUse), (.declaresTwice, .legalUse), (.sendsOverEndedLinks, .legalUse),
            (.speaksOnAnotherChannel, .legalUse), (.setsTimersInThePast, .legalUse), (.makesUpForStalls, .legalUse),
            (.firesForEver, .legalUse), (.leavesTimers, .cleanUp), (.leavesState, .cleanUp),
            (.remembersOutsideItsState, .snapshot), (.forgetsWhenWritten, .snapshot),
            (.cannotWriteAFreshState, .snapshot), (.cannotReadItsTimers, .snapshot), (.ticksWithoutLinks, .idleness),
            (.growsForEver, .boundedness), (.answersAnswers, .boundedness), (.takesTheStateAsItIs, .handOver),
        ] as [(Wayward.Fault, ConformanceRule)]
    )
    func wayward(_ fault: Wayward.Fault, _ rule: ConformanceRule) throws {
        let report = try LivenessConformance(Wayward.descriptor(fault)).run()
        #expect(report.violations.contains { $0.rule == rule }, "\(report)")
        #expect(throws: ConformanceError.self) { try report.expectConforming() }
    }

    @Test("two trials of one module have one digest, and two modules have two")
    func digests() throws {
        let first = try LivenessConformance(NoLiveness.descriptor).run().digest
        #expect(try LivenessConformance(NoLiveness.descriptor).run().digest == first)
        #expect(try LivenessConformance(TCPKeepalive.descriptor).run().digest != first)
    }

    @Test("the error names the module, the rule and what was seen")
    func message() throws {
        let report = try LivenessConformance(Wayward.descriptor(.leavesTimers)).run()
        let error = #expect(throws: ConformanceError.self) { try report.expectConforming() }
        #expect(error?.code == .violations)
        let message = error?.message ?? ""
        #expect(message.hasPrefix("liveness 'wayward' breaks"), "\(message)")
        #expect(message.contains("\n  clean-up: timer "), "\(message)")
        #expect(message.contains(" is left after the last link went down; it is due in"), "\(message)")
        #expect(message.contains("\n    remedy: in 'linkDown', cancel every timer"), "\(message)")
    }

    @Test(
        "what differs first between two runs that should be one is named: the moment, the callback, the effect",
        arguments: [
            (.drawsFromTheSystem, .determinism, "the first run"),
            (.remembersOutsideItsState, .snapshot, "the plain run"),
        ] as [(Wayward.Fault, ConformanceRule, String)]
    )
    func firstDifference(_ fault: Wayward.Fault, _ rule: ConformanceRule, _ run: String) throws {
        let report = try LivenessConformance(Wayward.descriptor(fault)).run()
        let message = try #require(report.violations.last { $0.rule == rule }).message
        #expect(message.contains("; they part at ") && message.contains(" s, node "), "\(message)")
        #expect(message.contains("callback ") && message.contains(" in \(run), "), "\(message)")
    }

    @Test("a message over a link that is not up is told with the callback that sent it")
    func callback() throws {
        let report = try LivenessConformance(Wayward.descriptor(.sendsOverEndedLinks)).run()
        let message = try #require(report.violations.first { $0.rule == .legalUse }).message
        #expect(message.contains(" in 'linkDown'"), "\(message)")
    }

    @Test("every rule has a remedy of one line", arguments: ConformanceRule.allCases)
    func remedies(_ rule: ConformanceRule) {
        #expect(rule.remedy.count > 20 && !rule.remedy.contains("\n"))
    }

    @Test("a module of another role is refused")
    func wrongRole() {
        let error = #expect(throws: ConformanceError.self) {
            try LivenessConformance(SingleLink.descriptor).run()
        }
        #expect(error?.code == .wrongRole)
    }
}
