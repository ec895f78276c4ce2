import Kernel
import Wire

// The chain in the store: what an earlier process left, what is new, and what follows when the store refuses.
extension SlotLeader: PersistingPolicy {
    public static var storeFormat: UInt32 { 1 }

    /// Bytes of blocks that are read at once when the node starts.
    private static let loadBytes: UInt = 64 << 20
    /// Rows read at once to learn how much is stored.
    private static let surveyRows: UInt = 4096
    /// The row of the last block that this node signed, which may be out and not in the chain.
    private static let ownBlockKey: StoreKey = [2]

    private func limits(_ context: borrowing Context) -> ChainWriter.Limits {
        // After a restart an application begins at the first block.
        ChainWriter.Limits(
            rows: UInt64(options.keepBlocks), bytes: options.keepBytes, keepsAll: context.hasApplication
        )
    }

    // MARK: Writing

    /// Brings what is new of the chain to the store, unless a write is under way or the store is left alone for now.
    mutating func writeChain(_ context: inout Context) {
        guard state.isLoaded, !state.isRetrySet, let batch = state.writer.nextWrite(state.tree, limits(context)) else {
            return
        }
        state.writer.sent(persist(batch, &context))
    }

    /// Asks for an own block to be made durable.
    mutating func save(_ held: HeldBlock, _ context: inout Context) {
        var batch = StoreBatch()
        batch.put(Self.ownBlockKey, BlockRecord.encode(held.block))
        state.unsaved.append(UnsavedBlock(token: persist(batch, &context), held: held))
    }

    public mutating func persisted(_ token: WriteToken, _ context: inout Context) {
        if let index = state.unsaved.firstIndex(where: { $0.token == token }) {
            publish(state.unsaved.remove(at: index), &context)
        } else if state.writer.flight?.token == token {
            if state.writer.written() { context.observe(.storeResumed) }
            writeChain(&context)
        }
    }

    public mutating func persistFailed(_ failure: StoreFailure, _ token: WriteToken, _ context: inout Context) {
        let own = state.unsaved.firstIndex { $0.token == token }
        guard own != nil || state.writer.flight?.token == token else { return }
        let wasHalted = state.writer.isHalted
        let next = state.writer.refused(
            failure, isOwnBlock: own != nil, tip: state.tree.tip.height, limits(context)
        )
        if !wasHalted, state.writer.isHalted { context.observe(.storeHalted(failure)) }
        if let own {
            // Signed and not durable: it never goes out, and no other one is signed for its slot.
            skip(state.unsaved.remove(at: own).held.block.slot, .storeFailed, &context)
        }
        switch next {
        case .shrinks:
            context.note(
                .warning,
                "the store is full: this node lets old blocks go before 'keep_blocks' and 'keep_bytes' say so; give the "
                    + "store more room, or keep less"
            )
            writeChain(&context)
        case .waits(let delay): retryStore(after: delay, &context)
        }
    }

    // MARK: Reading

    /// Reads the chain's end, and the last block that this node signed.
    mutating func loadChain(_ context: inout Context) {
        state.loadingOwn = read(.get(Self.ownBlockKey), &context)
        state.loading = read(
            .range(
                StoreRange(table: BlockRecord.table), rows: UInt(options.window), bytes: Self.loadBytes, reversed: true
            ), &context)
    }

    public mutating func rows(_ answer: StoreAnswer, _ token: Token, _ context: inout Context) {
        if token == state.loadingOwn {
            state.loadingOwn = nil
            takeOwnBlock(answer, &context)
        } else if token == state.loading {
            if state.writer.recovered() { context.observe(.storeResumed) }
            load(answer, &context)
        } else if token == state.replay?.token {
            if state.writer.recovered() { context.observe(.storeResumed) }
            replay(answer.rows, &context)
        } else if token == state.survey {
            takeSurvey(answer, &context)
        } else if let index = state.reads.firstIndex(where: { $0.token == token }) {
            self.answer(state.reads.remove(at: index), with: answer.rows, &context)
        }
    }

