import Wire

/// The state of a node's chain as operators see it.
public struct ChainStatus: Sendable, Hashable {
    /// Height of the highest block held; 0 before the first.
    public var height: UInt64
    /// Its hash.
    public var hash: BlockHash
    /// Masternodes counted as active: linked ones, and this node itself.
    public var activeMasternodes: Int
    /// The time in the highest block, by its proposer's clock; nil before the first, and where the module does not say.
    public var lastBlockAt: WallTime?
    /// From here on, by this host's clock, another block should have come; nil where the module does not say.
    public var overdueFrom: WallTime?
    /// What keeps the chain from growing at this node, as far as it knows; nil where it knows of nothing.
    public var waitingFor: ChainWait?
    /// Why the store does not take or give the chain; nil where it does. While there is one this node makes no blocks.
    public var storageFault: StoreFailure?

    public init(
        height: UInt64, hash: BlockHash, activeMasternodes: Int, lastBlockAt: WallTime? = nil,
        overdueFrom: WallTime? = nil, waitingFor: ChainWait? = nil, storageFault: StoreFailure? = nil
    ) {
        self.height = height
        self.hash = hash
        self.activeMasternodes = activeMasternodes
        self.lastBlockAt = lastBlockAt
        self.overdueFrom = overdueFrom
        self.waitingFor = waitingFor
        self.storageFault = storageFault
    }

    /// How old the highest block is by this host's clock; below zero where one of two clocks is wrong, nil before the first.
    public func age(at wall: WallTime) -> Duration? {
        guard let lastBlockAt else { return nil }
        let (age, overflow) = wall.milliseconds.subtractingReportingOverflow(lastBlockAt.milliseconds)
        return overflow ? nil : .milliseconds(age)
    }

    /// Whether a block should have come by now.
    public func isOverdue(at wall: WallTime) -> Bool { overdueFrom.map { $0 < wall } ?? false }
}

/// What a node's chain waits for. The raw value is a word for programs.
public enum ChainWait: String, Sendable, Hashable, Codable, CaseIterable {
    /// Fewer masternodes are linked than a block needs.
    case masternodes = "too-few-masternodes"
    /// Blocks are coming that this node lacks.
    case blocks = "catching-up"
    /// This host's clock and the chain's do not agree.
    case clock = "clock"
    /// The store has not answered, or takes nothing.
    case store
    /// Another process with this node's key makes its blocks.
    case identity = "identity-in-use"
}
