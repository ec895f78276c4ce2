import Kernel
import Links
import ModuleTesting
import Profile
import Testing

@Suite("The conformance kit for links modules")
struct LinksConformanceTests {
    @Test("single-link conforms")
    func singleLink() throws {
        try LinksConformance(SingleLink.descriptor).run().expectConforming()
    }

    @Test("single-link keeps the bounds that its options set")
    func tight() throws {
        let options = try Options.defaults(of: SingleLink.descriptor.spec.options)
            .setting("maximum_links", to: .integer(16)).setting("maximum_peers", to: .integer(32))
        let limits = LinkLimits(handshakes: 16, links: 32)
        try LinksConformance(SingleLink.descriptor, options: options, limits: limits).run().expectConforming()
    }

    @Test(
        "single-link conforms in its other handshakes, but for believing what is said", arguments: ["ack", "verdict"])
    func unsigned(_ style: String) throws {
        let options = try Options.defaults(of: SingleLink.descriptor.spec.options)
            .setting("handshake", to: .string(style))
        let report = try LinksConformance(SingleLink.descriptor, options: options, exempt: [.identity]).run()
        try report.expectConforming()
        #expect(report.exempted.contains { $0.rule == .identity }, "the exemption is of use")
    }

    @Test("split-registry breaks what it broke in the field, and nothing else")
    func splitRegistry() throws {
        let broken: [ConformanceRule] = [
            .oneLink, .routing, .reasons, .admission, .identity, .cleanUp, .legalUse,
        ]
        // What it does with links of an earlier process is no question that the field ever asked it.
        let report = try LinksConformance(SplitRegistry.descriptor, exempt: broken + [.handOver]).run()
        try report.expectConforming()
        for rule in broken { #expect(report.exempted.contains { $0.rule == rule }, "\(rule) is not broken") }
    }

    static let faults: [(WaywardLinks.Fault, ConformanceRule)] = [
        (.drawsFromTheSystem, .determinism), (.keepsADictionary, .determinism), (.dialsItself, .legalUse),
        (.speaksOverEndedLinks, .legalUse), (.forgetsEndsOfStream, .cleanUp), (.cannotReadItsTimers, .snapshot),
        (.takesTheStateAsItIs, .handOver), (.ticks, .idleness), (.remembersEveryStranger, .boundedness),
        (.bringsUpWhoeverSaysHello, .oneLink), (.routesOverEndedLinks, .routing), (.answersOverAnotherLink, .routing),
        (.refusesWithoutAWord, .reasons), (.refusesInOtherWords, .reasons), (.holdsWhoeverCalls, .admission),
        (.believesWhatIsSaid, .identity), (.neverDials, .linking),
    ]

    @Test("a module that breaks a rule is found", arguments: faults)
    func wayward(_ fault: WaywardLinks.Fault, _ rule: ConformanceRule) throws {
        let limits = LinkLimits(handshakes: 16, links: 32)
        let report = try LinksConformance(WaywardLinks.descriptor(fault), limits: limits).run()
        #expect(report.violations.contains { $0.rule == rule }, "\(report)")
    }

    @Test("the module under the faults conforms, and no rule is without a module that breaks it")
    func everyRule() throws {
        let limits = LinkLimits(handshakes: 16, links: 32)
        try LinksConformance(WaywardLinks.descriptor(.none), limits: limits).run().expectConforming()
        for rule in LinksConformance.rules { #expect(Self.faults.contains { $0.1 == rule }, "\(rule)") }
    }
}
