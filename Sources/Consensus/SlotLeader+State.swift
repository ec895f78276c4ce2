import Kernel
import Wire

extension SlotLeader {
    /// What the module remembers: the chain's end, the peers, and what it waits for.
    public struct State: Codable, Sendable {
        var tree: BlockTree
        var peers = PeerBook()
        var activeMasternodes = 0
        /// Fewer are active than a block needs.
        var lacksMasternodes = false
        /// From here on a block should have come.
        var overdueFrom: WallTime?
        /// Why the last own slot passed without a block; nil where it did not.
        var lastSkip: SkipCause?
        /// The store was read, so the tip is ours and not merely the beginning.
        var isLoaded = false
        /// The slots that a block of ours may be out for.
        var signed = SignedSlots()
        /// The slot of our own that was dealt with last, so that it is dealt with once.
        var lastTurn: UInt64?

        /// The blocks of recent slots, for proof that a leader signed twice.
        var sightings = SlotSightings()

        /// What is known of another process with our key, by its blocks.
        var twin = TwinWatch()
        /// The same by its links, as the links module says.
        var conflict: IdentityConflict?

        /// Hashes of blocks that the application refused, oldest first.
        var refused: [BlockHash] = []
        /// The application is brought to the chain's end.
        var replay: Replay?

        /// Brings the chain to the store.
        var writer = ChainWriter()
        /// The store refused, and is asked again when the timer comes.
        var isRetrySet = false
        /// The read of the chain's end, when the node starts.
        var loading: Token?
        /// The read of the last block that this node signed.
        var loadingOwn: Token?
        /// That block, until the chain is loaded.
        var lastOwn: HeldBlock?
        /// The read of what lies below the chain's end.
        var survey: Token?
        /// Blocks of others in the order in which they came, until their signature is checked.
        var pending: [PendingBlock] = []
        /// Own blocks that are not durable yet, hence known to nobody.
        var unsaved: [UnsavedBlock] = []
        /// The one conversation that fetches missing blocks.
        var catchUp: CatchUp?
        /// Whom the last such conversation was with, so that peers take turns.
        var lastAsked: Identity?
        /// Requests of others that wait for the store.
        var reads: [ServingRead] = []

        init(window: Int) {
            self.tree = BlockTree(window: window)
        }

        /// Drops what a driver will not answer any more: a state that was restored knows the tokens of another run.
        mutating func forgetOutstanding() {
            lastTurn = nil
            lastSkip = nil
            twin = TwinWatch()
            conflict = nil
            loading = nil
            loadingOwn = nil
            lastOwn = nil
            survey = nil
            isRetrySet = false
            writer = ChainWriter()
            replay = nil
            pending = []
            unsaved = []
            catchUp = nil
            reads = []
            peers = PeerBook()
        }
    }

    /// A block whose signature is being checked.
    struct PendingBlock: Codable, Sendable {
        let token: Token
        let held: HeldBlock
        let peer: Identity
        /// Checked, and waiting for its parent or for its slot to begin.
        var isVerified = false
    }

    /// An own block on its way to the disk.
    struct UnsavedBlock: Codable, Sendable {
        let token: WriteToken
        let held: HeldBlock
    }

    /// A request for blocks that are older than the window.
    struct ServingRead: Codable, Sendable {
        let token: Token
        let link: LinkID
        let from: UInt64
        let limit: Int
    }

    /// A conversation with one peer that fetches missing blocks: one request at a time.
    struct CatchUp: Codable, Sendable {
        let peer: Identity
        /// What the peer said it has, when the request was sent.
        var claim: ChainTip
        /// Our own tip when the conversation began.
        let startTip: ChainTip
        /// From here on it gives way to other peers that wait for their turn.
        let turnEnds: Instant
        /// Where the request begins.
        var from: UInt64 = 0
        /// How far below our tip it begins.
        var stepBack = SlotLeader.firstStepBack
        /// Blocks of the answer that are new; empty while it is awaited.
        var batch: [HeldBlock] = []
        /// The check of the batch's signatures.
        var check: Token?
        /// The peer keeps nothing that attaches to our chain: what it has is held until enough masternodes have signed it.
        var join: JoinProof?
        /// Nothing more is to be asked of this peer: its answer held a block that cannot be taken.
        var isLast = false
        /// The slot, not begun by our clock, of the block that its answer was cut off before.
        var futureSlot: UInt64?
        /// Blocks that we did not have came of it.
        var hasDelivered = false

        var isWaiting: Bool { batch.isEmpty }
    }
}
