import Kernel
import ModuleTesting
import PortTesting
import Profile
import Store
import Testing

@Suite("The conformance kit for stores")
struct StoreConformanceTests {
    @Test("memory conforms")
    func memory() async throws { try await StoreConformance(MemoryStore.descriptor).run().expectConforming() }

    @Test("memory keeps the limit that its options set")
    func limited() async throws {
        let options = try Options.defaults(of: MemoryStore.descriptor.spec.options)
            .setting("maximum_bytes", to: .bytes(1 << 20))
        try await StoreConformance(MemoryStore.descriptor, options: options, limit: 1 << 20).run().expectConforming()
    }

    @Test("a store on disk conforms")
    func durable() async throws {
        try await StoreConformance(WaywardStore.descriptor(.none), limit: 1 << 20).run().expectConforming()
    }

    static let faults: [(WaywardStore.Fault, ConformanceRule)] = [
        (.forgetsTheOrder, .order), (.forgetsToReverse, .order), (.ignoresLimits, .order), (.ignoresByteLimits, .order),
        (.readsTheEndToo, .order), (.neverHasMore, .order), (.mixesSpaces, .order), (.readsLate, .order),
        (.removesLast, .atomicity), (.keepsTheFirstWrite, .atomicity), (.appliesHalf, .atomicity),
        (.appliesOneByOne, .atomicity), (.takesLongKeys, .boundedness), (.ignoresFormats, .formats),
        (.keepsItsFormat, .formats), (.writesNow, .durability), (.writesEverySecondTime, .durability),
        (.sharesItsRows, .isolation), (.takesEverything, .boundedness), (.refusesWithoutAWord, .boundedness),
        (.refusesWithoutAKind, .boundedness), (.makesNoRoom, .boundedness), (.readsNoMore, .atomicity),
        (.refusesOneSpace, .order),
    ]

    @Test("every fault that the store can have is tried")
    func everyFault() { #expect(Set(Self.faults.map(\.0)) == Set(WaywardStore.Fault.allCases).subtracting([.none])) }

    @Test("a store that breaks a rule is found", arguments: faults)
    func wayward(_ fault: WaywardStore.Fault, _ rule: ConformanceRule) async throws {
        let report = try await StoreConformance(WaywardStore.descriptor(fault), limit: 1 << 20).run()
        #expect(report.violations.contains { $0.rule == rule }, "\(report)")
    }

    static let complaints: [(WaywardStore.Fault, String)] = [
        (.readsNoMore, "space consensus/kit cannot be read: the disk does not answer"),
        (.refusesOneSpace, "100 failed: the store refused a write of liveness/0: liveness is on another disk"),
    ]

    @Test("what a store throws where it should not stands in the report", arguments: complaints)
    func errors(_ fault: WaywardStore.Fault, _ text: String) async throws {
        let report = try await StoreConformance(WaywardStore.descriptor(fault), limit: 1 << 20).run()
        #expect(report.violations.contains { "\($0)".contains(text) }, "\(report)")
    }

    @Test("no rule is without a store that breaks it", arguments: StoreConformance.rules)
    func everyRule(_ rule: ConformanceRule) { #expect(Self.faults.contains { $0.1 == rule }) }
}
