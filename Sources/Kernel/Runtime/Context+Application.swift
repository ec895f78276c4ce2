import Wire

// The node's application, for consensus alone.

extension Context {
    /// Whether the profile selects an application. Without one this node's blocks are empty, and nobody looks at what is in
    /// those of others.
    public var hasApplication: Bool { application != nil }

    /// The hash over the application's state; nil where there is none.
    public var applicationRoot: Bytes32? { application?.root }

    /// The payload of a block that this node is about to make, `limit` bytes at most.
    public mutating func proposePayload(for frame: BlockFrame, limit: Int) -> [UInt8] {
        expectConsensus()
        guard application != nil else { return [] }
        let payload = application?.propose(frame, limit: limit) ?? []
        guard payload.count <= limit else {
            note(.error, "the application proposed \(payload.count) bytes where \(limit) were allowed; left out")
            return []
        }
        return payload
    }

    /// Whether a block on top of the last one that was applied may be applied.
    public func validate(_ block: ApplicationBlock) -> BlockVerdict {
        expectConsensus()
        return application?.validate(block) ?? .accepted
    }

    /// Applies a block that `validate` has accepted; nil where there is no application.
    public mutating func apply(_ block: ApplicationBlock, settled: UInt64) -> AppliedBlock? {
        expectConsensus()
        guard var applied = application?.apply(block, settled: settled) else { return nil }
        applied.changes = applied.changes.inApplicationTables
        return applied
    }

    /// Takes back the last block that was applied.
    public mutating func revert(_ block: ApplicationBlock) -> StoreBatch {
        expectConsensus()
        return application?.revert(block).inApplicationTables ?? StoreBatch()
    }

    mutating func startApplication() {
        let network = network
        application?.start(network)
    }

    private func expectConsensus() {
        precondition(module == NodeMachine.Slot.consensus, "the application speaks with consensus alone")
    }
}
