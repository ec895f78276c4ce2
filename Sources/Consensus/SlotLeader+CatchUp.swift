import Kernel
import Wire

// Missing blocks: one conversation at a time, with peers in turn, one request outstanding.
extension SlotLeader {
    /// How far below our tip the first request begins: short forks at the tip are the usual case.
    static let firstStepBack: UInt64 = 8
    /// How long a peer may take to answer.
    static let answerTimeout = Duration.seconds(5)

    /// A peer said where its chain ends.
    mutating func heardOf(_ tip: ChainTip, from peer: Identity, _ context: inout Context) {
        guard tip.height > 0 else { return }
        // A chain has at most one block per slot: a higher claim is a lie, or our clock is far behind.
        let limit = SlotSchedule(context.network).slot(at: context.wall.advanced(by: options.futureTolerance))
        guard let limit, tip.height - 1 <= limit else {
            context.note(.debug, "peer \(peer) claims height \(tip.height), more than there were slots")
            return
        }
        state.peers.note(tip, of: peer)
        seekBlocks(&context)
    }

    /// Begins a conversation with the next peer that has a better chain, where none is going on.
    mutating func seekBlocks(_ context: inout Context) {
        guard state.isLoaded, state.catchUp == nil else { return }
        let next = state.peers.next(after: state.lastAsked) { !$0.isHopeless && isWanted($0.claim) }
        guard let next, let claim = next.claim else { return }
        state.lastAsked = next.identity
        state.catchUp = CatchUp(peer: next.identity, claim: claim, startTip: state.tree.tip)
        ask(from: startBelowTip(by: Self.firstStepBack), &context)
    }

    /// The answer to `getBlocks`.
    mutating func received(_ blocks: [Block], from peer: Identity, _ context: inout Context) {
        // Anything but the answer awaited is dropped: an answer that came too late, or what nobody asked for.
        guard let catchUp = state.catchUp, catchUp.peer == peer, catchUp.isWaiting,
            blocks.count <= options.catchUpBatch, blocks.first.map({ $0.height == catchUp.from }) ?? true
        else { return }
        context.cancel(SlotLeaderTimer.catchUp)
        state.peers.update(peer) { $0.isSlow = false }
        let chain = soundPrefix(of: blocks, from: peer, &context)
        guard let first = chain.first, let last = chain.last else { return giveUp(&context) }
        guard state.tree.contains(first.tip) || state.tree.holdsParent(of: first) else { return stepBack(&context) }
        let new = Array(chain.drop { state.tree.contains($0.tip) })
        if new.isEmpty {
            let hasMore = last.height < catchUp.claim.height && state.catchUp?.isLast == false
            return hasMore ? ask(from: last.height + 1, &context) : giveUp(&context)
        }
        verify(new, &context)
    }

    /// All signatures of a batch are checked.
    mutating func finishBatch(_ context: inout Context) {
        guard var catchUp = state.catchUp else { return }
        let signed = Array(catchUp.batch.prefix(catchUp.signedCount))
        if signed.count < catchUp.batch.count {
            distrust(catchUp.peer, .badSignature, &context)
            catchUp.isLast = true
        }
        catchUp.batch = []
        catchUp.checks = []
        catchUp.stepBack = Self.firstStepBack
        state.catchUp = catchUp
        attach(signed, areStored: false, &context)
        if catchUp.isLast { return giveUp(&context) }
        guard let last = signed.last, let claim = state.peers[catchUp.peer]?.claim, isWanted(claim) else {
            return endCatchUp(&context)
        }
        if claim.height > last.height { return ask(from: last.height + 1, &context) }
        // All that was asked for is here and the claim is not in it: the peer has changed to another branch since, or
        // it has said what is not so.
        if claim == catchUp.claim { return giveUp(&context) }
        ask(from: startBelowTip(by: Self.firstStepBack), &context)
    }

    mutating func catchUpTimedOut(_ context: inout Context) {
        guard let catchUp = state.catchUp, catchUp.isWaiting else { return }
        context.note(.warning, "peer \(catchUp.peer) did not answer a request for blocks within 5 s; given up")
        state.peers.update(catchUp.peer) { $0.isSlow = true }
        giveUp(&context)
    }

