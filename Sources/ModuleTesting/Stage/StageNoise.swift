import Kernel
import Wire

/// The end of a node's chain.
struct ChainEnd {
    let height: UInt64
    let hash: BlockHash
}

/// What the peers of a tried module say: for liveness and discovery somebody else's messages, which are only a sign of
/// life; for the other roles their own channel, with all that a liar can say on it.
struct StageNoise {
    let channel: Channel

    mutating func next(
        _ draws: inout RandomStream, at now: Int64, count: Int, over tip: ChainEnd
    ) -> Message {
        switch channel {
        case .consensus: consensus(&draws, now, tip)
        case .application: application(&draws, count)
        case .liveness, .discovery, .links: .request(id: UInt64(count), padding: 100)
        }
    }

    private func application(_ draws: inout RandomStream, _ count: Int) -> Message {
        switch draws.below(4) {
        case 0: .request(id: draws.next(), padding: 100)
        case 1: .reply(id: draws.below(UInt64(count) + 1), padding: 100)
        case 2: .reply(id: draws.next(), padding: 0)
        default: .custom(CustomMessage(channel: .application, kind: 7, body: [1, 2, 3]))
        }
    }

    private func consensus(_ draws: inout RandomStream, _ now: Int64, _ tip: ChainEnd) -> Message {
        switch draws.below(10) {
        case 0: return .tip(height: draws.below(4), hash: hash(&draws))
        case 1: return .tip(height: tip.height + draws.below(1 << 20), hash: hash(&draws))
        case 2: return .getBlocks(from: draws.below(tip.height + 2), limit: UInt32(draws.below(2000)))
        case 3: return .blocks([block(&draws, now, tip), block(&draws, now, tip)])
        case 4: return .custom(CustomMessage(channel: .consensus, kind: UInt32(draws.below(9)), body: [9, 9]))
        default: return .block(block(&draws, now, tip))
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
