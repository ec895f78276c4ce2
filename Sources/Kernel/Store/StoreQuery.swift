/// A question to the store about the asking module's own rows.
public enum StoreQuery: Sendable, Hashable {
    /// Bytes of an answer to a range whose query does not say how many it may have.
    public static let usualBytes: UInt = 4 << 20

    /// One row, if there is one.
    case get(StoreKey)
    /// The rows of a range in rising order of their keys, or falling where `reversed`.
    ///
    /// The answer ends before the row with which it would have more than `rows` rows, or more than `bytes` bytes of keys
    /// and values; its first row is in it however large it is, unless `rows` is 0.
    indirect case range(StoreRange, rows: UInt = .max, bytes: UInt = Self.usualBytes, reversed: Bool = false)
}

/// What the store found.
public struct StoreAnswer: Sendable, Hashable {
    /// In the order that the query asked for.
    public var rows: [StoreRow]
    /// There are more rows in the range than the limits let through: ask again from the last key on.
    public var hasMore: Bool

    public init(_ rows: [StoreRow] = [], hasMore: Bool = false) {
        self.rows = rows
        self.hasMore = hasMore
    }

    /// The value of the first row: what a `get` asked for; nil where there is no row.
    public var value: [UInt8]? { rows.first?.value }

    /// The answer that `query` has from the rows of its range, told in the query's order: for a store that can walk over
    /// its rows.
    public init(to query: StoreQuery, walking rows: some Sequence<StoreRow>) {
        self.init()
        guard case .range(_, let mostRows, let mostBytes, _) = query else {
            self.rows = Array(rows.prefix(1))
            return
        }
        var bytes: UInt = 0
        for row in rows {
            let (sum, overflow) = bytes.addingReportingOverflow(UInt(row.byteCount))
            guard UInt(self.rows.count) < mostRows, self.rows.isEmpty || !overflow && sum <= mostBytes else {
                hasMore = true
                return
            }
            self.rows.append(row)
            bytes = overflow ? .max : sum
        }
    }
}
