import Kernel

/// The slots that a block of this node's own may be out for: none of them is signed again, whatever the wall clock does.
///
/// A clock that jumps forward and back leaves gaps, and a gap may be signed: so the slots themselves are kept and not
/// the highest of them. Turns in a row are one range. Where there are too many ranges the two lowest become one, gap and
/// all: that forbids more than it must, and never less.
struct SignedSlots: Codable, Sendable, Hashable {
    static let maximumRanges = 64

    /// Sorted, and apart from each other.
    private(set) var ranges: [ClosedRange<UInt64>] = []

    func contains(_ slot: UInt64) -> Bool {
        let place = place(of: slot)
        return place < ranges.count && ranges[place].contains(slot)
    }

    /// Notes a slot; `round` is how many slots lie between two turns of one masternode.
    mutating func insert(_ slot: UInt64, round: UInt64) {
        let place = place(of: slot)
        if place < ranges.count, ranges[place].contains(slot) { return }
        let isNextOfLower = place > 0 && slot - ranges[place - 1].upperBound <= round
        let isBeforeUpper = place < ranges.count && ranges[place].lowerBound - slot <= round
        switch (isNextOfLower, isBeforeUpper) {
        case (true, true):
            ranges[place - 1] = ranges[place - 1].lowerBound...ranges[place].upperBound
            ranges.remove(at: place)
        case (true, false): ranges[place - 1] = ranges[place - 1].lowerBound...slot
        case (false, true): ranges[place] = slot...ranges[place].upperBound
        case (false, false): ranges.insert(slot...slot, at: place)
        }
        guard ranges.count > Self.maximumRanges else { return }
        ranges[1] = ranges[0].lowerBound...ranges[1].upperBound
        ranges.removeFirst()
    }

    /// The first range that does not lie wholly below `slot`.
    private func place(of slot: UInt64) -> Int { ranges.partitioningIndex { $0.upperBound >= slot } }
}
