import Kernel
import Wire

// Own slots: when they come, whether we may lead them, and the block.
extension SlotLeader {
    /// Own blocks that may wait for a slow disk at once; the oldest gives way.
    private static let maximumUnsaved = 4
    /// How long the wall clock is trusted unseen: it may be set while a timer runs.
    private static let longestSleep: Int64 = 60_000

    /// A slot that had begun when the node started is not led: an earlier process may have led it.
    mutating func skipRunningSlot(_ context: inout Context) {
        let schedule = SlotSchedule(context.network)
        guard let slot = schedule.slot(at: context.wall), schedule.leader(of: slot) == context.identity,
            schedule.start(of: slot) < context.wall
        else { return }
        if let last = state.lastOwnSlot, last >= slot { return }
        skip(slot, .notStarted, &context)
        state.lastOwnSlot = slot
    }

    mutating func scheduleNextSlot(_ context: inout Context) {
        let schedule = SlotSchedule(context.network)
        let wall = context.wall
        var candidate: UInt64 = 0
        if let slot = schedule.slot(at: wall) {
            let isOver = schedule.start(of: slot) < wall || state.lastOwnSlot.map { $0 >= slot } ?? false
            candidate = isOver ? slot &+ 1 : slot
        }
        guard let turn = schedule.turn(of: context.identity, from: candidate) else { return }
        let start = schedule.start(of: turn).milliseconds
        let (delay, overflow) = start.subtractingReportingOverflow(wall.milliseconds)
        let sleep = overflow ? Self.longestSleep : min(max(delay, 0), Self.longestSleep)
        context.schedule(SlotLeaderTimer.slot, after: .milliseconds(sleep))
    }

    mutating func slotCame(_ context: inout Context) {
        let schedule = SlotSchedule(context.network)
        if let slot = schedule.slot(at: context.wall), schedule.leader(of: slot) == context.identity {
            if let last = state.lastOwnSlot, last >= slot {
                if last > slot {
                    context.note(.warning, "slot \(slot) comes again: this host's wall clock was set back")
                }
            } else {
                state.lastOwnSlot = slot
                lead(slot, &context)
            }
        }
        scheduleNextSlot(&context)
    }

    private mutating func lead(_ slot: UInt64, _ context: inout Context) {
        guard state.isLoaded else { return skip(slot, .notStarted, &context) }
        guard state.activeMasternodes >= context.network.minimumMasternodes else {
            return skip(slot, .tooFewMasternodes, &context)
        }
        if let catchUp = state.catchUp, state.peers[catchUp.peer]?.isSlow == false {
            return skip(slot, .catchingUp, &context)
        }
        guard !isBehindMost(context) else { return skip(slot, .clockBehind, &context) }
        if let limit = options.behindLimit, slot > state.tree.tip.height + UInt64(limit) {
            return skip(slot, .behindSchedule, &context)
        }
        if let tipSlot = state.tree.tipSlot, tipSlot >= slot {
            context.note(
                .warning,
                "no block in our slot \(slot): the chain is at slot \(tipSlot) already; is this host's clock behind?"
            )
            return
        }
        var block = Block(
            height: state.tree.tip.height + 1, parent: state.tree.tip.hash, slot: slot, proposer: context.identity,
            timestamp: context.wall.milliseconds, payload: [], signature: .none
        )
        block.signature = context.sign(block.signedBytes)
        let held = HeldBlock(block)
        context.observe(.blockProduced(height: held.height, hash: held.hash, slot: slot))
        // Nobody, ourselves included, builds on the block before it is durable: after a crash this node must not sign
        // a second block for a slot whose first one is out.
        var batch = StoreBatch()
        batch.puts.append(BlockRecord.row(held))
        if state.unsaved.count >= Self.maximumUnsaved { state.unsaved.removeFirst() }
        for index in state.unsaved.indices where state.unsaved[index].held.height == held.height {
            state.unsaved[index].isOverwritten = true
        }
        state.unsaved.append(UnsavedBlock(token: context.persist(batch), held: held))
    }

    /// An own block is durable: it joins the chain and goes to all peers.
    mutating func publish(_ own: UnsavedBlock, _ context: inout Context) {
        if attach([own.held], areStored: !own.isOverwritten, &context) { flood(own.held, except: nil, &context) }
        settlePending(&context)
    }

    /// Whether most of the linked masternodes are in slots that have not come by our clock. Then it is ours that is behind,
    /// and this slot may be one that an earlier process of this node has led.
    private func isBehindMost(_ context: borrowing Context) -> Bool {
        let schedule = SlotSchedule(context.network)
        let limit = context.wall.advanced(by: options.futureTolerance)
        let ahead = state.peers.peers.count { peer in
            guard peer.isMasternode, let slot = peer.futureSlot else { return false }
            return schedule.start(of: slot) > limit
        }
        return 2 * ahead > state.peers.masternodeCount
    }

    private func skip(_ slot: UInt64, _ cause: SkipCause, _ context: inout Context) {
        context.observe(.ownSlotSkipped(slot: slot, cause))
    }
}
