extension StoreBatch {
    /// The same under keys that begin with 128: the application's changes become durable in one batch with those of
    /// consensus, and must not meet them.
    var inApplicationTables: StoreBatch {
        StoreBatch(
            changes.map { change in
                switch change {
                case .put(let key, let value): .put(key.inApplicationTables, value)
                case .delete(let key): .delete(key.inApplicationTables)
                case .deleteRange(let range):
                    .deleteRange(
                        StoreRange(from: range.from.inApplicationTables, to: range.to?.inApplicationTables ?? [129])
                    )
                }
            }
        )
    }

    /// Adds the changes of `later`, which see those that are here.
    public mutating func append(_ later: StoreBatch) { self = StoreBatch(changes + later.changes) }
}

extension StoreKey {
    fileprivate var inApplicationTables: StoreKey { StoreKey([128] + bytes) }
}
