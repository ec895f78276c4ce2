import Kernel
import Wire

// Another process with this node's key: the younger of the two stops signing, and both say so.
extension SlotLeader {
    public mutating func identityConflict(_ conflict: IdentityConflict?, _ context: inout Context) {
        let wasYounger = state.conflict?.isYounger == true
        state.conflict = conflict
        guard let conflict, conflict.isYounger, !wasYounger else { return }
        let place = conflict.endpoint.map { " at \($0)" } ?? ""
        context.note(
            .error,
            "another process\(place) runs with this node's key and is older: this node makes no blocks. "
                + "Stop one of the two, or give this one a key of its own"
        )
    }

    /// Whether this process leaves its slots to another one that has its key.
    func leavesSlotsToTwin(at slot: UInt64) -> Bool {
        state.conflict?.isYounger == true || state.twin.pausedUntil.map { $0 > slot } ?? false
    }

    /// A block of another chain names this node as its proposer. Its signature tells whether another process has the key,
    /// whatever becomes of the block, which cannot be attached.
    mutating func watchOwnKey(_ held: HeldBlock, from peer: Identity, _ context: inout Context) {
        guard held.block.proposer == context.identity, state.twin.isForeign(held.hash, in: held.block.slot),
            state.sightings.sighting(of: held.hash, in: held.block.slot) != .second, hasRoom(for: held, from: peer)
        else { return }
        state.pending.append(PendingBlock(token: context.verify([held.signatureCheck]), held: held, peer: peer))
    }

    /// A block that our own key has signed came in. None is signed for its slot any more, whoever made it.
    mutating func sawOwnKey(_ held: HeldBlock, _ context: inout Context) {
        let slot = held.block.slot
        markSigned(slot, context)
        guard state.twin.isForeign(held.hash, in: slot) else { return }
        let now = SlotSchedule(context.network).slot(at: context.wall) ?? slot
        let round = UInt64(max(1, context.network.masternodes.count))
        let stops = state.twin.sawForeign(held.hash, in: slot, now: now, round: round)
        let consequence = stops ? "this node makes no blocks for now" : "this node was first and goes on"
        context.note(
            .error,
            "another process signs blocks with this node's key, the last one for slot \(slot): \(consequence). "
                + "Stop one of the two, or give it a key of its own"
        )
    }
}
