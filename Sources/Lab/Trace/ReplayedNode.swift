import Kernel
import Profile
import Trace

/// One node of a trace, made again from the header.
struct ReplayedNode {
    let entry: TraceHeader.Node
    private let network: NetworkView
    private let signer: any Signer
    private let makePolicies: () throws -> PolicySet
    /// Hands signatures back where the key is not at hand.
    let recordedSigner: ReplaySigner?
    private(set) var node: Node?
    private var seed: UInt64 = 0
    /// What the last input made the node ask for.
    private var effects: [Effect] = []
    /// How many of those the trace has confirmed.
    private var confirmed = 0
    /// The timers that the last input fired.
    private(set) var fired: [FiredTimer] = []
    /// Inputs taken, over all processes.
    private(set) var inputs = 0

    init(
        _ entry: TraceHeader.Node, network: NetworkView, signer: any Signer,
        makePolicies: @escaping () throws -> PolicySet
    ) {
        self.entry = entry
        self.network = network
        self.signer = signer
        self.recordedSigner = signer as? ReplaySigner
        self.makePolicies = makePolicies
    }

    private func configuration() throws -> NodeConfiguration {
        NodeConfiguration(
            network: network, endpoint: entry.endpoint, signer: signer, seed: seed,
            connectTimeout: entry.connectTimeout, modules: try makePolicies()
        )
    }

    /// A new process on this host.
    mutating func start(seed: UInt64) throws {
        self.seed = seed
        node = Node(try configuration())
    }

    /// A process that goes on where the recorded one was.
    mutating func resume(_ checkpoint: NodeCheckpoint) throws {
        node = try Node(configuration(), resuming: checkpoint)
    }

    /// - Returns: false where there is no process.
    mutating func take(_ input: Input, at time: Int64, wall: WallTime, signed: [SignedBytes]) -> Bool {
        guard let node else { return false }
        recordedSigner?.expect(signed)
        node.handle(input, at: Instant(nanoseconds: time), wall: wall)
        recordedSigner?.finish()
        effects = node.effects
        node.effects = []
        fired = node.firedTimers
        confirmed = 0
        inputs += 1
        return true
    }

    /// How many effects the last input had.
    var effectCount: Int { effects.count }

    /// The next effect that the trace has to have.
    var pending: Effect? { confirmed < effects.count ? effects[confirmed] : nil }

    mutating func confirm() { confirmed += 1 }
}
