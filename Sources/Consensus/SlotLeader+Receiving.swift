import Kernel
import Wire

// Blocks of others, one at a time: cheap checks, then the signature, then the chain.
extension SlotLeader {
    /// Blocks that may wait for the verifier, their parent or their slot at once.
    static let maximumPending = 256
    /// Of these, one peer's.
    static let maximumPendingOfPeer = 64
    /// What they may take of memory, in the largest blocks there can be; one peer's may take a quarter of it.
    private static let pendingBudgetBlocks = 16
    /// Blocks of so many slots are passed on, in however small a network.
    private static let recentSlots: UInt64 = 8

    mutating func received(_ block: Block, from peer: Identity, _ context: inout Context) {
        if let fault = fault(of: block, context) {
            if fault == .slotInFuture { noteFuture(block.slot, from: peer) }
            return reject(peer, fault, &context)
        }
        // The same block comes from every peer; the first copy's hash will do.
        let held = known(block) ?? HeldBlock(block)
        guard state.isLoaded, !isHeldOrPending(held.tip) else { return state.peers.note(held.tip, of: peer) }
        guard held.height >= state.tree.lowestHeight else { return reject(peer, .tooDeep, &context) }
        if state.sightings.sighting(of: held.hash, in: block.slot) == .further {
            return context.observe(.messageDropped(nil, .consensus, .equivocation))
        }
        guard let parentSlot = slotOfParent(of: held) else {
            watchOwnKey(held, from: peer, &context)
            return missesParent(held, from: peer, &context)
        }
        if case .slot(let slot) = parentSlot, block.slot <= slot {
            return reject(peer, .slotNotAfterParent, &context)
        }
        state.peers.note(held.tip, of: peer)
        // What there is no room for now is fetched later: the peer has said that it has it.
        guard hasRoom(for: held, from: peer) else {
            return context.observe(.messageDropped(nil, .consensus, .queueFull))
        }
        let token = context.verify([held.signatureCheck])
        state.pending.append(PendingBlock(token: token, held: held, peer: peer))
    }

    /// The verifier answered for a pending block.
    mutating func judge(_ index: Int, isSigned: Bool, _ context: inout Context) {
        let pending = state.pending[index]
        if !isSigned {
            state.pending.remove(at: index)
            state.peers.forget(pending.held.tip, of: pending.peer)
            reject(pending.peer, .badSignature, &context)
            // An honest node passes on only what it has checked.
            context.reportMisbehaviour(pending.peer, .badSignature)
        } else if noteSigned(pending.held, &context) == .further {
            state.pending.remove(at: index)
            context.observe(.messageDropped(nil, .consensus, .equivocation))
        } else {
            state.pending[index].isVerified = true
        }
        settlePending(&context)
    }

    /// Notes a block whose signature is right. Of two for one slot the second is evidence: it is told once, and nobody
    /// hears of the block but the one who signed it, so that it learns of another process that has its key.
    mutating func noteSigned(_ held: HeldBlock, _ context: inout Context) -> SlotSightings.Sighting {
        let proposer = held.block.proposer
        if proposer == context.identity { sawOwnKey(held, &context) }
        let sighting = state.sightings.note(held.hash, in: held.block.slot)
        if sighting == .evidence {
            context.observe(.equivocated(proposer, slot: held.block.slot))
            if state.peers[proposer] != nil { context.send(Messages.block(held.block), to: proposer) }
        }
        return sighting
    }

    /// The verifier does not work: nothing is known of a pending block, and its sender's word is forgotten until it speaks
    /// again.
    mutating func dropUnchecked(_ index: Int, _ context: inout Context) {
        let pending = state.pending.remove(at: index)
        state.peers.forget(pending.held.tip, of: pending.peer)
        settlePending(&context)
    }

    /// Attaches verified blocks whose slot and parent have come, and looks for those whose parent will not.
    mutating func settlePending(_ context: inout Context) {
        let slot = SlotSchedule(context.network).slot(at: context.wall)
        while let index = state.pending.firstIndex(where: { pending in
            guard let slot, pending.held.block.slot <= slot else { return false }
            return pending.isVerified && !isPending(pending.held.parent)
        }) {
            let pending = state.pending.remove(at: index)
            if attach([pending.held], &context) {
                context.reportUseful(pending.peer)
                flood(pending.held, except: pending.peer, &context)
            }
        }
        scheduleEarly(&context)
        seekBlocks(&context)
    }

