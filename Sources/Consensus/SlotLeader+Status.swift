import Kernel
import Wire

// What operators see of the chain.
extension SlotLeader {
    public var status: ChainStatus {
        ChainStatus(
            height: state.tree.tip.height, hash: state.tree.tip.hash, activeMasternodes: state.activeMasternodes,
            lastBlockAt: state.tree.main.last.map { WallTime(milliseconds: $0.block.timestamp) },
            overdueFrom: state.overdueFrom, waitingFor: waitingFor,
            storageFault: state.writer.isHalted ? state.writer.fault : nil
        )
    }

    private var waitingFor: ChainWait? {
        if !state.isLoaded || state.writer.isHalted { return .store }
        if state.conflict?.isYounger == true { return .identity }
        if state.lacksMasternodes { return .masternodes }
        if state.catchUp?.hasDelivered == true { return .blocks }
        return switch state.lastSkip {
        case .clockAhead, .clockBehind: .clock
        case .identityInUse: .identity
        case .tooFewMasternodes, .catchingUp, .notStarted, .behindSchedule, .storeFailed, .storeSlow, nil: nil
        }
    }

    mutating func countActive(_ context: borrowing Context) {
        let own = context.network.masternode(context.identity) == nil ? 0 : 1
        state.activeMasternodes = state.peers.masternodeCount + own
        state.lacksMasternodes = state.activeMasternodes < context.network.minimumMasternodes
    }

    /// Notes when the next block is overdue: every masternode has had a turn since the last one, and one slot more is over.
    mutating func expectNextBlock(_ context: borrowing Context) {
        let round = UInt64(context.network.masternodes.count)
        let next = state.tree.tipSlot.map { $0 &+ 1 } ?? 0
        state.overdueFrom = SlotSchedule(context.network).start(of: next &+ round &+ 1)
    }

    mutating func skip(_ slot: UInt64, _ cause: SkipCause, _ context: inout Context) {
        state.lastSkip = cause
        context.observe(.ownSlotSkipped(slot: slot, cause))
    }
}
