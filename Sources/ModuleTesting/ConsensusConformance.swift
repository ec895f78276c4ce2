import Kernel
import Profile

/// Tries a consensus module: in two nodes with scripted links, where it hears what liars say (blocks without parents,
/// blocks of wrong leaders, several for one slot, heights that cannot be), and in five whole nodes under faults, all in
/// virtual time.
///
/// ```swift
/// try ConsensusConformance(MyConsensus.descriptor, finality: 0).run().expectConforming()
/// ```
public struct ConsensusConformance: Sendable {
    /// What it asks of a module.
    public static let rules: [ConformanceRule] = [
        .determinism, .legalUse, .messages, .snapshot, .handOver, .boundedness, .heights, .agreement, .progress,
    ]

    private let descriptor: ModuleDescriptor
    private let options: Options?
    private let finality: Int?
    private let exempt: [ConformanceRule]

    /// A trial of the module with these options, its defaults where there are none.
    ///
    /// - Parameters:
    ///   - finality: how many blocks above a block make it final: 0 where each accepted block is, nil where none ever is.
    ///   - exempt: rules that the module is known to break; breaches of them are reported apart.
    public init(
        _ descriptor: ModuleDescriptor, options: Options? = nil, finality: Int? = nil, exempt: [ConformanceRule] = []
    ) {
        self.descriptor = descriptor
        self.options = options
        self.finality = finality
        self.exempt = exempt
    }

    /// Runs the module; takes some ten seconds in a debug build.
    ///
    /// - Throws: ``ConformanceError`` where the module cannot be made. What it does wrong is in the report.
    public func run() throws -> ConformanceReport {
        guard case .consensus(let make) = descriptor.factory else {
            throw TrialSetup.wrongRole(descriptor, wanted: .consensus)
        }
        let build = try TrialSetup.maker(descriptor, options, make)
        return try StageTrial(
            descriptor: descriptor, exempt: exempt,
            act: StageAct(
                channel: .consensus, place: "consensus", makesBlocks: true, finality: finality, thinning: 16
            ),
            policies: { watch in
                PolicySet(
                    links: ScriptedLinks(watch: watch), liveness: IdleRole(),
                    consensus: try Self.probe(try build(), watch, build), discovery: []
                )
            },
            factory: { watch in .consensus { _ in try Self.probe(try build(), watch, build) } }
        ).perform()
    }

    private static func probe<Module: ConsensusPolicy>(
        _ module: Module, _ watch: Watch, _ build: @escaping () throws -> any ConsensusPolicy
    ) throws -> any ConsensusPolicy {
        let highest = Highest()
        return Probe(
            module, watch: watch, thinning: 16,
            inspect: { module, context in highest.judge(module.status.height, at: context.now, watch) },
            remake: { try build() as? Module }
        )
    }

    /// The height that one node's chain has had.
    private final class Highest {
        private var height: UInt64 = 0

        func judge(_ height: UInt64, at now: Instant, _ watch: Watch) {
            if height < self.height {
                watch.report(.heights, "at \(now) the height fell from \(self.height) to \(height)")
            }
            self.height = height
        }
    }
}