    /// Blocks whose slot has not begun wait for it: a leader that is early must not lock out the leaders before it.
    private mutating func scheduleEarly(_ context: inout Context) {
        guard let slot = state.pending.filter(\.isVerified).map(\.held.block.slot).min() else { return }
        let start = SlotSchedule(context.network).start(of: slot).milliseconds
        let (delay, overflow) = start.subtractingReportingOverflow(context.wall.milliseconds)
        guard !overflow, delay > 0 else { return }
        context.schedule(SlotLeaderTimer.early, after: .milliseconds(delay))
    }

    func hasRoom(for held: HeldBlock, from peer: Identity) -> Bool {
        let budget = Self.pendingBudgetBlocks * options.maxBlockBytes
        var (count, bytes, all) = (0, held.block.payload.count, held.block.payload.count)
        for pending in state.pending {
            all += pending.held.block.payload.count
            guard pending.peer == peer else { continue }
            count += 1
            bytes += pending.held.block.payload.count
        }
        return state.pending.count < Self.maximumPending && count < Self.maximumPendingOfPeer && all <= budget
            && bytes <= budget / 4
    }

    /// What is wrong with a block by itself. No signature is checked for a block that fails here.
    func fault(of block: Block, _ context: borrowing Context) -> BlockRejection? {
        if block.payload.count + Self.blockOverheadBytes > options.maxBlockBytes { return .tooLarge }
        // Slots rise with every block, so the height cannot outrun them.
        if block.height == 0 || block.height - 1 > block.slot { return .wrongHeight }
        let schedule = SlotSchedule(context.network)
        if schedule.leader(of: block.slot) != block.proposer { return .wrongLeader }
        let horizon = horizon(context)
        if schedule.start(of: block.slot) > horizon { return .slotInFuture }
        if !schedule.covers(block.timestamp, slot: block.slot) || block.timestamp > horizon.milliseconds {
            return .badTimestamp
        }
        return nil
    }

    /// What lies beyond is further ahead of this host's clock than clocks may differ.
    func horizon(_ context: borrowing Context) -> WallTime {
        context.wall.advanced(by: options.tolerance(slotInterval: context.network.slotInterval))
    }

    /// Puts blocks into the tree in order, tells of those that joined the best chain and makes them durable.
    ///
    /// - Returns: whether the best chain's end has moved.
    @discardableResult
    mutating func attach(_ blocks: [HeldBlock], _ context: inout Context) -> Bool {
        var changes = StoreBatch()
        var hasMoved = false
        for held in blocks {
            if state.refused.contains(held.hash) || state.refused.contains(held.block.parent) { continue }
            let isContested = state.sightings.isContested(held)
            let before = context.hasApplication ? state.tree : nil
            guard case .joined(let joined, let gaveUp) = state.tree.insert(held, isContested: isContested) else {
                continue
            }
            if let refused = moveApplication(from: gaveUp, to: joined, &changes, &context), let before {
                state.tree = before
                refuse(refused, &context)
                continue
            }
            hasMoved = true
            if !gaveUp.isEmpty {
                context.observe(.reorganised(depth: UInt64(gaveUp.count), height: held.height, hash: held.hash))
            }
            for new in joined {
                context.observe(.blockAccepted(height: new.height, hash: new.hash, slot: new.block.slot))
            }
            if let lowest = joined.first { state.writer.chainChanged(from: lowest.height) }
        }
        guard hasMoved else { return false }
        expectNextBlock(context)
        state.writer.applicationChanged(changes)
        writeChain(&context)
        return true
    }

    /// Sends a block that became the best chain's end to all peers that do not have it. Without waiting for the disk:
    /// the block is its leader's, and our crash would take it from nobody.
    ///
    /// Only one block of a slot is sent, and only while the slot is recent: a leader can sign a block for each of its slots
    /// of the past and two for one, and must not make everybody send them all to everybody. Peers hear where the chain ends
    /// and ask for such blocks at their own pace.
    func flood(_ held: HeldBlock, except source: Identity?, _ context: inout Context) {
        guard held.tip == state.tree.tip else { return }
        let isNews = isRecent(held.block.slot, context) && !state.sightings.isContested(held)
        let message = isNews ? Message(Messages.block(held.block)) : tipMessage
        for peer in state.peers.peers where peer.identity != source && peer.claim != held.tip {
            context.send(message, to: peer.identity)
        }
    }

    /// Whether the slot is one of the last two rounds, or of the last `recentSlots`.
    private func isRecent(_ slot: UInt64, _ context: borrowing Context) -> Bool {
        guard let now = SlotSchedule(context.network).slot(at: context.wall), slot < now else { return true }
        return now - slot <= max(UInt64(2 * context.network.masternodes.count), Self.recentSlots)
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
    static let blockOverheadBytes = 16 + 4 * 8 + 2 * 32 + 64

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
        if state.peers[peer]?.isUnsyncable == true { return reject(peer, .tooDeep, &context) }
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
