import Kernel
import Wire

// Own slots: when they come, whether we may lead them, and the block.
extension SlotLeader {
    /// Own blocks that may wait for a slow disk at once; the oldest gives way.
    private static let maximumUnsaved = 4
    /// How long the wall clock is trusted unseen at most: it may be set while a timer runs.
    private static let longestSleep = Duration.seconds(60)
    /// How often it is looked at and no more, however short the slots are.
    private static let shortestSleep = Duration.seconds(1)

    /// A slot that had begun when the node started is not led: an earlier process may have led it.
    mutating func skipRunningSlot(_ context: inout Context) {
        let schedule = SlotSchedule(context.network)
        guard let slot = schedule.slot(at: context.wall), schedule.leader(of: slot) == context.identity,
            schedule.start(of: slot) < context.wall
        else { return }
        state.lastTurn = slot
        guard !state.signed.contains(slot) else { return }
        skip(slot, .notStarted, &context)
        markSigned(slot, context)
    }

    mutating func scheduleNextSlot(_ context: inout Context) {
        let schedule = SlotSchedule(context.network)
        let wall = context.wall
        var candidate: UInt64 = 0
        if let slot = schedule.slot(at: wall) {
            let isOver = schedule.start(of: slot) < wall || state.lastTurn == slot || state.signed.contains(slot)
            candidate = isOver ? slot &+ 1 : slot
        }
        guard let turn = schedule.turn(of: context.identity, from: candidate) else { return }
        let start = schedule.start(of: turn).milliseconds
        let (delay, overflow) = start.subtractingReportingOverflow(wall.milliseconds)
        // One look a slot: then no slot of ours passes unseen, wherever the clock is set to.
        let limit = min(max(context.network.slotInterval, Self.shortestSleep), Self.longestSleep)
        let sleep = overflow ? limit : min(.milliseconds(max(delay, 0)), limit)
        context.schedule(SlotLeaderTimer.slot, after: sleep)
    }

    mutating func slotCame(_ context: inout Context) {
        let schedule = SlotSchedule(context.network)
        if let slot = schedule.slot(at: context.wall), schedule.leader(of: slot) == context.identity,
            slot != state.lastTurn
        {
            let wasSetBack = state.lastTurn.map { $0 > slot } ?? false
            state.lastTurn = slot
            if !state.signed.contains(slot) {
                lead(slot, &context)
            } else if wasSetBack {
                context.note(.warning, "slot \(slot) comes again: this host's wall clock was set back")
            }
        }
        scheduleNextSlot(&context)
    }

    /// No block of ours is signed for this slot from now on.
    mutating func markSigned(_ slot: UInt64, _ context: borrowing Context) {
        state.signed.insert(slot, round: UInt64(max(1, context.network.masternodes.count)))
    }

    private mutating func lead(_ slot: UInt64, _ context: inout Context) {
        guard state.isLoaded else { return skip(slot, .notStarted, &context) }
        guard !state.writer.isHalted else { return skip(slot, .storeFailed, &context) }
        guard state.activeMasternodes >= context.network.minimumMasternodes else {
            return skip(slot, .tooFewMasternodes, &context)
        }
        guard !leavesSlotsToTwin(at: slot) else { return skip(slot, .identityInUse, &context) }
        guard !isCatchingUp(before: slot, context) else { return skip(slot, .catchingUp, &context) }
        guard !isBehindMost(context) else { return skip(slot, .clockBehind, &context) }
        if let limit = options.behindLimit, slot > state.tree.tip.height + UInt64(limit) {
            return skip(slot, .behindSchedule, &context)
        }
        if let tipSlot = state.tree.tipSlot, tipSlot >= slot {
            context.note(
                .warning,
                "no block in our slot \(slot): the chain is at slot \(tipSlot) already; is this host's clock behind?"
            )
            return skip(slot, .clockBehind, &context)
        }
        var block = Block(
            height: state.tree.tip.height + 1, parent: state.tree.tip.hash, slot: slot, proposer: context.identity,
            timestamp: context.wall.milliseconds, payload: [], signature: .none
        )
        let frame = BlockFrame(
            height: block.height, parent: block.parent, proposer: context.identity, time: context.wall
        )
        block.payload = context.proposePayload(for: frame, limit: options.maxBlockBytes - Self.blockOverheadBytes)
        markSigned(slot, context)
        state.lastSkip = nil
        block.signature = context.sign(block.signedBytes)
        let held = HeldBlock(block)
        state.twin.signed(held.hash, in: slot)
        _ = noteSigned(held, &context)
        // Nobody, ourselves included, builds on the block before it is durable: after a crash this node must not sign
        // a second block for a slot whose first one is out.
        if state.unsaved.count >= Self.maximumUnsaved {
            skip(state.unsaved.removeFirst().held.block.slot, .storeSlow, &context)
        }
        save(held, &context)
    }

    /// An own block is durable: it joins the chain and goes to all peers. Only then is it produced.
    mutating func publish(_ own: UnsavedBlock, _ context: inout Context) {
        let block = own.held.block
        if attach([own.held], &context), state.tree.tip == own.held.tip {
            context.observe(.blockProduced(height: block.height, hash: own.held.hash, slot: block.slot))
            flood(own.held, except: nil, &context)
        } else {
            skip(block.slot, .storeSlow, &context)
        }
        settlePending(&context)
    }

    /// Whether blocks are coming that prove that our chain ends long before `slot`. What a peer only claims stops no
    /// leader: it costs the peer nothing.
    private func isCatchingUp(before slot: UInt64, _ context: borrowing Context) -> Bool {
        guard state.catchUp?.hasDelivered == true, let tipSlot = state.tree.tipSlot else { return false }
        return tipSlot &+ UInt64(context.network.masternodes.count) < slot
    }

    /// Whether most of the linked masternodes are in slots that have not come by our clock. Then it is ours that is behind,
    /// and this slot may be one that an earlier process of this node has led.
    private func isBehindMost(_ context: borrowing Context) -> Bool {
        let schedule = SlotSchedule(context.network)
        let limit = horizon(context)
        let ahead = state.peers.peers.count { peer in
            guard peer.isMasternode, let slot = peer.futureSlot else { return false }
            return schedule.start(of: slot) > limit
        }
        return 2 * ahead > state.peers.masternodeCount
    }
}
