import Kernel
import Profile
import Wire

/// consensus `slot-leader`: the masternodes take turns, one slot of the wall clock each, and the leader of a slot may
/// make one block in it.
///
/// A slot without its leader has no block, and nothing waits for it. Of two chains the higher is the better one, of two
/// equally high ones the one whose last hash is lower; there is no finality beyond the window.
///
/// Its parts: `+Leading` makes own blocks, `+Receiving` takes those of others, `+CatchUp` asks for what is missing,
/// `+Serving` answers who asks.
public struct SlotLeader: ConsensusPolicy {
    /// What the profile says.
    public let options: SlotLeaderOptions
    public var state: State

    /// In version 2 held blocks are hex digits.
    public static var stateVersion: Int { 2 }

    /// A module that has not started.
    public init(options: SlotLeaderOptions) {
        self.options = options
        self.state = State(window: options.window)
    }

    public var status: ChainStatus {
        ChainStatus(
            height: state.tree.tip.height, hash: state.tree.tip.hash, activeMasternodes: state.activeMasternodes
        )
    }

    public mutating func start(_ context: inout Context) {
        state.forgetOutstanding()
        state.tree.resize(window: options.window)
        for link in context.links.up { addPeer(of: link, context) }
        countActive(context)
        skipRunningSlot(&context)
        scheduleNextSlot(&context)
        if !state.isLoaded {
            state.loading = context.read(.descending(table: BlockRecord.table, limit: options.window))
        }
    }

    public mutating func fired(_ timer: SlotLeaderTimer, _ context: inout Context) {
        switch timer {
        case .slot: slotCame(&context)
        case .catchUp: catchUpTimedOut(&context)
        }
    }

    public mutating func linkUp(_ link: Link, _ context: inout Context) {
        addPeer(of: link, context)
        countActive(context)
        // What the peer knows decides who asks whom; over this very link, because an older one may be dead.
        if state.isLoaded { context.send(tipMessage, over: link.id) }
    }

    public mutating func linkDown(_ link: Link, _ reason: Reason, _ context: inout Context) {
        state.reads.removeAll { $0.link == link.id }
        guard let peer = link.peer, context.links.newestUp(with: peer) == nil else { return }
        state.peers.remove(peer)
        countActive(context)
        if state.catchUp?.peer == peer { endCatchUp(&context) }
    }

    public mutating func received(_ message: Message, from link: LinkID, _ context: inout Context) {
        guard let peer = context.peer(of: link), state.peers[peer] != nil else { return }
        switch message {
        case .tip(let height, let hash): heardOf(ChainTip(height: height, hash: hash), from: peer, &context)
        case .block(let block): received(block, from: peer, &context)
        case .getBlocks(let from, let limit): serve(from: from, limit: limit, over: link, &context)
        case .blocks(let blocks): received(blocks, from: peer, &context)
        default: break
        }
    }

    public mutating func persisted(_ token: Token, _ context: inout Context) {
        guard let index = state.unsaved.firstIndex(where: { $0.token == token }) else { return }
        publish(state.unsaved.remove(at: index), &context)
    }

    public mutating func rows(_ rows: [StoreBatch.Row], _ token: Token, _ context: inout Context) {
        if token == state.loading {
            load(rows, &context)
        } else if let index = state.reads.firstIndex(where: { $0.token == token }) {
            let read = state.reads.remove(at: index)
            answer(read, with: rows, &context)
        }
    }

    public mutating func verified(_ token: Token, mask: UInt64, _ context: inout Context) {
        if state.catchUp?.take(mask, of: token) == true {
            finishBatch(&context)
        } else if let index = state.pending.firstIndex(where: { $0.token == token }) {
            judge(index, isSigned: mask & 1 == 1, &context)
        }
    }
}

extension SlotLeader {
    /// The module as registries know it.
    public static let descriptor = ModuleDescriptor(
        spec: ModuleSpec(
            role: Role.consensus.rawValue, id: "slot-leader", version: "1", stability: .beta,
            summary: "masternodes take turns by the wall clock; the longest chain wins, then the lower hash",
            posture: "takes only blocks that the leader of their slot signed; no finality beyond the window",
            options: SlotLeaderOptions.spec
        ),
        factory: .consensus { SlotLeader(options: SlotLeaderOptions($0)) }
    )

    var tipMessage: Message { .tip(height: state.tree.tip.height, hash: state.tree.tip.hash) }

    private mutating func addPeer(of link: Link, _ context: borrowing Context) {
        guard let peer = link.peer else { return }
        state.peers.add(peer, isMasternode: context.network.masternode(peer) != nil)
    }

    private mutating func countActive(_ context: borrowing Context) {
        let own = context.network.masternode(context.identity) == nil ? 0 : 1
        state.activeMasternodes = state.peers.masternodeCount + own
    }

    /// Goes on from the chain's end in the store.
    private mutating func load(_ rows: [StoreBatch.Row], _ context: inout Context) {
        state.loading = nil
        state.isLoaded = true
        var chain: [HeldBlock] = []
        for row in rows {
            do throws(BlockRecordError) {
                let held = HeldBlock(try BlockRecord.decode(row.value))
                if let above = chain.last, above.parent != held.tip {
                    context.note(.warning, "block \(held.height) of the store is not the parent of the next; left out")
                    break
                }
                chain.append(held)
            } catch {
                context.note(.error, "row \(row.key.row) of the chain cannot be read: \(error.message)")
                // What is above is lost and comes again from the peers; what is below has a gap.
                if !chain.isEmpty { break }
            }
        }
        state.tree.load(chain.reversed())
        for peer in state.peers.peers { context.send(tipMessage, to: peer.identity) }
        seekBlocks(&context)
    }
}

/// The timers of `slot-leader`.
public enum SlotLeaderTimer: PolicyTimer {
    /// Our own next slot begins, or it is time to look at the wall clock again.
    case slot
    /// A peer had time enough to answer a request for blocks.
    case catchUp

    public var code: TimerCode {
        switch self {
        case .slot: TimerCode(kind: 0)
        case .catchUp: TimerCode(kind: 1)
        }
    }

    public init?(code: TimerCode) {
        switch code.kind {
        case 0: self = .slot
        case 1: self = .catchUp
        default: return nil
        }
    }
}
