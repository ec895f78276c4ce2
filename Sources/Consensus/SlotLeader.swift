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
/// `+Serving` answers who asks, `+Store` and `ChainWriter` keep the chain in the store.
public struct SlotLeader: ConsensusPolicy {
    public typealias Messages = SlotLeaderMessage

    /// What the profile says.
    public let options: SlotLeaderOptions
    public var state: State

    public static var stateVersion: Int { 3 }

    /// A module that has not started.
    public init(options: SlotLeaderOptions) {
        self.options = options
        self.state = State(window: options.window)
    }

    public mutating func start(_ context: inout Context) {
        state.forgetOutstanding()
        state.tree.resize(window: options.window)
        state.twin.startSlot = SlotSchedule(context.network).slot(at: context.wall)
        for link in context.links.up { addPeer(of: link, context) }
        countActive(context)
        expectNextBlock(context)
        skipRunningSlot(&context)
        scheduleNextSlot(&context)
        if context.hasApplication {
            // It begins at the first block, and with it the chain is read again.
            state.isLoaded = false
            state.tree = BlockTree(window: options.window)
        }
        if state.isLoaded, let lowest = state.tree.firstHeight {
            state.writer.begin(rewritingFrom: lowest)
            if lowest > 1 { survey(&context) }
            writeChain(&context)
        } else {
            state.isLoaded = false
            loadChain(&context)
        }
    }

    public mutating func fired(_ timer: SlotLeaderTimer, _ context: inout Context) {
        switch timer {
        case .slot: slotCame(&context)
        case .catchUp: catchUpTimedOut(&context)
        case .early: settlePending(&context)
        case .store: tryStoreAgain(&context)
        }
    }

    public mutating func reconfigured(_ context: inout Context) {
        state.tree.resize(window: options.window)
        for peer in state.peers.peers {
            let isMasternode = context.network.masternode(peer.identity) != nil
            state.peers.update(peer.identity) { $0.isMasternode = isMasternode }
        }
        countActive(context)
        expectNextBlock(context)
        scheduleNextSlot(&context)
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
        let isAsked = state.catchUp?.peer == peer
        if isAsked, state.catchUp?.hasDelivered == false {
            let now = context.now
            state.peers.update(peer) { $0.deliveries.failed(at: now) }
        }
        state.peers.remove(peer)
        countActive(context)
        if isAsked { endCatchUp(&context) }
    }

    public mutating func received(_ message: SlotLeaderMessage, from link: LinkID, _ context: inout Context) {
        guard let peer = context.peer(of: link), state.peers[peer] != nil else { return }
        switch message {
        case .tip(let height, let hash): receivedTip(ChainTip(height: height, hash: hash), from: peer, &context)
        case .block(let block): received(block, from: peer, &context)
        case .getBlocks(let from, let limit): serve(from: from, limit: limit, over: link, &context)
        case .blocks(let blocks): received(blocks, from: peer, &context)
        }
    }

    public mutating func verified(_ verification: Verification, _ token: Token, _ context: inout Context) {
        if let catchUp = state.catchUp, catchUp.check == token {
            switch verification {
            case .checked(let verdicts): finishBatch(verdicts, &context)
            case .failed: abandonCatchUp(&context)
            }
        } else if let index = state.pending.firstIndex(where: { $0.token == token }) {
            switch verification {
            case .checked(let verdicts): judge(index, isSigned: verdicts[0], &context)
            case .failed: dropUnchecked(index, &context)
            }
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
        messages: SlotLeaderMessage.self, factory: .consensus { SlotLeader(options: SlotLeaderOptions($0)) },
        misfits: { SlotLeaderOptions($0).misfits(in: $1) }
    )

    var tipMessage: Message { Message(Messages.tip(height: state.tree.tip.height, hash: state.tree.tip.hash)) }

    private mutating func addPeer(of link: Link, _ context: borrowing Context) {
        guard let peer = link.peer else { return }
        state.peers.add(peer, isMasternode: context.network.masternode(peer) != nil)
    }

    /// The chain's end is known, and the application is there.
    mutating func finishLoading(_ context: inout Context) {
        state.isLoaded = true
        expectNextBlock(context)
        attachLastOwn(&context)
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
    /// The slot begins of a block that came early.
    case early
    /// The store refused, and is asked again.
    case store

    public var code: TimerCode {
        switch self {
        case .slot: TimerCode(kind: 0)
        case .catchUp: TimerCode(kind: 1)
        case .early: TimerCode(kind: 2)
        case .store: TimerCode(kind: 3)
        }
    }

    public init?(code: TimerCode) {
        switch code.kind {
        case 0: self = .slot
        case 1: self = .catchUp
        case 2: self = .early
        case 3: self = .store
        default: return nil
        }
    }
}
