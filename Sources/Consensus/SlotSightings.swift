import Kernel
import Wire

/// Which blocks of each recent slot were seen, the first one first. Only blocks count whose signature is right.
///
/// A slot has one leader, and the leader signs one block for it: a second block is proof that it signed twice. A further
/// one proves no more than the second did, so two hashes a slot are all that is kept.
struct SlotSightings: Codable, Sendable, Hashable {
    /// The slots that are remembered, as many as the default window has blocks; the lowest gives way.
    static let maximumSlots = 256

    private struct Entry: Codable, Hashable {
        let slot: UInt64
        let first: BlockHash
        var second: BlockHash?
    }

    /// What a block is among those of its slot.
    enum Sighting {
        /// The first one of its slot, or that one again.
        case first
        /// The second one, seen for the first time: evidence.
        case evidence
        /// The second one again.
        case second
        /// There are two others.
        case further
    }

    /// Sorted by slot.
    private var entries: [Entry] = []

    /// What a block would be if it were noted now.
    func sighting(of hash: BlockHash, in slot: UInt64) -> Sighting {
        let place = place(of: slot)
        guard place < entries.count, entries[place].slot == slot else { return .first }
        let entry = entries[place]
        if entry.first == hash { return .first }
        guard let second = entry.second else { return .evidence }
        return second == hash ? .second : .further
    }

    /// Notes a block whose signature is right.
    mutating func note(_ hash: BlockHash, in slot: UInt64) -> Sighting {
        let sighting = sighting(of: hash, in: slot)
        let place = place(of: slot)
        switch sighting {
        case .evidence: entries[place].second = hash
        case .second, .further: break
        case .first:
            if place < entries.count, entries[place].slot == slot { break }
            if entries.count < Self.maximumSlots {
                entries.insert(Entry(slot: slot, first: hash), at: place)
            } else if place > 0 {
                entries.insert(Entry(slot: slot, first: hash), at: place)
                entries.removeFirst()
            }
        }
        return sighting
    }

    /// Whether another block of this slot was seen before this one.
    func isContested(_ held: HeldBlock) -> Bool {
        switch sighting(of: held.hash, in: held.block.slot) {
        case .first: false
        case .evidence, .second, .further: true
        }
    }

    private func place(of slot: UInt64) -> Int { entries.partitioningIndex { $0.slot >= slot } }
}
