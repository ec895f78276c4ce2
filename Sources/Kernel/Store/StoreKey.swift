/// The key of a row: bytes, ordered byte by byte from the first; a key comes before every longer key that begins with it.
public struct StoreKey: Sendable, Hashable, Comparable, Codable {
    /// No store takes a longer key; every store takes one of this length.
    public static let maximumBytes = 1024

    public let bytes: [UInt8]

    public init(_ bytes: some Sequence<UInt8>) {
        self.bytes = Array(bytes)
    }

    /// A key of nine bytes: the number of a table that the module chooses, then `number`, big-endian, so that rows of one
    /// table are ordered by their numbers.
    public init(table: UInt8, number: UInt64) {
        var bytes: [UInt8] = [table]
        bytes.reserveCapacity(9)
        for shift in stride(from: 56, through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: number >> UInt64(shift)))
        }
        self.bytes = bytes
    }

    /// The number in a key that `init(table:number:)` has made; nil for any other key.
    public var number: UInt64? {
        guard bytes.count == 9 else { return nil }
        return bytes[1...].reduce(0) { $0 << 8 | UInt64($1) }
    }

    public static func < (left: StoreKey, right: StoreKey) -> Bool {
        left.bytes.lexicographicallyPrecedes(right.bytes)
    }
}

extension StoreKey: ExpressibleByArrayLiteral {
    public init(arrayLiteral elements: UInt8...) {
        self.init(elements)
    }
}

/// The keys from one on, up to another one.
public struct StoreRange: Sendable, Hashable, Codable {
    /// The first key that is in the range.
    public let from: StoreKey
    /// The first key that no longer is; nil where the range ends with the key space.
    public let to: StoreKey?

    /// Every key.
    public static let all = StoreRange()

    /// A range; empty where `to` does not come after `from`.
    public init(from: StoreKey = [], to: StoreKey? = nil) {
        self.from = from
        self.to = to
    }

    /// The keys that `StoreKey(table:number:)` makes for one table.
    public init(table: UInt8) {
        self.init(from: [table], to: table == .max ? nil : [table + 1])
    }

    /// Those of them whose numbers are in a range.
    public init(table: UInt8, numbers: Range<UInt64>) {
        self.init(
            from: StoreKey(table: table, number: numbers.lowerBound),
            to: StoreKey(table: table, number: numbers.upperBound)
        )
    }

    public func contains(_ key: StoreKey) -> Bool { key >= from && to.map { key < $0 } ?? true }
}
