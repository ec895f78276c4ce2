import Testing

@testable import Trace

@Suite("The ring of a recorded run") struct TraceRingTests {
    private func line(_ letter: Character, _ count: Int) -> [UInt8] {
        Array((String(repeating: letter, count: count - 1) + "\n").utf8)
    }

    @Test("never holds more than its bound, and what it holds begins with a checkpoint")
    func bounded() {
        var ring = TraceRing(limit: 1_000)
        var appended = 0
        for round in 0..<2_000 {
            if ring.wantsCheckpoint {
                let isHeld = ring.begin(line("C", 40))
                #expect(isHeld)
            } else {
                ring.append(line("r", 5 + round % 60), records: 1)
                appended += 1
            }
            #expect(ring.byteCount <= 1_000)
            #expect(ring.byteCount == ring.content.reduce(0) { $0 + $1.count })
            #expect(ring.content.allSatisfy { $0.first == UInt8(ascii: "C") })
            let lines = ring.content.joined().count { $0 == 0x0a }
            #expect(ring.records == lines)
        }
        #expect(ring.dropped > 10)
        #expect(appended > 1_000)
        // Dropping a whole segment at a time leaves room for most of the bound.
        #expect(ring.byteCount > 500)
    }

    @Test("a record that is longer than the bound is not held, nor what needs it")
    func giant() {
        var ring = TraceRing(limit: 1_000)
        let isHeld = ring.begin(line("C", 40))
        #expect(isHeld)
        ring.append(line("r", 1_001), records: 1)
        #expect(ring.byteCount == 0)
        #expect(ring.wantsCheckpoint)
    }

    @Test("a checkpoint that leaves no room for records is refused, and nothing is held behind it")
    func largeCheckpoint() {
        var ring = TraceRing(limit: 1_000)
        let isSmallHeld = ring.begin(line("C", 500))
        #expect(isSmallHeld)
        let isLargeHeld = ring.begin(line("C", 501))
        #expect(!isLargeHeld)
        ring.append(line("r", 10), records: 1)
        #expect(ring.byteCount == 0)
        #expect(ring.records == 0)
    }

    @Test("checkpoints larger than a share do not crowd out the records")
    func shares() {
        var ring = TraceRing(limit: 1_000)
        var checkpoints = 0
        for _ in 0..<100 {
            if ring.wantsCheckpoint {
                let isHeld = ring.begin(line("C", 400))
                #expect(isHeld)
                checkpoints += 1
            }
            ring.append(line("r", 10), records: 1)
        }
        // One for every quarter of the bound in records: 25 of them.
        #expect(checkpoints == 4)
        #expect(ring.byteCount <= 1_000)
    }
}
