import Kernel
import Wire

// The application: blocks are applied to it as the best chain grows, and taken back where the chain moves to another branch.
extension SlotLeader {
    /// Blocks that the application refused and that are remembered.
    static let maximumRefused = 256
    /// Blocks read at once while the application is brought to the chain's end.
    private static let replayRows: UInt = 64

    /// Brings the application from one branch to another, and adds what it changes to `batch`.
    ///
    /// - Parameters:
    ///   - gone: the blocks that leave the best chain, in order of height.
    ///   - joined: those that come in their place.
    /// - Returns: the first block that it refuses; then it is where it was before, and `batch` is too.
    mutating func moveApplication(
        from gone: [HeldBlock], to joined: [HeldBlock], _ batch: inout StoreBatch, _ context: inout Context
    ) -> HeldBlock? {
        guard context.hasApplication else { return nil }
        var changes = batch
        for held in gone.reversed() { changes.append(context.revert(held.forApplication)) }
        for (index, held) in joined.enumerated() {
            if case .refused(let reason) = context.validate(held.forApplication) {
                context.note(.warning, "block \(held.height) is refused by the application: \(reason)")
                for applied in joined[..<index].reversed() { _ = context.revert(applied.forApplication) }
                for old in gone { _ = apply(old, &context) }
                return held
            }
            if let applied = apply(held, &context) { changes.append(applied.changes) }
        }
        batch = changes
        return nil
    }

    /// A block that the application refuses never joins the chain, and nothing is built on it.
    mutating func refuse(_ held: HeldBlock, _ context: inout Context) {
        state.tree.remove(branchFrom: held.tip)
        if state.refused.count == Self.maximumRefused { state.refused.removeFirst() }
        state.refused.append(held.hash)
        reject(state.peers[held.block.proposer]?.identity ?? held.block.proposer, .invalidPayload, &context)
    }

    private func apply(_ held: HeldBlock, _ context: inout Context) -> AppliedBlock? {
        let window = UInt64(options.window)
        let settled = held.height > window ? held.height - window : 0
        let applied = context.apply(held.forApplication, settled: settled)
        if let applied, !applied.validatorChanges.isEmpty {
            context.note(
                .error,
                "the application changes validators, and slot-leader takes its masternodes from the network file: "
                    + "the change has no effect"
            )
        }
        return applied
    }

    // MARK: After a start

    /// The chain is in memory; the application begins at its first block and is brought to its end.
    mutating func replayChain(from height: UInt64, _ context: inout Context) {
        state.replay = Replay(
            token: read(.range(BlockRecord.range(from: height), rows: Self.replayRows), &context),
            next: height
        )
    }

    mutating func replay(_ rows: [StoreRow], _ context: inout Context) {
        guard var replay = state.replay else { return }
        state.replay = nil
        let end = state.tree.tip.height
        for row in rows {
            guard replay.next <= end, let block = try? BlockRecord.decode(row.value), block.height == replay.next else {
                break
            }
            _ = apply(HeldBlock(block), &context)
            replay.next += 1
        }
        if replay.next > end { return finishLoading(&context) }
        guard !rows.isEmpty, rows.last?.key.number == replay.next - 1 else {
            return context.note(
                .error,
                "block \(replay.next) is not in the store, and the application cannot be brought to the chain's end "
                    + "without it: this node makes no blocks. Move the data directory away to begin anew"
            )
        }
        replayChain(from: replay.next, &context)
    }
}

extension HeldBlock {
    /// The block as an application sees it.
    var forApplication: ApplicationBlock {
        ApplicationBlock(
            frame: BlockFrame(
                height: height, parent: block.parent, proposer: block.proposer,
                time: WallTime(milliseconds: block.timestamp)
            ),
            hash: hash, payload: block.payload
        )
    }
}

extension SlotLeader {
    /// The application is on its way to the chain's end.
    struct Replay: Codable, Sendable {
        let token: Token
        /// The height of the next block.
        var next: UInt64
    }
}
