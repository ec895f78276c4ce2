import Wire

/// One block as the end of a chain, and which of two chains is the better one.
public struct ChainTip: Sendable, Hashable, Codable {
    /// Height of the last block; 0 before the first.
    public let height: UInt64
    /// Its hash.
    public let hash: BlockHash

    /// The end of the empty chain.
    public static let genesis = ChainTip(height: 0, hash: .genesis)

    /// A tip from its parts.
    public init(height: UInt64, hash: BlockHash) {
        self.height = height
        self.hash = hash
    }

    /// Fork choice: the greater height, then the lower hash. It depends on nothing that a node learns by chance (who
    /// sent a block first, who is linked), so all nodes that hold the same blocks choose the same chain.
    public func isBetter(than other: ChainTip) -> Bool {
        height == other.height ? hash < other.hash : height > other.height
    }

    /// An order for search: rising height, then rising hash.
    static func precedes(_ left: ChainTip, _ right: ChainTip) -> Bool {
        left.height == right.height ? left.hash < right.hash : left.height < right.height
    }
}
