/// One key of the store: a table number chosen by the module and an ordered key inside it.
public struct StoreKey: Sendable, Hashable, Comparable {
    /// Which table; each module names its own in one place.
    public let table: UInt8
    /// The place in the table; rows are ordered by it.
    public let row: UInt64

    public init(table: UInt8, row: UInt64) {
        self.table = table
        self.row = row
    }

    public static func < (left: StoreKey, right: StoreKey) -> Bool {
        left.table == right.table ? left.row < right.row : left.table < right.table
    }
}

/// Writes that become durable together or not at all.
public struct StoreBatch: Sendable, Hashable {
    /// Rows to write, in order; a later one of the same key wins.
    public var puts: [Row] = []
    /// Keys to remove, after the writes.
    public var deletes: [StoreKey] = []

    public init() {}

    /// One row.
    public struct Row: Sendable, Hashable {
        public let key: StoreKey
        public let value: [UInt8]

        public init(key: StoreKey, value: [UInt8]) {
            self.key = key
            self.value = value
        }
    }
}

/// A question to the store.
public enum StoreQuery: Sendable, Hashable {
    /// Rows of `table` from `first` on in rising order, at most `limit`.
    case ascending(table: UInt8, first: UInt64, limit: Int)
    /// The last rows of `table`, highest first, at most `limit`.
    case descending(table: UInt8, limit: Int)
}

/// What a store module is, for both drivers: a synchronous key-value map with atomic batches.
///
/// The driver runs it off the event loop where it blocks, and answers with `persisted` and `rows`.
public protocol StoreBackend: AnyObject {
    /// Makes the batch durable before it returns.
    /// - Throws: when the medium refuses; the batch is then not applied.
    func apply(_ batch: StoreBatch) throws

    /// The rows that answer `query`.
    func rows(_ query: StoreQuery) throws -> [StoreBatch.Row]
}

/// Names one outstanding `persist`, `read` or `verify` of a module. Never reused by a node.
public struct Token: Sendable, Hashable, Comparable, Codable {
    public let number: UInt64

    public init(number: UInt64) {
        self.number = number
    }

    public static func < (left: Token, right: Token) -> Bool { left.number < right.number }
}
