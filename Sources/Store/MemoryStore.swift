import Kernel
import Profile

/// store `memory`: each key space is one sorted array. Nothing survives the process, which is what a simulation and a test
/// want.
///
/// Not thread-safe: a driver calls it from one thread at a time.
public final class MemoryStore: StoreBackend {
    /// What a row costs beyond its key and value: its place in the array.
    public static let rowOverheadBytes = 32

    /// The most bytes that the rows of all spaces may take, `rowOverheadBytes` for each included.
    public let maximumBytes: Int
    /// What the rows take now.
    public private(set) var usedBytes = 0

    /// Look-up only.
    private var spaces: [StoreSpace.Name: Space] = [:]
    private var isClosed = false

    /// An empty store.
    public init(maximumBytes: Int = 256 << 20) {
        self.maximumBytes = maximumBytes
    }

    /// How many rows there are in all spaces.
    public var count: Int { spaces.values.reduce(0) { $0 + $1.rows.count } }

    /// - Throws: `StoreFailure`: `full` where the rows would take more than `maximumBytes`.
    public func apply(_ commits: [StoreCommit]) throws {
        guard !isClosed else { throw StoreFailure.closed }
        var undo: [Undo] = []
        do {
            for commit in commits where !commit.batch.isEmpty { try apply(commit, &undo) }
            guard usedBytes <= maximumBytes else { throw full() }
        } catch {
            for step in undo.reversed() { revert(step) }
            throw error
        }
    }

    public func read(_ query: StoreQuery, in space: StoreSpace) throws -> StoreAnswer {
        guard !isClosed else { throw StoreFailure.closed }
        guard let stored = spaces[space.name] else { return StoreAnswer() }
        guard stored.format == space.format else { throw StoreFailure.otherFormat(space, stored: stored.format) }
        switch query {
        case .get(let key):
            let found = stored.find(key)
            return StoreAnswer(found.isThere ? [stored.rows[found.place]] : [])
        case .range(let range, _, _, let isReversed):
            let rows = stored.rows[stored.places(range)]
            return isReversed
                ? StoreAnswer(to: query, walking: rows.reversed()) : StoreAnswer(to: query, walking: rows)
        }
    }

    public func close() {
        isClosed = true
        spaces = [:]
        usedBytes = 0
    }

    // MARK: -

    private struct Space {
        var format: UInt32
        var rows: [StoreRow] = []

        /// The first place at or after `key`, and whether the row there is `key`'s.
        func find(_ key: StoreKey) -> (place: Int, isThere: Bool) {
            // Most writes go behind everything that is there.
            guard let last = rows.last, key <= last.key else { return (rows.count, false) }
            var low = 0
            var high = rows.count
            while low < high {
                let middle = (low + high) / 2
                if rows[middle].key < key { low = middle + 1 } else { high = middle }
            }
            return (low, rows[low].key == key)
        }

        func places(_ range: StoreRange) -> Range<Int> {
            let first = find(range.from).place
            let end = range.to.map { find($0).place } ?? rows.count
            return first..<max(first, end)
        }
    }

    /// How to take back one change.
    private enum Undo {
        case create(StoreSpace.Name)
        case format(StoreSpace.Name, UInt32)
        /// The rows at these places were `old` before.
        case rows(StoreSpace.Name, Range<Int>, old: [StoreRow])
    }

    private func apply(_ commit: StoreCommit, _ undo: inout [Undo]) throws {
        let (name, format) = (commit.space.name, commit.space.format)
        if let stored = spaces[name]?.format {
            if stored != format {
                guard commit.batch.changes.first == .deleteRange(.all) else {
                    throw StoreFailure.otherFormat(commit.space, stored: stored)
                }
                undo.append(.format(name, stored))
                spaces[name]?.format = format
            }
        } else {
            undo.append(.create(name))
            spaces[name] = Space(format: format)
        }
        for change in commit.batch.changes { try apply(change, name, &undo) }
    }

    private func apply(_ change: StoreBatch.Change, _ name: StoreSpace.Name, _ undo: inout [Undo]) throws {
        guard var space = spaces.removeValue(forKey: name) else { return }
        defer { spaces[name] = space }
        let places: Range<Int>
        var new: [StoreRow] = []
        switch change {
        case .put(let key, let value):
            guard key.bytes.count <= StoreKey.maximumBytes else { throw StoreFailure.keyTooLong(key) }
            let found = space.find(key)
            places = found.place..<(found.isThere ? found.place + 1 : found.place)
            new = [StoreRow(key: key, value: value)]
        case .delete(let key):
            let found = space.find(key)
            places = found.place..<(found.isThere ? found.place + 1 : found.place)
        case .deleteRange(let range): places = space.places(range)
        }
        let old = Array(space.rows[places])
        undo.append(.rows(name, places.lowerBound..<places.lowerBound + new.count, old: old))
        usedBytes += Self.cost(new) - Self.cost(old)
        space.rows.replaceSubrange(places, with: new)
    }

    private func revert(_ step: Undo) {
        switch step {
        case .create(let name): spaces[name] = nil
        case .format(let name, let format): spaces[name]?.format = format
        case .rows(let name, let places, let old):
            guard let space = spaces[name] else { return }
            usedBytes += Self.cost(old) - Self.cost(Array(space.rows[places]))
            spaces[name]?.rows.replaceSubrange(places, with: old)
        }
    }

    private static func cost(_ rows: [StoreRow]) -> Int {
        rows.reduce(0) { $0 + $1.byteCount + rowOverheadBytes }
    }

    private func full() -> StoreFailure {
        StoreFailure(
            code: .full,
            message: "the memory store would hold \(usedBytes) bytes, and maximum_bytes is \(maximumBytes): raise "
                + "maximum_bytes, have the modules keep less, or use a store on disk"
        )
    }
}

extension MemoryStore {
    /// The module as registries know it.
    public static let descriptor = ModuleDescriptor(
        spec: ModuleSpec(
            role: Role.store.rawValue, id: "memory", version: "2", stability: .beta,
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
