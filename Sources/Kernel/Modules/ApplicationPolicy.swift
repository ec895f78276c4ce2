import Wire

/// application: what a transaction means. A node has one at most.
///
/// It is a deterministic state machine that consensus calls synchronously. It has no clock, no random numbers, no links and
/// no store: its answers depend on what it was told and on nothing else, so that all nodes that applied the same blocks
/// have the same state, the same ``root`` and the same rows.
///
/// The calls come in this order: `start` once, then for each block on top of the last one `validate` and `apply`, and
/// `revert` of the last one wherever the chain moves to another branch. `submit` and `propose` come at any time. After a
/// restart a consensus module either tells the rows by `load` and applies the blocks after them, or applies the chain from
/// its first block without `validate`, as `slot-leader` does.
///
/// The rows that `apply` and `revert` change become durable together with the block, in one batch.
public protocol ApplicationPolicy {
    /// Everything the module remembers.
    associatedtype State: Codable & Sendable

    /// Everything the module remembers.
    var state: State { get set }
    /// The version of the state's written form; raise it when an older form can no longer be read.
    static var stateVersion: Int { get }
    /// The form of the module's keys and values; raise it when an older form can no longer be read.
    static var storeFormat: UInt32 { get }

    /// The node starts: the state is the one before the first block.
    mutating func start(_ network: NetworkView)
    /// Rows as the module wrote them, in rising order of their keys, in one or more calls. None where there are none.
    ///
    /// - Throws: ``ApplicationError`` for rows that it cannot have written.
    mutating func load(_ rows: [StoreRow]) throws(ApplicationError)

    /// A hash over the whole state, as the last block left it.
    var root: Bytes32 { get }

    /// Somebody hands a transaction in. What is accepted waits for a block; how much may wait is the module's to bound.
    mutating func submit(_ transaction: [UInt8]) -> SubmissionResult
    /// The payload of a block that this node is about to make: `limit` bytes at most, and such that `validate` accepts it.
    /// Empty where there is nothing to do. The block need never come.
    mutating func propose(_ frame: BlockFrame, limit: Int) -> [UInt8]
    /// Whether a block on top of the last one may be applied.
    func validate(_ block: ApplicationBlock) -> BlockVerdict
    /// Applies a block that `validate` has accepted.
    ///
    /// - Parameter settled: blocks up to this height are not reverted any more.
    mutating func apply(_ block: ApplicationBlock, settled: UInt64) -> AppliedBlock
    /// Takes the last block back: the state is as it was before `apply`.
    ///
    /// - Returns: what is to be changed in the store.
    mutating func revert(_ block: ApplicationBlock) -> StoreBatch
}

extension ApplicationPolicy {
    public static var stateVersion: Int { 1 }
    public static var storeFormat: UInt32 { 1 }

    public mutating func start(_ network: NetworkView) {}
    public mutating func load(_ rows: [StoreRow]) throws(ApplicationError) {}
}

/// Where a block stands in the chain, and who makes it.
public struct BlockFrame: Sendable, Hashable, Codable {
    /// One more than the parent's; the first block has height 1.
    public let height: UInt64
    /// `.genesis` before the first block.
    public let parent: BlockHash
    public let proposer: Identity
    /// By the proposer's clock, as consensus has checked it.
    public let time: WallTime

    public init(height: UInt64, parent: BlockHash, proposer: Identity, time: WallTime) {
        self.height = height
        self.parent = parent
        self.proposer = proposer
        self.time = time
    }
}

/// A block as an application sees it.
public struct ApplicationBlock: Sendable, Hashable, Codable {
    public let frame: BlockFrame
    public let hash: BlockHash
    public let payload: [UInt8]

    public init(frame: BlockFrame, hash: BlockHash, payload: [UInt8]) {
        self.frame = frame
        self.hash = hash
        self.payload = payload
    }
}

/// Whether a block may be applied.
public enum BlockVerdict: Sendable, Hashable {
    case accepted
    /// Why not, in words for an operator; the same at every node.
    case refused(String)
}

/// What applying a block has done.
public struct AppliedBlock: Sendable, Hashable {
    /// What is to be changed in the store, in the module's own key space.
    public var changes: StoreBatch
    /// The hash over the state after the block.
    public var root: Bytes32
    /// Validators that come, go, or count for more or less from a block on that consensus chooses.
    public var validatorChanges: [ValidatorChange]

    public init(changes: StoreBatch, root: Bytes32, validatorChanges: [ValidatorChange] = []) {
        self.changes = changes
        self.root = root
        self.validatorChanges = validatorChanges
    }
}

/// One validator's weight from now on.
public struct ValidatorChange: Sendable, Hashable, Codable {
    public let validator: Identity
    /// 0: it is no validator any more.
    public let weight: UInt64

    public init(validator: Identity, weight: UInt64) {
        self.validator = validator
        self.weight = weight
    }
}

/// Why an application cannot go on from what is in the store.
public struct ApplicationError: Error, Sendable, Hashable, CustomStringConvertible {
    public enum Code: String, Sendable, Hashable {
        /// A row is not one that the module writes.
        case unreadableRow = "unreadable-row"
    }

    public let code: Code
    /// What is wrong and what to do.
    public let description: String

    public init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }
}
