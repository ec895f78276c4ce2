import Wire

/// What this process knows of another one that signs with the same key: a copy of its machine, or a standby that took over.
///
/// Of the two the younger stops. A process knows that it is the younger, or as old, by this: it signed nothing before the
/// other's block. Two that began in the same round both stop; the one with the lower hash begins again first, and the other
/// then sees its blocks.
struct TwinWatch: Codable, Sendable, Hashable {
    /// Blocks of this process that are remembered.
    static let maximumOwn = 64
    /// How long the one with the lower hash waits for a block of the other, in rounds of slots.
    static let shortPause: UInt64 = 2
    /// How long every other process waits.
    static let longPause: UInt64 = 16

    struct OwnBlock: Codable, Hashable {
        let slot: UInt64
        let hash: BlockHash
    }

    /// The slot that ran when the process started: blocks of this slot and before may be of the process before it.
    var startSlot: UInt64?
    /// The first slot that this process signed a block for.
    private(set) var firstSigned: UInt64?
    /// The blocks that it signed last, oldest first.
    private var own: [OwnBlock] = []
    /// No own slot before this one is led.
    private(set) var pausedUntil: UInt64?

    mutating func signed(_ hash: BlockHash, in slot: UInt64) {
        if firstSigned == nil { firstSigned = slot }
        if own.count == Self.maximumOwn { own.removeFirst() }
        own.append(OwnBlock(slot: slot, hash: hash))
    }

    /// Whether a block that our key has signed is of another process that runs now.
    func isForeign(_ hash: BlockHash, in slot: UInt64) -> Bool {
        if let startSlot, slot <= startSlot { return false }
        if own.contains(where: { $0.hash == hash }) { return false }
        // What this process signed so long ago is forgotten.
        guard own.count == Self.maximumOwn, let oldest = own.map(\.slot).min() else { return true }
        return slot >= oldest
    }

    /// Another process has signed the block `hash` for `slot`.
    ///
    /// - Returns: whether this process stops signing for a while.
    mutating func sawForeign(_ hash: BlockHash, in slot: UInt64, now: UInt64, round: UInt64) -> Bool {
        let isYounger = firstSigned.map { $0 >= slot } ?? true
        let isPaused = pausedUntil.map { $0 > now } ?? false
        guard isYounger || isPaused else { return false }
        let isFirstAgain = !isPaused && own.contains { $0.slot == slot && $0.hash < hash }
        let pause = (isFirstAgain ? Self.shortPause : Self.longPause) * round
        pausedUntil = max(pausedUntil ?? 0, max(now, slot) &+ pause &+ 1)
        return true
    }
}
