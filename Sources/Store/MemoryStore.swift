import Kernel
import Profile

/// store `memory`: rows in one sorted array. Nothing survives the process, which is what a simulation and a test want.
///
/// Not thread-safe: a driver calls it from one thread at a time.
public final class MemoryStore: StoreBackend {
    /// What a row costs beyond its value: its key and its place in the array.
    public static let rowOverheadBytes = 32

    /// The most bytes the rows may take, `rowOverheadBytes` for each included.
    public let maximumBytes: Int
    /// What the rows take now.
    public private(set) var usedBytes = 0

    private var rows: [StoreBatch.Row] = []

    /// An empty store.
    public init(maximumBytes: Int = 256 << 20) {
        self.maximumBytes = maximumBytes
    }

    /// How many rows there are.
    public var count: Int { rows.count }

    /// Applies the whole batch, or nothing.
    ///
    /// - Throws: ``MemoryStoreError`` `full` where the rows would take more than `maximumBytes`.
    public func apply(_ batch: StoreBatch) throws {
        let changes = Self.net(batch)
        var bytes = usedBytes
        for change in changes {
            if let index = find(change.key).index { bytes -= Self.cost(rows[index].value) }
            if let value = change.value { bytes += Self.cost(value) }
        }
        guard bytes <= maximumBytes else {
            throw MemoryStoreError(
                code: .full,
                message: "the memory store would hold \(bytes) bytes, and maximum_bytes is \(maximumBytes): "
                    + "raise maximum_bytes or use a store on disk"
            )
        }
        for change in changes { write(change) }
        usedBytes = bytes
    }

    public func rows(_ query: StoreQuery) -> [StoreBatch.Row] {
        switch query {
        case .ascending(let table, let first, let limit):
            let start = find(StoreKey(table: table, row: first)).place
            return Array(rows[start...].prefix(max(0, limit)).prefix { $0.key.table == table })
        case .descending(let table, let limit):
            let last = find(StoreKey(table: table, row: .max))
            let end = last.index == nil ? last.place : last.place + 1
            return Array(rows[..<end].reversed().prefix(max(0, limit)).prefix { $0.key.table == table })
        }
    }

    // MARK: -

    private struct Change {
        let key: StoreKey
        let value: [UInt8]?
    }

    /// One change per key: the last write wins, and removals come after the writes.
    private static func net(_ batch: StoreBatch) -> [Change] {
        var ordered = batch.puts.map { Change(key: $0.key, value: $0.value) }
        ordered += batch.deletes.map { Change(key: $0, value: nil) }
        // A stable sort by key keeps the later change of a key behind the earlier one.
        let sorted = ordered.enumerated().sorted {
            $0.element.key == $1.element.key ? $0.offset < $1.offset : $0.element.key < $1.element.key
        }
        var result: [Change] = []
        for (_, change) in sorted {
            if result.last?.key == change.key { result.removeLast() }
            result.append(change)
        }
        return result
    }

    private func write(_ change: Change) {
        let found = find(change.key)
        switch (found.index, change.value) {
        case (let index?, let value?): rows[index] = StoreBatch.Row(key: change.key, value: value)
        case (nil, let value?): rows.insert(StoreBatch.Row(key: change.key, value: value), at: found.place)
        case (let index?, nil): rows.remove(at: index)
        case (nil, nil): break
        }
    }

    /// The first place at or after `key`, and whether the row there is `key`'s.
    private func find(_ key: StoreKey) -> (place: Int, index: Int?) {
        var low = 0
        var high = rows.count
        while low < high {
            let middle = (low + high) / 2
            if rows[middle].key < key { low = middle + 1 } else { high = middle }
        }
        return (low, low < rows.count && rows[low].key == key ? low : nil)
    }

    private static func cost(_ value: [UInt8]) -> Int { value.count + rowOverheadBytes }
}

extension MemoryStore {
    /// The module as registries know it.
    public static let descriptor = ModuleDescriptor(
        spec: ModuleSpec(
            role: Role.store.rawValue, id: "memory", version: "1", stability: .beta,
            summary: "keeps rows in memory; a restart begins empty",
            posture: "writes nothing to disk",
            options: OptionSpec([
                .bytes(
                    "maximum_bytes", default: 256 << 20, in: (64 << 10)...(64 << 30),
                    "the most bytes the rows may take; a write beyond it is refused"
                )
            ])
        ),
        factory: .store { options in
            let maximumBytes = options.bytes("maximum_bytes")
            return StorePort(outlivesProcess: false) { _ in MemoryStore(maximumBytes: maximumBytes) }
        }
    )
}

/// Why the memory store refused a batch.
public struct MemoryStoreError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kind of failure.
    public enum Code: String, Sendable {
        /// The rows would take more bytes than the profile allows.
        case full
    }

    public let code: Code
    /// What happened and what to do.
    public let message: String

    public var description: String { message }
}
