import Testing

@testable import Kernel

@Suite("What is known of writes") struct WriteLedgerTests {
    @Test("a write is pending, then durable or not, and what was never asked for is not durable")
    func fates() throws {
        var ledger = WriteLedger()
        let tokens = (0..<4).map { _ in ledger.issue(for: 1) }
        #expect(tokens.map(\.number) == [1, 2, 3, 4])
        #expect(ledger.settle(tokens[1], isDurable: false)?.module == 1)
        #expect(ledger.settle(tokens[0], isDurable: true) != nil)
        #expect(ledger.settle(tokens[0], isDurable: false) == nil, "a write is settled once")
        #expect(tokens.map { ledger.fate(of: $0) } == [.durable, .notDurable, .pending, .pending])
        #expect(ledger.fate(of: WriteToken(number: 0)) == .notDurable)
        #expect(ledger.fate(of: WriteToken(number: 5)) == .notDurable)
    }

    @Test("it agrees with a plain list, in whatever order the answers come", arguments: UInt64(0)..<20)
    func model(seed: UInt64) {
        var random = RandomStream(seed: seed, name: "writes")
        var ledger = WriteLedger()
        var open: [WriteToken] = []
        var failed: [UInt64] = []
        var durable: [UInt64] = []
        for _ in 0..<60 {
            if open.isEmpty || random.chance(2, in: 3) { open.append(ledger.issue(for: 0)) }
            guard random.chance(1, in: 2) else { continue }
            let token = open.remove(at: Int(random.below(UInt64(open.count))))
            let isDurable = random.chance(1, in: 2)
            _ = ledger.settle(token, isDurable: isDurable)
            if isDurable { durable.append(token.number) } else { failed.append(token.number) }
        }
        for token in open { #expect(ledger.fate(of: token) == .pending) }
        for number in failed { #expect(ledger.fate(of: WriteToken(number: number)) == .notDurable) }
        for number in durable { #expect(ledger.fate(of: WriteToken(number: number)) == .durable) }
        #expect(WriteLedger(issued: ledger.issued, pending: ledger.pending, failed: ledger.failed) != nil)
    }

    @Test("its memory is bounded, and what it forgets counts as not durable")
    func bounded() {
        var ledger = WriteLedger()
        for number in UInt64(1)...10_000 {
            _ = ledger.settle(ledger.issue(for: 0), isDurable: number % 2 == 0)
        }
        #expect(ledger.failed.count <= WriteLedger.mostRanges)
        for number in stride(from: UInt64(1), to: 10_000, by: 2) {
            #expect(ledger.fate(of: WriteToken(number: number)) == .notDurable)
        }
        #expect(ledger.fate(of: WriteToken(number: 10_000)) == .durable)
    }
}
