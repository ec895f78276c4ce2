import Kernel
import Profile

/// The options of `slot-leader`.
public struct SlotLeaderOptions: Sendable, Hashable {
    /// How far ahead of our wall clock a slot may begin for its block to be kept until then; nil for half a slot, and
    /// ``longestTolerance`` at most. Clocks that differ by more make blocks late or lose them.
    public var futureTolerance: Duration?
    /// The largest block that is taken: its signed bytes and its signature.
    public var maxBlockBytes: Int
    /// Blocks of the best chain that are kept in memory; a branch that forks off deeper is refused.
    public var window: Int
    /// Blocks asked for at once.
    public var catchUpBatch: Int
    /// Blocks of the best chain that are kept in the store; older ones are deleted.
    public var keepBlocks: Int
    /// Bytes of blocks that are kept in the store at most. Half of what the store `memory` takes by default.
    public var keepBytes: Int
    /// Slots that the chain may lag behind the schedule before a leader makes no more blocks; nil for any number.
    public var behindLimit: Int?

    /// The tolerance of a network with long slots whose profile states none.
    public static let longestTolerance = Duration.seconds(5)

    /// How far two clocks of a network may differ.
    func tolerance(slotInterval: Duration) -> Duration {
        futureTolerance ?? min(slotInterval / 2, Self.longestTolerance)
    }

    /// Options as they are without a profile.
    public init(
        futureTolerance: Duration? = nil, maxBlockBytes: Int = 1 << 20, window: Int = 256,
        catchUpBatch: Int = 100, behindLimit: Int? = nil, keepBlocks: Int = 500_000, keepBytes: Int = 128 << 20
    ) {
        self.futureTolerance = futureTolerance
        self.maxBlockBytes = maxBlockBytes
        self.window = window
        self.catchUpBatch = catchUpBatch
        self.behindLimit = behindLimit
        self.keepBlocks = keepBlocks
        self.keepBytes = keepBytes
    }

    init(_ options: Options) {
        self.init(
            futureTolerance: options.optionalDuration("future_tolerance"),
            maxBlockBytes: options.bytes("max_block_bytes"),
            window: options.integer("window"), catchUpBatch: options.integer("catch_up_batch"),
            behindLimit: options.optionalInteger("behind_limit"), keepBlocks: options.integer("keep_blocks"),
            keepBytes: options.bytes("keep_bytes")
        )
    }

    /// A tolerance of a whole round of slots would let a masternode show its block before all others have had their turn.
    func misfits(in network: NetworkView) -> [NetworkMisfit] {
        let round = network.slotInterval * network.masternodes.count
        guard let futureTolerance, !network.masternodes.isEmpty, futureTolerance >= round else { return [] }
        let tolerance = DurationText.format(futureTolerance)
        return [
            NetworkMisfit(
                option: "future_tolerance", severity: .error,
                message: "future_tolerance is \(tolerance), and a round of the network's slots takes "
                    + "\(DurationText.format(round)) (\(network.masternodes.count) masternodes, a slot each of "
                    + "\(DurationText.format(network.slotInterval))): a clock may not be a whole round ahead",
                remedy: "leave it out (half a slot, at most 5s), or state less than \(DurationText.format(round))"
            )
        ]
    }

    static let spec = OptionSpec([
        .optionalDuration(
            "future_tolerance", default: nil, in: .zero ... .seconds(3600),
            "how far ahead of this host's clock a block's slot may begin; unset: half a slot, at most 5s"
        ),
        // A block has to fit into one frame of the consensus channel, whose limit is 4 MiB.
        .bytes("max_block_bytes", default: 1 << 20, in: 1024...4_000_000, "the largest block that is taken").agreed(),
        .integer(
            "window", default: 256, in: 16...4096,
            "blocks kept in memory; a branch that forks off deeper is refused"
        ),
        .integer("catch_up_batch", default: 100, in: 1...1000, "blocks asked for at once when this node is behind"),
        .integer(
            "keep_blocks", default: 500_000, in: 16...1_000_000_000,
            "blocks kept in the store; older ones are deleted, except where an application is selected"
        ),
        .bytes(
            "keep_bytes", default: 128 << 20, in: (64 << 10)...(1 << 40),
            "bytes of blocks kept in the store at most; keep it well below what the store takes"
        ),
        .optionalInteger(
            "behind_limit", default: nil, in: 1...1_000_000,
            "slots that the chain may lag behind before a leader makes no more blocks (historical); unset: any number"
        ),
    ])
}
