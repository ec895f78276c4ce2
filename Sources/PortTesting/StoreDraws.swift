import Kernel

/// What the random acts of a store's trial are drawn from.
struct StoreDraws {
    /// Two modules, whose keys are the same.
    static let spaces = [
        StoreSpace(StoreSpace.Name(role: "consensus", module: "kit"), format: 1),
        StoreSpace(StoreSpace.Name(role: "discovery", module: "kit"), format: 7),
    ]

    /// Keys that begin with each other, of one byte and of many, at both ends of the order.
    private static let keys: [StoreKey] = [
        [], [0], [0, 0], [0, 255], [1], [1, 0], [1, 254], [1, 255], [1, 255, 0], [2], [127, 1], [128], [255],
        [255, 255],
        StoreKey(table: 1, number: 0), StoreKey(table: 1, number: 1 << 32), StoreKey(table: 1, number: .max),
        StoreKey([UInt8](repeating: 9, count: StoreKey.maximumBytes)),
    ]

    private var stream: RandomStream

    init(_ name: String) {
        stream = RandomStream(seed: 5, name: name)
    }

    mutating func commits() -> [StoreCommit] {
        (0..<stream.below(3)).map { _ in StoreCommit(space: space(), batch: batch()) }
    }

    mutating func space() -> StoreSpace { Self.spaces[Int(stream.below(UInt64(Self.spaces.count)))] }

    mutating func batch() -> StoreBatch {
        var batch = StoreBatch()
        for _ in 0..<stream.below(7) {
            switch stream.below(8) {
            case 0, 1: batch.delete(key())
            case 2: batch.deleteRange(range())
            default:
                let size = stream.chance(1, in: 40) ? 20_000 : Int(stream.below(40))
                batch.put(key(), [UInt8](repeating: UInt8(stream.below(256)), count: size))
            }
        }
        return batch
    }

    mutating func query() -> StoreQuery {
        if stream.chance(1, in: 4) { return .get(key()) }
        let rows: [UInt] = [0, 1, 2, 5, .max]
        let bytes: [UInt] = [0, 1, 60, 300, 20_000, .max]
        return .range(
            range(), rows: rows[Int(stream.below(UInt64(rows.count)))],
            bytes: bytes[Int(stream.below(UInt64(bytes.count)))], reversed: stream.chance(1, in: 2)
        )
    }

    private mutating func key() -> StoreKey { Self.keys[Int(stream.below(UInt64(Self.keys.count)))] }

    /// Ranges that end before they begin included.
    private mutating func range() -> StoreRange {
        stream.chance(1, in: 3) ? StoreRange(from: key()) : StoreRange(from: key(), to: key())
    }
}
