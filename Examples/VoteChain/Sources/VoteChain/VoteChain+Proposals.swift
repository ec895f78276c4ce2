import Kernel
import Wire

// Proposals: our own, and those of others.
extension VoteChain {
    /// Our slot has come.
    mutating func lead(_ slot: UInt64, _ context: inout Context) {
        guard state.isLoaded else { return context.observe(.ownSlotSkipped(slot: slot, .notStarted)) }
        guard !state.isYoungerTwin else { return context.observe(.ownSlotSkipped(slot: slot, .identityInUse)) }
        guard !state.lacksMasternodes else { return context.observe(.ownSlotSkipped(slot: slot, .tooFewMasternodes)) }
        let block = Block(slot: slot, parent: state.tip)
        guard mayVote(for: block, context) else { return context.observe(.ownSlotSkipped(slot: slot, .clockBehind)) }
        var proposal = Proposal(block: block, signature: .none, parent: state.certified)
        proposal.signature = context.sign(proposal.signedBytes)
        state.candidate = block
        vote(for: proposal, isOwn: true, &context)
    }

    /// Looks at a proposal; what is new in it goes on to the verifier.
    mutating func check(_ proposal: Proposal, from peer: Identity, _ context: inout Context) {
        var proposal = proposal
        let block = proposal.block
        let slots = Slots(context.network)
        guard block.slot > block.parent.slot, block.slot <= slots.horizon(at: context.wall),
            isNews(block) || block.parent.slot > state.tip.slot, let leader = slots.leader(of: block.slot)
        else { return }
        var checks = [
            SignatureCheck(bytes: proposal.signedBytes, signature: proposal.signature, identity: leader)
        ]
        if block.parent == state.tip {
            // Known already: nobody looks at the proof that came along.
            proposal.parent = state.certified
        } else if let parent = proposal.parent {
            guard isWhole(parent, for: block.parent, slots) else { return }
            checks += parent.votes.map(\.check)
        } else if block.parent != .genesis {
            return
        }
        let token = context.verify(checks)
        state.checks.append(Check(token: token, peer: peer, message: .proposal(proposal)))
    }

    /// The leader has signed the proposal, and a quorum its parent.
    mutating func take(_ proposal: Proposal, _ context: inout Context) {
        if let parent = proposal.parent { certify(parent, &context) }
        guard isNews(proposal.block) else { return }
        state.candidate = proposal.block
        if mayVote(for: proposal.block, context) { vote(for: proposal, isOwn: false, &context) }
        countVotes(&context)
    }

    private func isNews(_ block: Block) -> Bool {
        block.slot > state.tip.slot && block.slot > state.candidate?.slot ?? 0
    }

    /// Whether there are enough votes for `tip`, all of masternodes and no two of one; the verifier does the rest.
    private func isWhole(_ certificate: Certificate, for tip: BlockTip, _ slots: Slots) -> Bool {
        let voters = certificate.votes.map(\.voter)
        return certificate.block.tip == tip && certificate.votes.allSatisfy { $0.isFor(tip) }
            && voters.count >= slots.quorum
            && zip(voters, voters.dropFirst()).allSatisfy { $0 < $1 }
            && voters.allSatisfy { slots.network.masternode($0) != nil }
    }

    /// A block with the votes of a quorum. Where its parent's slot is the one before, the parent is final.
    mutating func certify(_ certificate: Certificate, _ context: inout Context) {
        let block = certificate.block
        guard block.slot > state.tip.slot else { return }
        state.certified = certificate
        state.recent = state.recent.suffix(15) + [block]
        state.votes.removeAll { $0.slot <= block.slot }
        if let candidate = state.candidate, candidate.slot <= block.slot { state.candidate = nil }
        guard block.slot == block.parent.slot &+ 1, block.parent.height > state.final.height else { return }
        var chain = [block.parent]
        // Whoever was away for long does not know all that lies between, and goes on from here.
        while let lowest = state.recent.last(where: { $0.tip == chain[0] }), lowest.parent.height > state.final.height {
            chain.insert(lowest.parent, at: 0)
        }
        for tip in chain {
            context.observe(.blockAccepted(height: tip.height, hash: tip.hash, slot: tip.slot))
        }
        state.final = block.parent
    }
}
