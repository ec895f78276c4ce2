import Kernel
import Wire

// Missing blocks: one conversation at a time, with peers in turn, one request outstanding.
extension SlotLeader {
    /// How far below our tip the first request begins: short forks at the tip are the usual case.
    static let firstStepBack: UInt64 = 8
    /// How long a peer may take to answer.
    static let answerTimeout = Duration.seconds(5)

    /// How long one peer is asked while others wait for their turn.
    static let turnLimit = Duration.seconds(10)

    /// A peer said where its chain ends.
    mutating func receivedTip(_ tip: ChainTip, from peer: Identity, _ context: inout Context) {
        guard tip.height > 0 else { return }
        // A chain has at most one block per slot: a higher claim is a lie, or our clock is far behind.
        let limit = SlotSchedule(context.network).slot(at: horizon(context))
        guard let limit, tip.height - 1 <= limit else {
            context.note(.debug, "peer \(peer) claims height \(tip.height), more than there were slots")
            return
        }
        state.peers.note(tip, of: peer)
        seekBlocks(&context)
    }

    /// Begins a conversation with the next peer that has a better chain, where none is going on. A conversation that
    /// awaits its answer gives way to a masternode, so that a stranger holds up none. Strangers wait for their turn: one
    /// that has delivered and draws its answers out must not get the word back at once.
    mutating func seekBlocks(_ context: inout Context) {
        guard state.isLoaded else { return }
        if let current = state.catchUp {
            guard current.isWaiting, let rank = state.peers[current.peer]?.rank, rank > 0,
                let next = nextToAsk(context.now), next.isMasternode
            else { return }
            return endCatchUp(&context)
        }
        guard let next = nextToAsk(context.now) else { return scheduleSeeking(&context) }
        begin(with: next, &context)
    }

    /// The answer to `getBlocks`.
    mutating func received(_ blocks: [Block], from peer: Identity, _ context: inout Context) {
        // Anything but the answer awaited is dropped: an answer that came too late, or what nobody asked for.
        guard let catchUp = state.catchUp, catchUp.peer == peer, catchUp.isWaiting,
            blocks.count <= options.catchUpBatch,
            blocks.first.map({ $0.height == catchUp.from }) ?? true || beginsLater(blocks, than: catchUp, context)
        else { return }
        context.cancel(SlotLeaderTimer.catchUp)
        let chain = soundPrefix(of: blocks, from: peer, &context)
        guard let first = chain.first, let last = chain.last else { return giveUp(&context) }
        if catchUp.join != nil || first.height != catchUp.from { return join(chain, &context) }
        guard state.tree.contains(first.tip) || state.tree.holdsParent(of: first) else { return stepBack(&context) }
        let new = Array(chain.drop { state.tree.contains($0.tip) })
        if new.isEmpty {
            let hasMore = last.height < catchUp.claim.height && state.catchUp?.isLast == false
            return hasMore ? goOn(from: last.height + 1, &context) : giveUp(&context)
        }
        verify(new, &context)
    }

    /// All signatures of a batch are checked.
    mutating func finishBatch(_ verdicts: SignatureVerdicts, _ context: inout Context) {
        guard var catchUp = state.catchUp else { return }
        if catchUp.join != nil { return finishJoining(verdicts, &context) }
        var signed = Array(catchUp.batch.prefix(verdicts.leadingCount))
        let end = signed.firstIndex { noteSigned($0, &context) == .further && !leadsFurther(catchUp) }
        if signed.count < catchUp.batch.count {
            distrust(catchUp.peer, .badSignature, &context)
            context.reportMisbehaviour(catchUp.peer, .badSignature)
            catchUp.isLast = true
        }
        catchUp.batch = []
        catchUp.check = nil
        catchUp.stepBack = Self.firstStepBack
        if let end { signed.removeSubrange(end...) }
        if !signed.isEmpty {
            catchUp.hasDelivered = true
            state.peers.update(catchUp.peer) { $0.deliveries.delivered() }
        }
        state.catchUp = catchUp
        attach(signed, &context)
        if catchUp.isLast { return giveUp(&context) }
        guard let last = signed.last else { return giveUp(&context) }
        goOnOrEnd(after: last, &context)
    }

    /// Asks for what follows a block that was taken, where the peer has claimed more.
    mutating func goOnOrEnd(after last: HeldBlock, _ context: inout Context) {
        guard let catchUp = state.catchUp else { return }
        guard let claim = state.peers[catchUp.peer]?.claim, isWanted(claim) else { return endCatchUp(&context) }
        if claim.height > last.height {
            state.catchUp?.claim = claim
            return goOn(from: last.height + 1, &context)
        }
        // All that was asked for is here and the claim is not in it: the peer has changed to another branch since, or
        // it has said what is not so.
        if claim == catchUp.claim { return giveUp(&context) }
        state.catchUp?.claim = claim
        goOn(from: startBelowTip(by: Self.firstStepBack), &context)
    }

    /// The peer that is asked did not answer in time; or, where nobody is asked, the time has come to ask again.
    mutating func catchUpTimedOut(_ context: inout Context) {
        guard let catchUp = state.catchUp else { return seekBlocks(&context) }
        guard catchUp.isWaiting else { return }
        context.note(.warning, "peer \(catchUp.peer) did not answer a request for blocks within 5 s; given up")
        state.catchUp?.hasDelivered = false
        giveUp(&context)
    }

