/// What a store module is, for both drivers: synchronous key spaces with atomic transactions.
///
/// A driver calls it from one thread, off the event loop where it blocks, and answers the node with what it returns or
/// throws. Anything may be thrown; a `StoreFailure` says its kind.
///
/// **Formats.** The first commit to a space fixes its format. From then on every commit and every query that names another
/// format throws `StoreFailure.otherFormat(_:stored:)`; only a commit that begins with `deleteRange(.all)` is taken, and
/// gives the space its own format. A query of a space that was never written finds nothing.
public protocol StoreBackend: AnyObject {
    /// Makes all commits durable before it returns, in order, as one transaction.
    ///
    /// - Throws: when the medium refuses; then none of them is applied.
    func apply(_ commits: [StoreCommit]) throws

    /// The rows of `space` that answer `query`, as all commits before left them.
    func read(_ query: StoreQuery, in space: StoreSpace) throws -> StoreAnswer

    /// Lets go of what the store holds of the host. Called once; nothing follows.
    func close() throws
}

extension StoreBackend {
    /// Makes one batch durable.
    public func apply(_ batch: StoreBatch, in space: StoreSpace) throws {
        try apply([StoreCommit(space: space, batch: batch)])
    }
}

/// A batch of one module.
public struct StoreCommit: Sendable, Hashable {
    public let space: StoreSpace
    public let batch: StoreBatch

    public init(space: StoreSpace, batch: StoreBatch) {
        self.space = space
        self.batch = batch
    }
}
