import Kernel

/// Brings the best chain to the store: one write at a time, so that what is in the store is always one chain without a gap.
///
/// It knows from which height on the store lacks the chain, what the application has changed since the last write, and what
/// may stay. A write that fails changes nothing: the next one has its blocks too.
struct ChainWriter: Codable, Sendable {
    /// Bytes of rows behind which a write takes no further block.
    static let enoughBytes = 8 << 20
    /// Writes that a full store refuses in a row, each with fewer old blocks to stay, before it is left alone for a while.
    static let shrinkingTries = 4

    /// What is in the store.
    private(set) var stored = StoredChain()
    /// The lowest height whose block the store lacks; nil where it has all.
    private(set) var dirtyFrom: UInt64?
    /// What the application has changed and the store lacks.
    private(set) var changes = StoreBatch()
    /// The write under way.
    private(set) var flight: Flight?
    /// Why the store did not take or give the chain the last time; nil where it did.
    private(set) var fault: StoreFailure?
    /// Refusals in a row.
    private(set) var refusals = 0
    /// The store is left alone for a while: its last refusal was none that a smaller write may mend.
    private(set) var isHalted = false
    /// Rows that are no part of the chain may lie behind its end: an earlier process left them.
    private var hasUnknownEnd = true
    /// The same before its beginning.
    private var hasUnknownBeginning = false

    /// A write that the store has not answered for, and what is stored once it is durable.
    struct Flight: Codable, Sendable {
        var token = WriteToken(number: 0)
        let from: UInt64
        /// The store has a gap before `from`: what is below is no part of the chain any more.
        let begins: Bool
        /// The sizes of the rows, from `from` on.
        let sizes: [Int]
        /// The lowest height that stays.
        let keptFrom: UInt64
        let changes: StoreBatch
    }

    /// How much may stay in the store.
    struct Limits {
        var rows: UInt64
        var bytes: Int
        /// Old blocks must all stay.
        var keepsAll = false
    }

    // MARK: What is to be written

    /// The chain's blocks from this height on are new.
    mutating func chainChanged(from height: UInt64) { dirtyFrom = min(dirtyFrom ?? .max, height) }

    mutating func applicationChanged(_ batch: StoreBatch) { changes.append(batch) }

    /// The next write, which is then under way; nil where one is, or where there is nothing to write.
    mutating func nextWrite(_ tree: BlockTree, _ limits: Limits) -> StoreBatch? {
        guard flight == nil, let dirty = dirtyFrom, let lowest = tree.firstHeight, dirty <= tree.tip.height else {
            return nil
        }
        var from = max(dirty, lowest)
        // Blocks that memory no longer has, and a chain that begins elsewhere, leave a gap: the chain begins behind it.
        var begins = from != dirty || from > stored.end
        var next = stored
        if begins { next.reset(at: from) } else { next.truncate(from: from) }
        var rows: [(key: StoreKey, value: [UInt8])] = []
        var bytes = 0
        while bytes < Self.enoughBytes, let held = tree.mainBlock(at: from + UInt64(rows.count)) {
            let row = (key: BlockRecord.key(held.height), value: BlockRecord.encode(held.block))
            let size = row.key.bytes.count + row.value.count
            rows.append(row)
            next.append(size)
            bytes += size
        }
        let kept = keptFrom(next, limits)
        if kept > from {
            rows.removeFirst(Int(min(kept - from, UInt64(rows.count))))
            from = kept
            begins = true
        }
        var batch = StoreBatch()
        if begins || kept > stored.first || hasUnknownBeginning {
            batch.deleteRange(StoreRange(table: BlockRecord.table, numbers: 0..<max(kept, begins ? from : 0)))
        }
        if from < stored.end || hasUnknownEnd || begins { batch.deleteRange(BlockRecord.range(from: from)) }
        for row in rows { batch.put(row.key, row.value) }
        let isWhole = from + UInt64(rows.count) > tree.tip.height
        if isWhole { batch.append(changes) }
        flight = Flight(
            from: from, begins: begins, sizes: rows.map { $0.key.bytes.count + $0.value.count }, keptFrom: kept,
            changes: isWhole ? changes : StoreBatch()
        )
        if isWhole { changes = StoreBatch() }
        dirtyFrom = isWhole ? nil : from + UInt64(rows.count)
        return batch
    }

