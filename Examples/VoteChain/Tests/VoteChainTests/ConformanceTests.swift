import ModuleTesting
import Testing
import VoteChain

@Suite("vote-chain, by the kit")
struct ConformanceTests {
    /// On the kit's stage two masternodes of eight are there, which are no quorum: no block can be final, and none is. In its
    /// five whole nodes there are blocks through all faults, so that the exemption covers the stage alone.
    @Test("it conforms to the rules of consensus modules")
    func conforms() throws {
        let report = try ConsensusConformance(VoteChain.descriptor, finality: 0, exempt: [.progress]).run()
        try report.expectConforming()
        #expect(!report.exempted.isEmpty, "two of eight masternodes made a block final")
        #expect(!report.exempted.contains { $0.message.contains("whole node") }, "\(report.exempted)")
    }
}
