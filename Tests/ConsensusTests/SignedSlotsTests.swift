import Testing

@testable import Consensus

@Suite("slot-leader: signed slots")
struct SignedSlotsTests {
    @Test("turns in a row are one range, in whatever order they come")
    func merges() {
        var signed = SignedSlots()
        for slot in [6, 18, 12, 0, 6] as [UInt64] { signed.insert(slot, round: 6) }
        #expect(signed.ranges == [0...18])
        #expect(signed.contains(12) && !signed.contains(24))
    }

    @Test("a turn that was not signed stays free, below and above those that were")
    func gaps() {
        var signed = SignedSlots()
        for slot in [360, 366, 0, 12] as [UInt64] { signed.insert(slot, round: 6) }
        #expect(signed.ranges == [0...0, 12...12, 360...366])
        for free in [6, 18, 354, 372] as [UInt64] { #expect(!signed.contains(free)) }
    }

    @Test("with too many gaps the lowest is forbidden too, and nothing that was signed becomes free")
    func bounded() {
        var signed = SignedSlots()
        let slots = (0..<UInt64(200)).map { $0 * 12 }
        for slot in slots { signed.insert(slot, round: 6) }
        #expect(signed.ranges.count == SignedSlots.maximumRanges)
        #expect(slots.allSatisfy(signed.contains))
        #expect(!signed.contains(slots[199] - 6))
    }
}
