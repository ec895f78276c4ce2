import Discovery
import Kernel
import ModuleTesting
import Testing

@Suite("The conformance kit for discovery modules")
struct DiscoveryConformanceTests {
    @Test(
        "every shipped discovery module conforms",
        arguments: [
            MasternodePriority.descriptor, PeerFill.descriptor, StaticPeers.descriptor, Gossip.descriptor,
            WaywardDiscovery.descriptor(.none),
        ]
    )
    func shipped(_ descriptor: ModuleDescriptor) throws {
        try DiscoveryConformance(descriptor).run().expectConforming()
    }

    @Test(
        "a module that breaks a rule is found",
        arguments: [
            (.wantsItself, .wishes), (.wantsTwice, .wishes), (.callsStrangersMasternodes, .wishes),
            (.drawsFromTheSystem, .determinism), (.growsForEver, .boundedness),
        ] as [(WaywardDiscovery.Fault, ConformanceRule)]
    )
    func wayward(_ fault: WaywardDiscovery.Fault, _ rule: ConformanceRule) throws {
        let report = try DiscoveryConformance(WaywardDiscovery.descriptor(fault)).run()
        #expect(report.violations.contains { $0.rule == rule }, "\(report)")
    }
}
