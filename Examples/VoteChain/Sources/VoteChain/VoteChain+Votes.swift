import Kernel
import Wire

// Votes: our own, and those of others.
extension VoteChain {
    /// Whether a vote for `block`, whose parent is certified, contradicts none that this node has signed.
    ///
    /// One vote a slot: so no slot has two certified blocks. And never for a block whose parent is of an older slot than the
    /// parent of the last block voted for. Where block B of slot s and its child of slot s + 1 are both certified, a quorum
    /// has voted for the child; any later certified block shares an honest voter with it, hence has a parent of slot s or
    /// later, which is B or, by the same argument, stands on B. So B is final. All that this takes is the last vote.
    func mayVote(for block: Block, _ context: borrowing Context) -> Bool {
        guard context.network.masternode(context.identity) != nil, !state.isYoungerTwin, state.isLoaded,
            block.slot >= state.firstSlot, block.slot > block.parent.slot
        else { return false }
        guard let last = state.signed?.proposal.block else { return true }
        return block.slot > last.slot && block.parent.slot >= last.parent.slot
    }

    /// Signs a vote and has it kept; it goes out once it is durable, and never where the write fails. An own proposal waits
    /// for the same write, so that no slot of ours has two of them.
    mutating func vote(for proposal: Proposal, isOwn: Bool, _ context: inout Context) {
        let tip = proposal.block.tip
        var vote = Vote(slot: tip.slot, hash: tip.hash, voter: context.identity, signature: .none)
        vote.signature = context.sign(vote.signedBytes)
        let record = Record(proposal: proposal, vote: vote, final: state.final)
        state.signed = record
        let token = persist(record.batch, &context)
        state.saving = token
        // What goes to many is made once.
        let messages = (isOwn ? [Message(Messages.proposal(proposal))] : []) + [Message(Messages.vote(vote))]
        for peer in peers(context) {
            for message in messages { context.send(message, to: peer, after: token) }
        }
    }

    /// Looks at a vote; a new one goes on to the verifier.
    mutating func check(_ vote: Vote, from peer: Identity, _ context: inout Context) {
        let slots = Slots(context.network)
        guard vote.voter != context.identity, slots.network.masternode(vote.voter) != nil, isNews(vote),
            vote.slot <= slots.horizon(at: context.wall)
        else { return }
        let token = context.verify([vote.check])
        state.checks.append(Check(token: token, peer: peer, message: .vote(vote)))
    }

    /// A masternode's newest vote takes the place of the one before: there are as many as masternodes.
    mutating func take(_ vote: Vote, _ context: inout Context) {
        guard isNews(vote) else { return }
        state.votes.removeAll { $0.voter == vote.voter }
        state.votes.append(vote)
        countVotes(&context)
    }

    mutating func countVotes(_ context: inout Context) {
        guard let candidate = state.candidate else { return }
        let slots = Slots(context.network)
        let tip = candidate.tip
        let votes = state.votes.filter { $0.isFor(tip) && slots.network.masternode($0.voter) != nil }
            .sorted { $0.voter < $1.voter }
        guard votes.count >= slots.quorum else { return }
        certify(Certificate(block: candidate, votes: Array(votes.prefix(slots.quorum))), &context)
    }

    private func isNews(_ vote: Vote) -> Bool {
        let known = state.votes.first { $0.voter == vote.voter }
        return vote.slot > max(state.tip.slot, known?.slot ?? 0)
    }
}

extension Vote {
    var check: SignatureCheck { SignatureCheck(bytes: signedBytes, signature: signature, identity: voter) }
}
