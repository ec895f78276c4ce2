import Kernel
import Wire

// Joining a chain whose beginning nobody keeps any more: what a new node, or one with an empty store, needs when its peers
// have deleted old blocks.
extension SlotLeader {
    /// Bytes of blocks that are held until enough masternodes have signed them.
    private static let joinBytes = 64 << 20
    /// Blocks that are held, in rounds of slots.
    private static let joinRounds = 8

    /// Blocks above our chain that cannot be attached to it, and the masternodes that signed one of them.
    ///
    /// Each signature covers its block's parent, so that whoever has signed a block has built on all that are before it. A
    /// chain that as many masternodes have signed as a block needs active is the network's as far as anybody can tell: fewer
    /// make no blocks.
    struct JoinProof: Codable, Sendable {
        private(set) var blocks: [HeldBlock] = []
        private(set) var signers: [Identity] = []
        private(set) var bytes = 0

        mutating func add(_ signed: [HeldBlock]) {
            for held in signed {
                blocks.append(held)
                bytes += held.block.payload.count
                if !signers.contains(held.block.proposer) { signers.append(held.block.proposer) }
            }
        }
    }

    /// A node that has led a few slots before it heard of anybody's chain has no chain of the network's yet.
    private static let maximumOwnBlocks = 8

    /// Whether an answer begins above what was asked for, because the peer keeps nothing older, and may be joined.
    ///
    /// Only a node without a chain joins: whoever has one never gives it up for blocks that do not reach it. A masternode
    /// is asked where one is linked, since a stranger could cut the history short that others still keep.
    func beginsLater(_ blocks: [Block], than catchUp: CatchUp, _ context: borrowing Context) -> Bool {
        guard let first = blocks.first, catchUp.join == nil, !context.hasApplication, hasNoChain(context),
            state.peers[catchUp.peer]?.isMasternode == true || state.peers.masternodeCount == 0
        else { return false }
        return first.height > catchUp.from && first.height > state.tree.tip.height + 1
    }

    private func hasNoChain(_ context: borrowing Context) -> Bool {
        guard state.tree.tip.height < UInt64(Self.maximumOwnBlocks) else { return false }
        let own = context.identity
        return state.tree.main.allSatisfy { $0.block.proposer == own }
    }

    /// Takes blocks that follow those held so far, and has their signatures checked.
    mutating func join(_ chain: [HeldBlock], _ context: inout Context) {
        guard let first = chain.first else { return giveUp(&context) }
        let proof = state.catchUp?.join ?? JoinProof()
        if let last = proof.blocks.last {
            guard first.parent == last.tip else { return refuseJoining(.wrongHeight, &context) }
            guard first.block.slot > last.block.slot else { return refuseJoining(.slotNotAfterParent, &context) }
        }
        state.catchUp?.join = proof
        verify(chain, &context)
    }

    private mutating func refuseJoining(_ fault: BlockRejection, _ context: inout Context) {
        if let catchUp = state.catchUp { distrust(catchUp.peer, fault, &context) }
        giveUp(&context)
    }

    /// All signatures of a batch are checked.
    mutating func finishJoining(_ verdicts: SignatureVerdicts, _ context: inout Context) {
        guard var catchUp = state.catchUp, var proof = catchUp.join else { return }
        let signed = Array(catchUp.batch.prefix(verdicts.leadingCount))
        if signed.count < catchUp.batch.count {
            distrust(catchUp.peer, .badSignature, &context)
            context.reportMisbehaviour(catchUp.peer, .badSignature)
            catchUp.isLast = true
        }
        proof.add(signed)
        catchUp.batch = []
        catchUp.check = nil
        catchUp.join = proof
        state.catchUp = catchUp
        let needed = min(max(1, context.network.minimumMasternodes), max(1, context.network.masternodes.count))
        if proof.signers.count >= needed { return adopt(proof, &context) }
        let most = max(options.window, Self.joinRounds * context.network.masternodes.count)
        guard !catchUp.isLast, let last = signed.last, last.height < catchUp.claim.height, proof.blocks.count < most,
            proof.bytes < Self.joinBytes
        else {
            context.note(
                .warning,
                "peer \(catchUp.peer) keeps no blocks below height \(proof.blocks.first?.height ?? 0), and those above are "
                    + "signed by \(proof.signers.count) masternodes where \(needed) are needed: not taken"
            )
            return giveUp(&context)
        }
        goOn(from: last.height + 1, &context)
    }

    /// Our chain is the proven one from here on.
    private mutating func adopt(_ proof: JoinProof, _ context: inout Context) {
        guard let first = proof.blocks.first, let last = proof.blocks.last, let catchUp = state.catchUp else { return }
        let gaveUp = state.tree.main.count
        context.note(
            .info,
            "the chain begins at height \(first.height) here: no peer that was asked keeps older blocks, and "
                + "\(proof.signers.count) masternodes have signed those above"
        )
        state.tree.replace(with: proof.blocks)
        state.peers.update(catchUp.peer) { $0.deliveries.delivered() }
        state.catchUp?.join = nil
        state.catchUp?.hasDelivered = true
        if gaveUp > 0 {
            context.observe(.reorganised(depth: UInt64(gaveUp), height: last.height, hash: last.hash))
        }
        for held in proof.blocks {
            _ = noteSigned(held, &context)
            if held.block.proposer == context.identity { markSigned(held.block.slot, context) }
            context.observe(.blockAccepted(height: held.height, hash: held.hash, slot: held.block.slot))
        }
        state.writer.chainChanged(from: first.height)
        expectNextBlock(context)
        writeChain(&context)
        goOnOrEnd(after: last, &context)
    }
}
