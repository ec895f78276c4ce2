/// Changes that become durable together or not at all, in the order in which they were added.
public struct StoreBatch: Sendable, Hashable, Codable {
    /// One change.
    public enum Change: Sendable, Hashable, Codable {
        /// Write a row; it takes the place of what was there.
        case put(StoreKey, [UInt8])
        /// Remove a row; nothing happens where there is none.
        case delete(StoreKey)
        /// Remove every row of a range.
        indirect case deleteRange(StoreRange)
    }

    /// What is to be done, in order: a later change sees the earlier ones.
    public private(set) var changes: [Change] = []

    /// A batch that changes nothing.
    public init() {}

    /// A batch of these changes.
    public init(_ changes: [Change]) {
        self.changes = changes
    }

    public var isEmpty: Bool { changes.isEmpty }

    /// Writes a row.
    public mutating func put(_ key: StoreKey, _ value: [UInt8]) { changes.append(.put(key, value)) }

    /// Removes a row.
    public mutating func delete(_ key: StoreKey) { changes.append(.delete(key)) }

    /// Removes every row of a range.
    public mutating func deleteRange(_ range: StoreRange) { changes.append(.deleteRange(range)) }

    /// Bytes of the keys and values that it writes: what a disk is charged for.
    public var writtenBytes: Int {
        changes.reduce(0) { sum, change in
            if case .put(let key, let value) = change { sum + key.bytes.count + value.count } else { sum }
        }
    }
}

/// A key and what is stored under it.
public struct StoreRow: Sendable, Hashable {
    public let key: StoreKey
    public let value: [UInt8]

    public init(key: StoreKey, value: [UInt8]) {
        self.key = key
        self.value = value
    }

    /// Bytes of the key and of the value: what counts against the limits of a query.
    public var byteCount: Int { key.bytes.count + value.count }
}
