import Kernel
import Profile
import Testing

@testable import Store

@Suite("store memory")
struct MemoryStoreTests {
    private func key(_ row: UInt64, table: UInt8 = 1) -> StoreKey { StoreKey(table: table, row: row) }

    private func batch(puts: [(StoreKey, [UInt8])] = [], deletes: [StoreKey] = []) -> StoreBatch {
        var batch = StoreBatch()
        batch.puts = puts.map { .init(key: $0.0, value: $0.1) }
        batch.deletes = deletes
        return batch
    }

    @Test("rows come back in order, within their table")
    func order() throws {
        let store = MemoryStore()
        try store.apply(batch(puts: [3, 1, 2].map { (key($0), [UInt8($0)]) }))
        try store.apply(batch(puts: [(key(0, table: 2), [9]), (key(.max, table: 0), [8])]))
        #expect(store.rows(.ascending(table: 1, first: 0, limit: 10)).map(\.key.row) == [1, 2, 3])
        #expect(store.rows(.ascending(table: 1, first: 2, limit: 10)).map(\.value) == [[2], [3]])
        #expect(store.rows(.ascending(table: 1, first: 1, limit: 2)).map(\.key.row) == [1, 2])
        #expect(store.rows(.descending(table: 1, limit: 2)).map(\.key.row) == [3, 2])
        #expect(store.rows(.descending(table: 0, limit: 2)).map(\.key.row) == [.max])
        #expect(store.rows(.descending(table: 7, limit: 2)).isEmpty)
        #expect(store.rows(.ascending(table: 1, first: 4, limit: 1)).isEmpty)
        #expect(store.rows(.ascending(table: 1, first: 0, limit: 0)).isEmpty)
        #expect(store.rows(.descending(table: 1, limit: -1)).isEmpty)
    }

    @Test("in one batch the later write of a key wins, and removals come last")
    func oneBatch() throws {
        let store = MemoryStore()
        try store.apply(batch(puts: [(key(1), [1]), (key(2), [2]), (key(1), [3])], deletes: [key(2), key(9)]))
        let rows = store.rows(.ascending(table: 1, first: 0, limit: 10))
        #expect(rows == [.init(key: key(1), value: [3])])
        #expect(store.usedBytes == 1 + MemoryStore.rowOverheadBytes)
    }

    @Test("a batch beyond the limit is refused as a whole and says what to raise")
    func full() throws {
        let store = MemoryStore(maximumBytes: 200)
        try store.apply(batch(puts: [(key(1), Array(repeating: 0, count: 100))]))
        let error = #expect(throws: MemoryStoreError.self) {
            try store.apply(batch(puts: [(key(2), []), (key(3), Array(repeating: 0, count: 37))]))
        }
        #expect(error?.code == .full)
        #expect(error?.message.contains("raise maximum_bytes") == true)
        #expect(store.count == 1 && store.usedBytes == 132)
        // What a batch removes makes room for what it writes.
        try store.apply(batch(puts: [(key(2), Array(repeating: 0, count: 168))], deletes: [key(1)]))
        #expect(store.usedBytes == 200)
        try store.apply(batch(puts: [(key(2), [])]))
        #expect(store.usedBytes == MemoryStore.rowOverheadBytes)
    }

    @Test("it agrees with a plain list of rows on random batches", arguments: UInt64(0)..<10)
    func model(seed: UInt64) throws {
        var random = RandomStream(seed: seed, name: "store")
        let store = MemoryStore()
        var model: [StoreBatch.Row] = []
        for step in 0..<200 {
            var batch = StoreBatch()
            for _ in 0..<random.below(4) {
                let key = key(random.below(20), table: UInt8(random.below(2)))
                batch.puts.append(.init(key: key, value: [UInt8(truncatingIfNeeded: step)]))
            }
            for _ in 0..<random.below(3) { batch.deletes.append(key(random.below(20), table: UInt8(random.below(2)))) }
            try store.apply(batch)
            for put in batch.puts {
                model.removeAll { $0.key == put.key }
                model.append(put)
            }
            model.removeAll { batch.deletes.contains($0.key) }
            model.sort { $0.key < $1.key }
            let table = UInt8(random.below(2))
            let first = random.below(20)
            let limit = Int(random.below(8))
            let rows = model.filter { $0.key.table == table }
            #expect(
                store.rows(.ascending(table: table, first: first, limit: limit))
                    == Array(rows.filter { $0.key.row >= first }.prefix(limit))
            )
            #expect(store.rows(.descending(table: table, limit: limit)) == Array(rows.reversed().prefix(limit)))
        }
        #expect(store.usedBytes == model.reduce(0) { $0 + $1.value.count + MemoryStore.rowOverheadBytes })
    }

    @Test("the descriptor opens an empty store of the size the profile says")
    func descriptor() throws {
        let spec = MemoryStore.descriptor.spec
        guard case .store(let make) = MemoryStore.descriptor.factory else {
            Issue.record("no store factory")
            return
        }
        let standard = try make(.defaults(of: spec.options)).open(nil) as? MemoryStore
        #expect(standard?.maximumBytes == 256 << 20)
        let options = try Options.defaults(of: spec.options).setting("maximum_bytes", to: .bytes(1 << 20))
        let store = try make(options).open("/nowhere") as? MemoryStore
        #expect(store?.maximumBytes == 1 << 20)
        #expect(store?.count == 0)
    }
}
