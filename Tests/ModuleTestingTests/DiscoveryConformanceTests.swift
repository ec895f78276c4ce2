import Discovery
import Kernel
import ModuleTesting
import Profile
import Testing

@Suite("The conformance kit for discovery modules")
struct DiscoveryConformanceTests {
    @Test(
        "every shipped discovery module conforms",
        arguments: [
            MasternodePriority.descriptor, PeerFill.descriptor, StaticPeers.descriptor,
            DNSSeeds.descriptor, Gossip.descriptor,
            WaywardDiscovery.descriptor(.none),
        ]
    )
    func shipped(_ descriptor: ModuleDescriptor) throws {
        try DiscoveryConformance(descriptor).run().expectConforming()
    }

    @Test("a list of addresses conforms too, with a masternode and ourselves in it")
    func listed() throws {
        let peers = try ["192.0.2.1:24100", "198.51.100.1:24100"].map { address in
            let spec = OptionSpec([.endpoint("address", default: address, ""), .optionalIdentity("identity", "")])
            return OptionValue.record(try Options.defaults(of: spec))
        }
        let options = try Options.defaults(of: StaticPeers.descriptor.spec.options).setting("peers", to: .list(peers))
        try DiscoveryConformance(StaticPeers.descriptor, options: options).run().expectConforming()
    }

    @Test("names conform too, some of which have addresses and some none")
    func named() throws {
        let seeds = ["a.example:24100", "bc.example:24100", "d.example:1"].map { OptionValue.string($0) }
        let options = try Options.defaults(of: DNSSeeds.descriptor.spec.options).setting("seeds", to: .list(seeds))
        try DiscoveryConformance(DNSSeeds.descriptor, options: options).run().expectConforming()
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
