extension StoreBatch {
    /// The same in the upper half of the tables, which the application has for itself: its changes become durable in one
    /// batch with those of consensus, and must not meet them.
    var inApplicationTables: StoreBatch {
        var moved = StoreBatch()
        moved.puts = puts.map { Row(key: $0.key.inApplicationTable, value: $0.value) }
        moved.deletes = deletes.map(\.inApplicationTable)
        return moved
    }

    /// Adds the changes of `later`, which see those that are here: what it writes is not removed by an earlier removal.
    public mutating func append(_ later: StoreBatch) {
        for row in later.puts {
            deletes.removeAll { $0 == row.key }
            puts.append(row)
        }
        for key in later.deletes where !deletes.contains(key) { deletes.append(key) }
    }
}

extension StoreKey {
    fileprivate var inApplicationTable: StoreKey { StoreKey(table: table | 0x80, row: row) }
}
