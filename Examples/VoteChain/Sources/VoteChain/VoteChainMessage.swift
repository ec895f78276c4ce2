import Kernel
import Wire

/// What nodes with `vote-chain` say to each other.
public enum VoteChainMessage: ModuleMessage, Codable {
    /// The leader of a slot proposes a block.
    case proposal(Proposal)
    /// A masternode votes for a block.
    case vote(Vote)

    public enum Kind: UInt32, MessageKind {
        case proposal = 1
        case vote = 2

        public var traits: MessageTraits {
            switch self {
            case .proposal: MessageTraits("proposal", limit: 256 << 10, sendClass: .urgent, cost: .block)
            case .vote: MessageTraits("vote", limit: 256, sendClass: .urgent)
            }
        }
    }

    public static let scope = MessageScope(.consensus, "vote-chain")

    public static let samples: [VoteChainMessage] = {
        let signature = Signature(upper: Bytes32(5, 6, 7, 8), lower: Bytes32(9, 10, 11, 12))
        let first = Block(slot: 3, parent: .genesis)
        let second = Block(slot: 4, parent: first.tip)
        let vote = Vote(
            slot: 3, hash: first.tip.hash, voter: Identity(key: Bytes32(1, 2, 3, 4)), signature: signature)
        return [
            .proposal(Proposal(block: first, signature: signature)), .vote(vote),
            .proposal(
                Proposal(block: second, signature: signature, parent: Certificate(block: first, votes: [vote, vote]))),
        ]
    }()

    public var kind: Kind {
        switch self {
        case .proposal: .proposal
        case .vote: .vote
        }
    }

    public var isWellFormed: Bool {
        guard case .proposal(let proposal) = self, let parent = proposal.parent else { return true }
        return parent.votes.count <= Certificate.maximumVotes
    }

    public func write(to body: inout BodyWriter) {
        switch self {
        case .proposal(let proposal): proposal.write(to: &body)
        case .vote(let vote): vote.write(to: &body)
        }
    }

    public static func read(_ kind: Kind, from body: inout BodyReader) throws(MessageFault) -> VoteChainMessage {
        switch kind {
        case .proposal: .proposal(try Proposal(reading: &body))
        case .vote: .vote(try Vote(reading: &body))
        }
    }

    public func describe(to fields: inout TraceFields) {
        switch self {
        case .proposal(let proposal):
            fields.add("slot", proposal.block.slot)
            fields.add("parent_height", proposal.block.parent.height)
            fields.add("parent", proposal.block.parent.hash)
            fields.add("parent_votes", proposal.parent?.votes.count ?? 0)
        case .vote(let vote):
            fields.add("slot", vote.slot)
            fields.add("hash", vote.hash)
            fields.add("voter", vote.voter)
        }
    }
}
