import Consensus
import Kernel
import Wire

/// The end of a node's chain.
struct ChainEnd {
    let height: UInt64
    let hash: BlockHash
}

/// What the peers of a tried module say: its own messages with all that a liar can say in them, and somebody else's, which
/// are only a sign of life.
struct StageNoise {
    let channel: Channel
    /// Whether the module speaks the language of `slot-leader`, for which there are lies of its own.
    private let makesChains: Bool
    private var own: ModuleNoise

    init(channel: Channel, messages: any ModuleMessage.Type) {
        self.channel = channel
        makesChains = messages == SlotLeaderMessage.self
        own = ModuleNoise(messages)
    }

    /// The tried module said this.
    mutating func hear(_ message: Message) { own.hear(message) }

    func next(_ draws: inout RandomStream, at now: Int64, over tip: ChainEnd) -> Message {
        if makesChains { return chain(&draws, now, tip) }
        return draws.chance(1, in: 8) ? unknown : own.next(&draws) ?? unknown
    }

    /// Of a module that nobody here has.
    private var unknown: Message {
        .module(RawEnvelope(channel: channel, scope: .max, kind: 7, body: [1, 2, 3]))
    }

    private func chain(_ draws: inout RandomStream, _ now: Int64, _ tip: ChainEnd) -> Message {
        switch draws.below(10) {
        case 0: return Message(SlotLeaderMessage.tip(height: draws.below(4), hash: hash(&draws)))
        case 1:
            return Message(SlotLeaderMessage.tip(height: tip.height + draws.below(1 << 20), hash: hash(&draws)))
        case 2:
            return Message(
                SlotLeaderMessage.getBlocks(from: draws.below(tip.height + 2), limit: UInt32(draws.below(2000))))
        case 3: return Message(SlotLeaderMessage.blocks([block(&draws, now, tip), block(&draws, now, tip)]))
        case 4: return unknown
        default: return Message(SlotLeaderMessage.block(block(&draws, now, tip)))
        }
    }

    /// A block that may be anything: a good one, a second one for its slot, one without a parent, one of a leader whose
    /// slot it is not, one of tomorrow, one whose signature is none.
    private func block(_ draws: inout RandomStream, _ now: Int64, _ tip: ChainEnd) -> Block {
        let interval = StageNetwork.view.slotInterval.nanoseconds
        let current = UInt64(now / interval)
        let slot = draws.chance(1, in: 8) ? current + draws.below(1 << 16) : current - min(current, draws.below(12))
        let members = StageNetwork.view.masternodes
        let leader = members[Int((draws.chance(1, in: 8) ? slot + 1 : slot) % UInt64(members.count))].identity
        let isOrphan = draws.chance(1, in: 3)
        var block = Block(
            height: isOrphan ? 1 + draws.below(current + 2) : tip.height + 1,
            parent: isOrphan ? hash(&draws) : tip.hash, slot: slot, proposer: leader,
            timestamp: StageNetwork.wall(at: now).milliseconds, payload: [UInt8(draws.below(256))], signature: .none
        )
        if !draws.chance(1, in: 4) { block.signature = StageSigner.signature(of: block.signedBytes, by: leader) }
        return block
    }

    private func hash(_ draws: inout RandomStream) -> BlockHash {
        BlockHash(bytes: Bytes32(draws.next(), draws.next(), draws.next(), draws.next()))
    }
}
