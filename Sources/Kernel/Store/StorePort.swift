/// Makes the store of one node. `directory` is the node's data directory; a store that lives in memory ignores it.
public struct StorePort: Sendable {
    /// What was made durable is there after the process has ended.
    public let outlivesProcess: Bool
    /// What its work takes, for the simulator.
    public let costs: StoreCosts
    /// Opens the store.
    public let open: @Sendable (_ directory: String?) throws -> any StoreBackend

    public init(
        outlivesProcess: Bool, costs: StoreCosts = StoreCosts(),
        open: @escaping @Sendable (_ directory: String?) throws -> any StoreBackend
    ) {
        self.outlivesProcess = outlivesProcess
        self.costs = costs
        self.open = open
    }
}

/// How long a store's work takes on the hosts that it is meant for. The simulator charges it; a real node takes what it
/// takes.
public struct StoreCosts: Sendable, Hashable {
    /// Making one transaction durable, whatever is in it. 300 µs is a sync of a solid-state disk with its own power.
    public var sync: Duration
    /// Besides, for each mebibyte of keys and values written.
    public var writePerMebibyte: Duration
    /// Answering one query.
    public var read: Duration

    public init(
        sync: Duration = .microseconds(300), writePerMebibyte: Duration = .zero, read: Duration = .microseconds(300)
    ) {
        self.sync = sync
        self.writePerMebibyte = writePerMebibyte
        self.read = read
    }

    /// Writing so many bytes, without the sync.
    package func writing(_ bytes: Int) -> Duration {
        let perMebibyte = writePerMebibyte.nanoseconds
        let (product, overflow) = perMebibyte.multipliedReportingOverflow(by: Int64(bytes))
        return .nanoseconds(overflow ? .max : product >> 20)
    }
}
