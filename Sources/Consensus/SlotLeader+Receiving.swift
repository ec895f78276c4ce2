import Kernel
import Wire

// Blocks of others, one at a time: cheap checks, then the signature, then the chain.
extension SlotLeader {
    /// Blocks that may wait for the verifier or their parent at once.
    static let maximumPending = 256

    mutating func received(_ block: Block, from peer: Identity, _ context: inout Context) {
        if let fault = fault(of: block, context) {
            if fault == .slotInFuture { noteFuture(block.slot, from: peer) }
            return reject(peer, fault, &context)
        }
        // The same block comes from every peer; the first copy's hash will do.
        let held = known(block) ?? HeldBlock(block)
        guard state.isLoaded, !isHeldOrPending(held.tip) else { return state.peers.note(held.tip, of: peer) }
        guard held.height >= state.tree.lowestHeight else { return reject(peer, .tooDeep, &context) }
        guard let parentSlot = slotOfParent(of: held) else { return missesParent(held, from: peer, &context) }
        if case .slot(let slot) = parentSlot, block.slot <= slot {
            return reject(peer, .slotNotAfterParent, &context)
        }
        guard state.pending.count < Self.maximumPending else {
            context.observe(.messageDropped(nil, .consensus, .queueFull))
            return
        }
        state.peers.note(held.tip, of: peer)
        let token = context.verify([held.signatureCheck])
        state.pending.append(PendingBlock(token: token, held: held, peer: peer))
    }

    /// The verifier answered for a pending block.
    mutating func judge(_ index: Int, isSigned: Bool, _ context: inout Context) {
        if isSigned {
            state.pending[index].isVerified = true
        } else {
            let pending = state.pending.remove(at: index)
            state.peers.forget(pending.held.tip, of: pending.peer)
            reject(pending.peer, .badSignature, &context)
        }
        settlePending(&context)
    }

    /// Attaches verified blocks whose parent has come, and looks for those whose parent will not.
    mutating func settlePending(_ context: inout Context) {
        while let index = state.pending.firstIndex(where: { $0.isVerified && !isPending($0.held.parent) }) {
            let pending = state.pending.remove(at: index)
            if attach([pending.held], areStored: false, &context) {
                context.commend(pending.peer)
                flood(pending.held, except: pending.peer, &context)
            }
        }
        seekBlocks(&context)
    }

    /// What is wrong with a block by itself. No signature is checked for a block that fails here.
    func fault(of block: Block, _ context: borrowing Context) -> BlockRejection? {
        if block.payload.count + Self.blockOverheadBytes > options.maxBlockBytes { return .tooLarge }
        // Slots rise with every block, so the height cannot outrun them.
        if block.height == 0 || block.height - 1 > block.slot { return .wrongHeight }
        let schedule = SlotSchedule(context.network)
        if schedule.leader(of: block.slot) != block.proposer { return .wrongLeader }
        if schedule.start(of: block.slot) > context.wall.advanced(by: options.futureTolerance) { return .slotInFuture }
        return nil
    }

    /// Puts blocks into the tree in order, tells of those that joined the best chain and makes them durable.
    ///
    /// - Returns: whether the best chain's end has moved.
    @discardableResult
    mutating func attach(_ blocks: [HeldBlock], areStored: Bool, _ context: inout Context) -> Bool {
        var batch = StoreBatch()
        var hasMoved = false
        for held in blocks {
            guard case .joined(let joined, let gaveUp) = state.tree.insert(held) else { continue }
            hasMoved = true
            if gaveUp > 0 { context.observe(.reorganised(depth: gaveUp, height: held.height, hash: held.hash)) }
            for new in joined {
                context.observe(.blockAccepted(height: new.height, hash: new.hash, slot: new.block.slot))
            }
            // An own block's row is written already, unless another branch has stood in between.
            if !areStored || gaveUp > 0 { batch.puts += joined.map(BlockRecord.row) }
        }
        if !batch.puts.isEmpty { _ = context.persist(batch) }
        return hasMoved
    }

    /// Sends a block that became the best chain's end to all peers that do not have it. Without waiting for the disk:
    /// the block is its leader's, and our crash would take it from nobody.
    func flood(_ held: HeldBlock, except source: Identity?, _ context: inout Context) {
        guard held.tip == state.tree.tip else { return }
        for peer in state.peers.peers where peer.identity != source && peer.claim != held.tip {
            context.send(.block(held.block), to: peer.identity)
        }
    }

    /// Remembers that a peer is ahead of our clock; one of us is wrong.
    mutating func noteFuture(_ slot: UInt64, from peer: Identity) {
        state.peers.update(peer) { $0.futureSlot = max($0.futureSlot ?? 0, slot) }
    }

    func reject(_ peer: Identity, _ fault: BlockRejection, _ context: inout Context) {
        context.observe(.blockRejected(peer, fault))
    }

    func isPending(_ tip: ChainTip) -> Bool { state.pending.contains { $0.held.tip == tip } }

    // MARK: -

    /// Bytes of a block besides its payload: what `Block.signedBytes` puts around it, and the signature.
    private static let blockOverheadBytes = 16 + 4 * 8 + 2 * 32 + 64

    /// The slot that a block's own must come after.
    enum ParentSlot {
        case genesis
        case slot(UInt64)
    }

    /// Nil where the parent is neither held nor pending.
    func slotOfParent(of held: HeldBlock) -> ParentSlot? {
        let parent = held.parent
        if parent == .genesis { return state.tree.holdsParent(of: held) ? .genesis : nil }
        if let block = state.tree.block(parent) { return .slot(block.block.slot) }
        return state.pending.first { $0.held.tip == parent }.map { .slot($0.held.block.slot) }
    }

    private func isHeldOrPending(_ tip: ChainTip) -> Bool { state.tree.contains(tip) || isPending(tip) }

    private func known(_ block: Block) -> HeldBlock? {
        if let held = state.tree.mainBlock(at: block.height), held.block == block { return held }
        return state.pending.last { $0.held.block == block }?.held
    }

    private mutating func missesParent(_ held: HeldBlock, from peer: Identity, _ context: inout Context) {
        let parent = held.block.parent
        if parent == .genesis || state.tree.containsHash(parent)
            || state.pending.contains(where: { $0.held.hash == parent })
        {
            return reject(peer, .wrongHeight, &context)
        }
        if state.peers[peer]?.isHopeless == true { return reject(peer, .tooDeep, &context) }
        state.peers.note(held.tip, of: peer)
        seekBlocks(&context)
    }
}

extension HeldBlock {
    var signatureCheck: SignatureCheck {
        SignatureCheck(bytes: block.signedBytes, signature: block.signature, identity: block.proposer)
    }
}

extension WallTime {
    func advanced(by duration: Duration) -> WallTime {
        let (sum, overflow) = milliseconds.addingReportingOverflow(duration.nanoseconds / 1_000_000)
        return WallTime(milliseconds: overflow ? .max : sum)
    }
}
