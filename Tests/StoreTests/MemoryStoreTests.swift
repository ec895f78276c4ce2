import Kernel
import Profile
import Testing

@testable import Store

@Suite("store memory")
struct MemoryStoreTests {
    private let space = StoreSpace(StoreSpace.Name(role: "consensus", module: "a"), format: 1)
    private let other = StoreSpace(StoreSpace.Name(role: "consensus", module: "b"), format: 1)

    private func put(_ numbers: [UInt64]) -> StoreBatch {
        StoreBatch(numbers.map { .put(StoreKey(table: 1, number: $0), [UInt8(truncatingIfNeeded: $0)]) })
    }

    private func numbers(_ store: MemoryStore, _ query: StoreQuery) throws -> [UInt64] {
        try store.read(query, in: space).rows.compactMap(\.key.number)
    }

    @Test("rows come back in the order of their keys, both ways, within their space")
    func order() throws {
        let store = MemoryStore()
        try store.apply(put([3, 1, 2]), in: space)
        try store.apply(put([7]), in: other)
        let from2 = StoreRange(from: StoreKey(table: 1, number: 2))
        let below3 = StoreRange(table: 1, numbers: 0..<3)
        #expect(try numbers(store, .range(.all)) == [1, 2, 3])
        #expect(try numbers(store, .range(.all, reversed: true)) == [3, 2, 1])
        #expect(try numbers(store, .range(from2)) == [2, 3])
        #expect(try numbers(store, .range(below3, reversed: true)) == [2, 1])
        #expect(try numbers(store, .range(.all, rows: 2)) == [1, 2])
        #expect(try numbers(store, .range(.all, rows: 2, reversed: true)) == [3, 2])
        #expect(try numbers(store, .range(StoreRange(from: [2], to: [1]))) == [])
        #expect(try numbers(store, .get(StoreKey(table: 1, number: 2))) == [2])
        #expect(try numbers(store, .get(StoreKey(table: 1, number: 9))) == [])
    }

    @Test("in one batch each change sees those before it")
    func oneBatch() throws {
        let store = MemoryStore()
        try store.apply(
            StoreBatch([.put([1], [1]), .put([2], [2]), .put([1], [3]), .delete([2]), .delete([9]), .put([2], [4])]),
            in: space
        )
        #expect(
            try store.read(.range(.all), in: space).rows
                == [StoreRow(key: [1], value: [3]), StoreRow(key: [2], value: [4])]
        )
        #expect(store.usedBytes == 2 * (2 + MemoryStore.rowOverheadBytes))
        try store.apply(StoreBatch([.put([3], []), .deleteRange(StoreRange(from: [2]))]), in: space)
        #expect(try store.read(.range(.all), in: space).rows.map(\.key) == [[1]])
        #expect(store.usedBytes == 2 + MemoryStore.rowOverheadBytes)
    }

    @Test("a batch beyond the limit is refused as a whole and says what to raise")
    func full() throws {
        let store = MemoryStore(maximumBytes: 200)
        try store.apply(StoreBatch([.put([1], Array(repeating: 0, count: 99))]), in: space)
        let error = #expect(throws: StoreFailure.self) {
            try store.apply([
                StoreCommit(space: other, batch: StoreBatch([.put([2], [])])),
                StoreCommit(
                    space: space, batch: StoreBatch([.delete([1]), .put([3], Array(repeating: 0, count: 135))])),
            ])
        }
        #expect(error?.code == .full)
        #expect(error?.message.contains("raise maximum_bytes") == true)
        #expect(store.count == 1 && store.usedBytes == 132)
        #expect(try store.read(.get([1]), in: space).value?.count == 99)
        // What a batch removes makes room for what it writes.
        try store.apply(StoreBatch([.deleteRange(.all), .put([2], Array(repeating: 0, count: 167))]), in: space)
        #expect(store.usedBytes == 200)
        try store.apply(StoreBatch([.put([2], [])]), in: space)
        #expect(store.usedBytes == 1 + MemoryStore.rowOverheadBytes)
    }

    @Test("a space that a refused batch would have made is not there, and its format is free")
    func refusedSpace() throws {
        let store = MemoryStore(maximumBytes: 100)
        #expect(throws: StoreFailure.self) {
            try store.apply(StoreBatch([.put([1], Array(repeating: 0, count: 200))]), in: space)
        }
        try store.apply(StoreBatch([.put([1], [1])]), in: StoreSpace(space.name, format: 2))
    }

    @Test("another format is refused, unless the batch removes everything first")
    func formats() throws {
        let store = MemoryStore()
        let next = StoreSpace(space.name, format: 2)
        try store.apply(put([1]), in: space)
        #expect(throws: StoreFailure.otherFormat(next, stored: 1)) { try store.apply(put([2]), in: next) }
        #expect(throws: StoreFailure.otherFormat(next, stored: 1)) { try store.read(.range(.all), in: next) }
        try store.apply(StoreBatch([.deleteRange(.all)] + put([3]).changes), in: next)
        #expect(try store.read(.range(.all), in: next).rows.map(\.key.number) == [3])
        #expect(throws: StoreFailure.otherFormat(space, stored: 2)) { try store.read(.range(.all), in: space) }
    }

    @Test("a closed store refuses everything")
    func closed() throws {
        let store = MemoryStore()
        try store.apply(put([1]), in: space)
        store.close()
        #expect(throws: StoreFailure.closed) { try store.read(.range(.all), in: space) }
        #expect(throws: StoreFailure.closed) { try store.apply(put([1]), in: space) }
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
