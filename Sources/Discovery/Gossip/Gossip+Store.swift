import Kernel
import Wire

// The book across restarts. A store that forgets, such as `memory`, makes every start a first one.
extension Gossip: PersistingPolicy {
    public static var storeFormat: UInt32 { 1 }

    /// Rows that one read or write carries.
    private static let rowsAtOnce = 256
    private static let headVersion: UInt8 = 1

    mutating func load(from row: UInt64, _ context: inout Context) {
        let rest = StoreRange(from: AddressBook.key(row), to: StoreRange(table: AddressBook.table).to)
        state.loading = read(.range(rest, rows: UInt(Self.rowsAtOnce)), &context)
    }

    public mutating func rows(_ answer: StoreAnswer, _ token: Token, _ context: inout Context) {
        guard token == state.loading else { return }
        var lost = 0
        for row in answer.rows {
            let number = row.key.number ?? .max
            if number == 0 {
                state.hasFoundHead = readHead(row.value)
            } else if state.hasFoundHead {
                let (network, own) = (context.network, context.identity)
                let isRead = state.book.restore(row.value, row: number) { record in
                    guard record.network == network.name, record.identity != own else { return nil }
                    return network.masternode(record.identity) != nil
                }
                if !isRead { lost += 1 }
            }
        }
        if lost > 0 { context.note(.debug, "discovery gossip: \(lost) stored addresses are of no use any more") }
        if answer.hasMore, let last = answer.rows.last?.key.number, last < .max {
            load(from: last + 1, &context)
        } else {
            begin(&context)
        }
    }

    public mutating func readFailed(_ failure: StoreFailure, _ token: Token, _ context: inout Context) {
        guard token == state.loading else { return }
        state.isStoreUnread = true
        context.note(
            .warning,
            "discovery gossip: the address book cannot be read; this run begins with an empty one and leaves the "
                + "stored one as it is"
        )
        begin(&context)
    }

    public mutating func persistFailed(_ failure: StoreFailure, _ token: WriteToken, _ context: inout Context) {
        guard let saving = state.saving, saving.token == token else { return }
        state.book.unsaved.append(contentsOf: saving.rows)
        if saving.hasHead { state.isHeadUnsaved = true }
        state.saving = nil
        saveSoon(&context)
    }

    public mutating func persisted(_ token: WriteToken, _ context: inout Context) {
        guard let saving = state.saving, saving.token == token else { return }
        state.saving = nil
        // More than fits one write goes on at once; what has changed since waits for its turn.
        if saving.rows.count == Self.rowsAtOnce { save(&context) }
        saveSoon(&context)
    }

    /// Sees to it that what has changed is written, with what changes until then. Nothing is set where nothing has.
    mutating func saveSoon(_ context: inout Context) {
        guard state.loading == nil, !state.isSaveSet, state.saving == nil, hasUnsaved else { return }
        state.isSaveSet = true
        context.schedule(Timer.save, after: options.saveInterval)
    }

    /// Whether there is anything to write. A store that could not be read is spared: a head with another secret would
    /// make its rows worthless, and take its anchors.
    private var hasUnsaved: Bool {
        state.isStoreUnread != true && (state.isHeadUnsaved || !state.book.unsaved.isEmpty)
    }

    /// Writes what has changed, a part at a time.
    mutating func save(_ context: inout Context) {
        if state.saving == nil, hasUnsaved { write(&context) }
    }

    /// The node ends: all that has changed goes behind whatever is under way, since nothing comes after it.
    mutating func saveAll(_ context: inout Context) {
        while hasUnsaved { write(&context) }
    }

    private mutating func write(_ context: inout Context) {
        var batch = StoreBatch()
        let hasHead = state.isHeadUnsaved
        if hasHead { batch.put(AddressBook.key(0), head()) }
        let changes = state.book.takeChanges(Self.rowsAtOnce)
        for (row, value) in changes {
            if let value { batch.put(AddressBook.key(row), value) } else { batch.delete(AddressBook.key(row)) }
        }
        state.isHeadUnsaved = false
        state.saving = Saving(token: persist(batch, &context), rows: changes.map(\.row), hasHead: hasHead)
    }

    // MARK: The head: version, secret, sequence, anchors

    private func head() -> [UInt8] {
        [Self.headVersion] + bigEndianBytes(of: state.book.key.first) + bigEndianBytes(of: state.book.key.second)
            + bigEndianBytes(of: state.sequence) + state.anchors.flatMap { $0.key.bytes }
    }

    private mutating func readHead(_ bytes: [UInt8]) -> Bool {
        guard bytes.count >= 25, bytes[0] == Self.headVersion, (bytes.count - 25).isMultiple(of: 32) else {
            return false
        }
        func number(_ first: Int) -> UInt64 { bytes[first..<first + 8].reduce(0) { $0 << 8 | UInt64($1) } }
        state.book.key = BookKey(first: number(1), second: number(9))
        state.sequence = number(17)
        state.anchors = stride(from: 25, to: bytes.count, by: 32).prefix(options.anchors).compactMap { first in
            Bytes32(bytes[first..<first + 32]).map(Identity.init)
        }
        state.isHeadUnsaved = false
        return true
    }
}
