import Kernel
import ModuleTesting
import Testing

@Suite("The conformance kit for applications")
struct ApplicationConformanceTests {
    static let faults: [(Counter.Fault, ConformanceRule)] = [
        (.drawsFromTheSystem, .sameRoot), (.drawsFromTheSystem, .determinism), (.keepsWhatItHears, .boundedness),
        (.proposesTooMuch, .payloads), (.proposesNonsense, .payloads), (.forgetsToTakeBack, .inverse),
        (.leavesRows, .inverse), (.countsItsOwnTwice, .inverse),
    ]

    @Test("a deterministic state machine conforms")
    func conforms() throws {
        try ApplicationConformance(Counter.descriptor(.none), transactions: Counter.samples).run().expectConforming()
    }

    @Test("a module that breaks a rule is found", arguments: faults)
    func wayward(_ fault: Counter.Fault, _ rule: ConformanceRule) throws {
        let report = try ApplicationConformance(Counter.descriptor(fault), transactions: Counter.samples).run()
        #expect(report.violations.contains { $0.rule == rule }, "\(report)")
    }
}
