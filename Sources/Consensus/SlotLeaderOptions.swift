import Kernel
import Profile

/// The options of `slot-leader`.
public struct SlotLeaderOptions: Sendable, Hashable {
    /// How far ahead of our wall clock a slot may begin for its block to be taken.
    public var futureTolerance: Duration
    /// The largest block that is taken: its signed bytes and its signature.
    public var maxBlockBytes: Int
    /// Blocks of the best chain that are kept in memory; a branch that forks off deeper is refused.
    public var window: Int
    /// Blocks asked for at once.
    public var catchUpBatch: Int
    /// Slots that the chain may lag behind the schedule before a leader makes no more blocks; nil for any number.
    public var behindLimit: Int?

    /// Options as they are without a profile.
    public init(
        futureTolerance: Duration = .seconds(5), maxBlockBytes: Int = 1 << 20, window: Int = 256,
        catchUpBatch: Int = 100, behindLimit: Int? = nil
    ) {
        self.futureTolerance = futureTolerance
        self.maxBlockBytes = maxBlockBytes
        self.window = window
        self.catchUpBatch = catchUpBatch
        self.behindLimit = behindLimit
    }

    init(_ options: Options) {
        self.init(
            futureTolerance: options.duration("future_tolerance"), maxBlockBytes: options.bytes("max_block_bytes"),
            window: options.integer("window"), catchUpBatch: options.integer("catch_up_batch"),
            behindLimit: options.optionalInteger("behind_limit")
        )
    }

    static let spec = OptionSpec([
        .duration(
            "future_tolerance", default: .seconds(5), in: .zero ... .seconds(3600),
            "how far ahead of this host's clock a block's slot may begin"
        ),
        // A block has to fit into one frame of the consensus channel, whose limit is 4 MiB.
        .bytes("max_block_bytes", default: 1 << 20, in: 1024...4_000_000, "the largest block that is taken"),
        .integer(
            "window", default: 256, in: 16...4096,
            "blocks kept in memory; a branch that forks off deeper is refused"
        ),
        .integer("catch_up_batch", default: 100, in: 1...1000, "blocks asked for at once when this node is behind"),
        .optionalInteger(
            "behind_limit", default: nil, in: 1...1_000_000,
            "slots that the chain may lag behind before a leader makes no more blocks (historical); unset: any number"
        ),
    ])
}
