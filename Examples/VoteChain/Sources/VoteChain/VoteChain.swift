import Kernel
import Wire

/// consensus `vote-chain`: in each slot the masternode whose turn it is proposes a block, and each masternode votes once a
/// slot, after its vote is durable. A block with a quorum's votes is certified: the next one may stand on it. Two certified
/// blocks in two slots in a row make the lower one final, and all below it.
///
/// Why that is safe is said at `mayVote`. Its parts: `+Proposals` takes proposals and makes them, `+Votes` signs and counts,
/// `+Store` keeps what was signed.
public struct VoteChain: ConsensusPolicy {
    public typealias Messages = VoteChainMessage

    /// Messages of one peer whose signatures may be under check at once.
    static let checksPerPeer = 8
    /// How long the wall clock is trusted unseen: it may be set while a timer runs.
    static let longestSleep = Duration.seconds(60)

    public var state = State()

    public struct State: Codable, Sendable {
        /// The certified block of the highest slot; nil before the first.
        var certified: Certificate?
        /// The last certified blocks, so that those below a final one are told of too. At most 16.
        var recent: [Block] = []
        var final = BlockTip.genesis
        /// The newest proposal, which waits for its votes.
        var candidate: Block?
        /// Of each masternode the newest vote.
        var votes: [Vote] = []
        /// What this node signed last, durable or not. It is never contradicted.
        var signed: Record?
        /// What it signed last and is known to be durable.
        var saved: Record?
        var saving: WriteToken?
        var loading: Token?
        /// The last vote was read back: before that this node signs nothing.
        var isLoaded = false
        /// Slots that had begun when the process started are left out: the process before it may have voted.
        var firstSlot: UInt64 = 0
        /// The last own slot that was looked at.
        var turn: UInt64 = 0
        var checks: [Check] = []
        var fault: StoreFailure?
        var activeMasternodes = 0
        var lacksMasternodes = true
        var isYoungerTwin = false

        /// What the next block stands on.
        var tip: BlockTip { certified?.block.tip ?? .genesis }
    }

    /// A message whose signatures are being checked.
    struct Check: Codable, Sendable {
        let token: Token
        let peer: Identity
        let message: VoteChainMessage
    }

    /// The node looks whose turn it is.
    public enum Timer: PolicyTimer {
        case slot

        public var code: TimerCode { TimerCode(kind: 1) }

        public init?(code: TimerCode) {
            guard code.kind == 1 else { return nil }
            self = .slot
        }
    }

    public var status: ChainStatus {
        var waitingFor: ChainWait?
        if !state.isLoaded || state.fault != nil {
            waitingFor = .store
        } else if state.isYoungerTwin {
            waitingFor = .identity
        } else if state.lacksMasternodes {
            waitingFor = .masternodes
        }
        return ChainStatus(
            height: state.final.height, hash: state.final.hash, activeMasternodes: state.activeMasternodes,
            waitingFor: waitingFor, storageFault: state.fault
        )
    }

    /// A state that comes from an earlier process has that one's tokens in it; nobody answers them any more.
    public mutating func start(_ context: inout Context) {
        state.checks = []
        state.saving = nil
        state.isLoaded = false
        state.firstSlot = Slots(context.network).slot(at: context.wall) + 1
        countMasternodes(context)
        scheduleSlot(&context)
        load(&context)
    }

    public mutating func fired(_ timer: Timer, _ context: inout Context) {
        scheduleSlot(&context)
        if !state.isLoaded, state.loading == nil { load(&context) }
        let slots = Slots(context.network)
        let slot = slots.slot(at: context.wall)
        guard slot > state.turn, slots.leader(of: slot) == context.identity else { return }
        state.turn = slot
        lead(slot, &context)
    }

    public mutating func reconfigured(_ context: inout Context) {
        countMasternodes(context)
        scheduleSlot(&context)
    }

    public mutating func linkUp(_ link: Link, _ context: inout Context) {
        countMasternodes(context)
        greet(link.id, &context)
    }

    public mutating func linkDown(_ link: Link, _ reason: Reason, _ context: inout Context) {
        countMasternodes(context)
    }

    public mutating func received(_ message: VoteChainMessage, from link: LinkID, _ context: inout Context) {
        guard state.isLoaded, let peer = context.peer(of: link),
            state.checks.count(where: { $0.peer == peer }) < Self.checksPerPeer
        else { return }
        switch message {
        case .proposal(let proposal): check(proposal, from: peer, &context)
        case .vote(let vote): check(vote, from: peer, &context)
        }
    }

    public mutating func verified(_ verification: Verification, _ token: Token, _ context: inout Context) {
        guard let index = state.checks.firstIndex(where: { $0.token == token }) else { return }
        let check = state.checks.remove(at: index)
        guard case .checked(let verdicts) = verification else { return }
        // Every node checks before it passes on, so that whoever sent this lies.
        guard verdicts.allHold else { return context.reportMisbehaviour(check.peer, .badSignature) }
        switch check.message {
        case .proposal(let proposal): take(proposal, &context)
        case .vote(let vote): take(vote, &context)
        }
    }

    public mutating func identityConflict(_ conflict: IdentityConflict?, _ context: inout Context) {
        state.isYoungerTwin = conflict?.isYounger == true
    }

    // MARK: -

    /// The new link's peer gets what this node voted for last, with the proof of its parent, and the vote: it catches up.
    func greet(_ link: LinkID, _ context: inout Context) {
        guard state.isLoaded, let saved = state.saved else { return }
        context.send(Messages.proposal(saved.proposal), over: link)
        context.send(Messages.vote(saved.vote), over: link)
    }

    /// Everybody with a link that is up, each once.
    func peers(_ context: borrowing Context) -> [Identity] {
        var peers: [Identity] = []
        for link in context.links.up {
            if let peer = link.peer, !peers.contains(peer) { peers.append(peer) }
        }
        return peers
    }

    private mutating func countMasternodes(_ context: borrowing Context) {
        let network = context.network
        let known = peers(context) + [context.identity]
        state.activeMasternodes = known.count { network.masternode($0) != nil }
        state.lacksMasternodes = state.activeMasternodes < network.minimumMasternodes
    }

    private func scheduleSlot(_ context: inout Context) {
        let slots = Slots(context.network)
        let next = slots.start(of: slots.slot(at: context.wall) + 1)
        let delay = Duration.milliseconds(max(1, next.milliseconds &- context.wall.milliseconds))
        context.schedule(Timer.slot, after: min(delay, Self.longestSleep))
    }
}