    /// Ends the conversation, tells the peers what came of it, and looks for the next one.
    ///
    /// - Parameter next: whose turn it is, where that is settled.
    mutating func endCatchUp(thenAsk next: ConsensusPeer? = nil, _ context: inout Context) {
        guard let catchUp = state.catchUp else { return }
        context.cancel(SlotLeaderTimer.catchUp)
        state.catchUp = nil
        if let next { begin(with: next, &context) }
        if state.tree.tip != catchUp.startTip {
            for peer in state.peers.peers where peer.identity != catchUp.peer && peer.claim != state.tree.tip {
                context.send(tipMessage, to: peer.identity)
            }
        }
        settlePending(&context)
    }

    // MARK: -

    /// Ends a conversation that has led as far as it can. Whatever the peer claims by now counts no more than what it
    /// claimed at first: it had its turn. Where nothing came of it, the peer is believed less the next time.
    mutating func giveUp(thenAsk next: ConsensusPeer? = nil, _ context: inout Context) {
        guard let catchUp = state.catchUp else { return }
        let now = context.now
        let early = earlySlot(of: catchUp, context)
        state.peers.update(catchUp.peer) { peer in
            if let early { return peer.deliveries.postpone(to: early) }
            peer.claim = nil
            if !catchUp.hasDelivered, catchUp.futureSlot == nil { peer.deliveries.failed(at: now) }
        }
        endCatchUp(thenAsk: next, &context)
    }

    private mutating func begin(with peer: ConsensusPeer, _ context: inout Context) {
        guard let claim = peer.claim else { return }
        state.lastAsked = peer.identity
        state.catchUp = CatchUp(
            peer: peer.identity, claim: claim, startTip: state.tree.tip, turnEnds: context.now + Self.turnLimit
        )
        ask(from: startBelowTip(by: Self.firstStepBack), &context)
    }

    /// When the slot begins of a block that the answer was cut off before; nil where there is none, or where it is so far
    /// ahead that one of the two clocks is wrong.
    private func earlySlot(of catchUp: CatchUp, _ context: borrowing Context) -> Instant? {
        guard let slot = catchUp.futureSlot else { return nil }
        let start = SlotSchedule(context.network).start(of: slot)
        guard start <= horizon(context) else { return nil }
        return context.now + .milliseconds(max(0, start.milliseconds - context.wall.milliseconds))
    }

    /// Who is asked next: not whom an answer is due from, and nobody before the wait after a failure is over.
    private func nextToAsk(_ now: Instant) -> ConsensusPeer? {
        let current = state.catchUp?.peer
        return state.peers.next(after: state.lastAsked) {
            $0.identity != current && mayBeAsked($0) && $0.deliveries.notBefore <= now
        }
    }

    /// Whether what the peer claims is a longer chain than ours. Only then is a block taken whose slot has two others: a
    /// chain may be built on it.
    private func leadsFurther(_ catchUp: CatchUp) -> Bool { catchUp.claim.height > state.tree.tip.height }

    private func mayBeAsked(_ peer: ConsensusPeer) -> Bool { !peer.isUnsyncable && isWanted(peer.claim) }

    /// Nobody may be asked now: looks again when the first wait is over.
    private mutating func scheduleSeeking(_ context: inout Context) {
        let next = state.peers.peers.filter(mayBeAsked).map(\.deliveries.notBefore).min()
        if let next { context.schedule(SlotLeaderTimer.catchUp, at: next) }
    }

    /// Asks for more, unless the turn is over and another peer waits for its own. A masternode gives way to masternodes
    /// only.
    mutating func goOn(from height: UInt64, _ context: inout Context) {
        guard let catchUp = state.catchUp else { return }
        guard context.now >= catchUp.turnEnds, let next = nextToAsk(context.now),
            next.rank == 0 || state.peers[catchUp.peer]?.rank != 0
        else { return ask(from: height, &context) }
        if catchUp.hasDelivered {
            endCatchUp(thenAsk: next, &context)
        } else {
            giveUp(thenAsk: next, &context)
        }
    }

    /// Our verifier does not work: the peer is no worse for it, and is asked again when it says something else.
    mutating func abandonCatchUp(_ context: inout Context) {
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
        guard let peer = state.catchUp?.peer else { return }
        state.catchUp?.from = height
        context.send(Messages.getBlocks(from: height, limit: UInt32(options.catchUpBatch)), to: peer)
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
        goOn(from: startBelowTip(by: catchUp.stepBack), &context)
    }

    /// The blocks up to the first that cannot be part of a chain, or whose slot has not begun.
    private mutating func soundPrefix(
        of blocks: [Block], from peer: Identity, _ context: inout Context
    ) -> [HeldBlock] {
        let now = SlotSchedule(context.network).slot(at: context.wall)
        var chain: [HeldBlock] = []
        for block in blocks {
            // Nothing is hashed before the cheap checks.
            var fault = fault(of: block, context)
            if fault == nil, now.map({ block.slot > $0 }) ?? true { fault = .slotInFuture }
            if fault == nil {
                let held = HeldBlock(block)
                fault = self.fault(of: held, after: chain.last)
                if fault == nil { chain.append(held) }
            }
            guard let fault else { continue }
            state.catchUp?.isLast = true
            guard fault == .slotInFuture else {
                distrust(peer, fault, &context)
                break
            }
            // Clocks differ; that alone makes no peer a liar.
            state.catchUp?.futureSlot = block.slot
            if SlotSchedule(context.network).start(of: block.slot) > horizon(context) {
                noteFuture(block.slot, from: peer)
                reject(peer, fault, &context)
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

    mutating func distrust(_ peer: Identity, _ fault: BlockRejection, _ context: inout Context) {
        reject(peer, fault, &context)
        state.peers.update(peer) { $0.isUnsyncable = true }
    }

    mutating func verify(_ blocks: [HeldBlock], _ context: inout Context) {
        state.catchUp?.batch = blocks
        state.catchUp?.check = context.verify(blocks.map(\.signatureCheck))
    }
}