    /// Ends the conversation, tells the peers what came of it, and looks for the next one.
    mutating func endCatchUp(_ context: inout Context) {
        guard let catchUp = state.catchUp else { return }
        context.cancel(SlotLeaderTimer.catchUp)
        state.catchUp = nil
        if state.tree.tip != catchUp.startTip {
            for peer in state.peers.peers where peer.identity != catchUp.peer && peer.claim != state.tree.tip {
                context.send(tipMessage, to: peer.identity)
            }
        }
        settlePending(&context)
    }

    // MARK: -

    /// Ends a conversation that has led as far as it can: what the peer claimed is not sought again.
    private mutating func giveUp(_ context: inout Context) {
        if let catchUp = state.catchUp { state.peers.forget(catchUp.claim, of: catchUp.peer) }
        endCatchUp(&context)
    }

    private func isWanted(_ claim: ChainTip?) -> Bool {
        guard let claim else { return false }
        return claim.isBetter(than: state.tree.tip) && !state.tree.contains(claim) && !isPending(claim)
    }

    private func startBelowTip(by step: UInt64) -> UInt64 {
        let above = state.tree.tip.height + 1
        return max(state.tree.lowestHeight, above > step ? above - step : 1)
    }

    private mutating func ask(from height: UInt64, _ context: inout Context) {
        guard var catchUp = state.catchUp else { return }
        catchUp.from = height
        catchUp.claim = state.peers[catchUp.peer]?.claim ?? catchUp.claim
        state.catchUp = catchUp
        context.send(.getBlocks(from: height, limit: UInt32(options.catchUpBatch)), to: catchUp.peer)
        context.schedule(SlotLeaderTimer.catchUp, after: Self.answerTimeout)
    }

    /// The answer does not attach to what we hold: the fork lies deeper.
    private mutating func stepBack(_ context: inout Context) {
        guard var catchUp = state.catchUp else { return }
        guard catchUp.from > state.tree.lowestHeight else {
            distrust(catchUp.peer, .tooDeep, &context)
            return giveUp(&context)
        }
        repeat { catchUp.stepBack *= 2 } while startBelowTip(by: catchUp.stepBack) >= catchUp.from
        state.catchUp = catchUp
        ask(from: startBelowTip(by: catchUp.stepBack), &context)
    }

    /// The blocks up to the first that cannot be part of a chain.
    private mutating func soundPrefix(
        of blocks: [Block], from peer: Identity, _ context: inout Context
    ) -> [HeldBlock] {
        var chain: [HeldBlock] = []
        for block in blocks {
            // Nothing is hashed before the cheap checks.
            var fault = fault(of: block, context)
            if fault == nil {
                let held = HeldBlock(block)
                fault = self.fault(of: held, after: chain.last)
                if fault == nil { chain.append(held) }
            }
            guard let fault else { continue }
            state.catchUp?.isLast = true
            // Clocks differ; that alone makes no peer a liar.
            if fault == .slotInFuture {
                noteFuture(block.slot, from: peer)
                reject(peer, fault, &context)
            } else {
                distrust(peer, fault, &context)
            }
            break
        }
        return chain
    }

    private func fault(of held: HeldBlock, after previous: HeldBlock?) -> BlockRejection? {
        if let previous {
            if held.parent != previous.tip { return .wrongHeight }
            return held.block.slot <= previous.block.slot ? .slotNotAfterParent : nil
        }
        if case .slot(let slot) = slotOfParent(of: held), held.block.slot <= slot { return .slotNotAfterParent }
        return nil
    }

    private mutating func distrust(_ peer: Identity, _ fault: BlockRejection, _ context: inout Context) {
        reject(peer, fault, &context)
        state.peers.update(peer) { $0.isHopeless = true }
    }

    private mutating func verify(_ blocks: [HeldBlock], _ context: inout Context) {
        var checks: [SignatureRun] = []
        for start in stride(from: 0, to: blocks.count, by: 64) {
            let run = blocks[start..<min(start + 64, blocks.count)]
            checks.append(SignatureRun(token: context.verify(run.map(\.signatureCheck)), count: run.count))
        }
        state.catchUp?.batch = blocks
        state.catchUp?.checks = checks
    }
}