    public mutating func readFailed(_ failure: StoreFailure, _ token: Token, _ context: inout Context) {
        if token == state.loading || token == state.replay?.token {
            state.loading = nil
            let wasHalted = state.writer.isHalted
            let delay = state.writer.unreadable(failure)
            if !wasHalted { context.observe(.storeHalted(failure)) }
            retryStore(after: delay, &context)
        } else if token == state.loadingOwn {
            state.loadingOwn = nil
        } else if token == state.survey {
            // What lies below stays where it is, and is neither counted nor served.
            state.survey = nil
        } else if let index = state.reads.firstIndex(where: { $0.token == token }) {
            answer(state.reads.remove(at: index), with: [], &context)
        }
    }

    private mutating func takeOwnBlock(_ answer: StoreAnswer, _ context: inout Context) {
        guard let value = answer.value, let block = try? BlockRecord.decode(value),
            block.proposer == context.identity
        else { return }
        markSigned(block.slot, context)
        state.lastOwn = HeldBlock(block)
        if state.isLoaded { attachLastOwn(&context) }
    }

    /// The last own block may be out already. It is the chain's end where nothing else has come on top of its parent.
    mutating func attachLastOwn(_ context: inout Context) {
        if let own = state.lastOwn, own.parent == state.tree.tip { attach([own], &context) }
        state.lastOwn = nil
    }

    /// Goes on from the chain's end in the store.
    private mutating func load(_ answer: StoreAnswer, _ context: inout Context) {
        state.loading = nil
        var chain: [HeldBlock] = []
        var sizes: [Int] = []
        var isCut = false
        for row in answer.rows {
            do throws(BlockRecordError) {
                let held = HeldBlock(try BlockRecord.decode(row.value))
                if let above = chain.last, above.parent != held.tip {
                    context.note(.warning, "block \(held.height) of the store is not the parent of the next; left out")
                    isCut = true
                    break
                }
                chain.append(held)
                sizes.append(row.byteCount)
            } catch {
                context.note(.error, "row \(row.key.number ?? 0) of the chain cannot be read: \(error.message)")
                // What is above is lost and comes again from the peers; what is below has a gap.
                isCut = !chain.isEmpty
                if isCut { break }
            }
        }
        for held in chain {
            _ = state.sightings.note(held.hash, in: held.block.slot)
            if held.block.proposer == context.identity { markSigned(held.block.slot, context) }
        }
        state.tree.load(chain.reversed())
        if let lowest = chain.last?.height { state.writer.loaded(sizes.reversed(), from: lowest, isCut: isCut) }
        if answer.hasMore, !isCut { survey(&context) }
        if context.hasApplication, state.tree.tip.height > 0 {
            replayChain(from: 1, &context)
        } else {
            finishLoading(&context)
        }
    }

    /// Counts what lies below, until it is all, or too much to stay.
    mutating func survey(_ context: inout Context) {
        guard !state.writer.isOver(limits(context)) else { return state.writer.leavesBeginning() }
        let below = StoreRange(table: BlockRecord.table, numbers: 0..<state.writer.stored.first)
        state.survey = read(.range(below, rows: Self.surveyRows, reversed: true), &context)
    }

    private mutating func takeSurvey(_ answer: StoreAnswer, _ context: inout Context) {
        state.survey = nil
        for row in answer.rows {
            guard row.key.number == state.writer.stored.first - 1, row.key.number != 0 else {
                return state.writer.leavesBeginning()
            }
            state.writer.found(row.byteCount)
        }
        if answer.hasMore { survey(&context) }
    }

    // MARK: Trying again

    private mutating func retryStore(after delay: Duration, _ context: inout Context) {
        state.isRetrySet = true
        context.schedule(SlotLeaderTimer.store, after: delay)
    }

    /// The store has been left alone for a while.
    mutating func tryStoreAgain(_ context: inout Context) {
        state.isRetrySet = false
        if let replay = state.replay {
            replayChain(from: replay.next, &context)
        } else if !state.isLoaded {
            loadChain(&context)
        } else {
            writeChain(&context)
            // Nothing is there to try it with: the next own block shows.
            if state.writer.flight == nil, state.writer.recovered() { context.observe(.storeResumed) }
        }
    }
}