    mutating func sent(_ token: WriteToken) { flight?.token = token }

    /// The lowest height that may stay. Beyond a limit a sixteenth more goes, so that not every block removes one.
    private func keptFrom(_ chain: StoredChain, _ limits: Limits) -> UInt64 {
        guard !limits.keepsAll else { return chain.first }
        var (rows, bytes) = (limits.rows, limits.bytes)
        if refusals > 0, fault?.code == .full, stored.count > 1 {
            bytes = min(bytes, stored.bytes / Self.shrinkingTries * max(0, Self.shrinkingTries - refusals))
        }
        guard chain.count > rows || chain.bytes > bytes else { return chain.first }
        rows -= rows / 16
        bytes -= bytes / 16
        // The end of the chain always stays.
        return min(chain.lowestKept(rows: rows, bytes: bytes), chain.end - 1)
    }

    // MARK: What the store says

    /// The write under way is durable.
    ///
    /// - Returns: whether the writer was halted.
    mutating func written() -> Bool {
        guard let flight else { return false }
        if flight.begins { stored.reset(at: flight.from) } else { stored.truncate(from: flight.from) }
        for size in flight.sizes { stored.append(size) }
        if stored.first < flight.keptFrom { stored.dropFirst(below: flight.keptFrom) }
        self.flight = nil
        hasUnknownEnd = false
        hasUnknownBeginning = false
        return recovered()
    }

    /// What follows from a refusal.
    enum Refusal: Equatable {
        /// The next write asks for less room, and is made at once.
        case shrinks
        /// The store is asked again after this.
        case waits(Duration)
    }

    /// The store refused a write; `isOwnBlock`: that of an own block, which is not in the chain, and not the one under way.
    mutating func refused(_ failure: StoreFailure, isOwnBlock: Bool, tip: UInt64, _ limits: Limits) -> Refusal {
        if !isOwnBlock, let flight {
            var all = flight.changes
            all.append(changes)
            changes = all
            dirtyFrom = min(dirtyFrom ?? .max, flight.from)
            self.flight = nil
        } else if dirtyFrom == nil, tip > 0 {
            // Nothing waits to be written: the end is written once more, to see whether the store takes it.
            dirtyFrom = tip
        }
        fault = failure
        refusals += 1
        let canShrink = failure.code == .full && !limits.keepsAll && stored.count > 1
        if canShrink, refusals <= Self.shrinkingTries { return .shrinks }
        isHalted = true
        return .waits(retryDelay)
    }

    /// The store could not be read.
    mutating func unreadable(_ failure: StoreFailure) -> Duration {
        fault = failure
        refusals += 1
        isHalted = true
        return retryDelay
    }

    /// The store gives or takes again.
    ///
    /// - Returns: whether it was halted.
    mutating func recovered() -> Bool {
        defer {
            fault = nil
            refusals = 0
            isHalted = false
        }
        return isHalted
    }

    private var retryDelay: Duration { .seconds(1 << min(5, max(0, refusals - 1))) }

    // MARK: What an earlier process left

    /// The chain's end as it was read, from `first` on; `isCut`: rows above or below it are no part of it.
    mutating func loaded(_ sizes: [Int], from first: UInt64, isCut: Bool) {
        stored.reset(at: first)
        for size in sizes { stored.append(size) }
        hasUnknownEnd = true
        hasUnknownBeginning = isCut
    }

    /// A row below the lowest that is known.
    mutating func found(_ size: Int) { stored.prepend(size) }

    /// What lies below the lowest height that is known is no part of the chain, or too much.
    mutating func leavesBeginning() { hasUnknownBeginning = true }

    func isOver(_ limits: Limits) -> Bool {
        !limits.keepsAll && (stored.count > limits.rows || stored.bytes > limits.bytes)
    }

    /// The process is a new one, and its chain in memory that of another one: all of it is written, from `lowest` on.
    mutating func begin(rewritingFrom lowest: UInt64) {
        self = ChainWriter()
        stored.reset(at: lowest)
        dirtyFrom = lowest
    }
}
