import Kernel
import Profile

/// Tries a liveness module: in two nodes alone with scripted links, and in five whole nodes under faults, all in
/// virtual time. One line in a test:
///
/// ```swift
/// try LivenessConformance(MyDetector.descriptor).run().expectConforming()
/// ```
///
/// Whether the module is any *good* is not a question for this kit: `timenode compare` answers it.
public struct LivenessConformance: Sendable {
    /// What it asks of a module.
    public static let rules: [ConformanceRule] = [
        .determinism, .legalUse, .messages, .cleanUp, .snapshot, .handOver, .idleness, .boundedness,
    ]

    private let descriptor: ModuleDescriptor
    private let options: Options?
    private let exempt: [ConformanceRule]

    /// A trial of the module with these options, its defaults where there are none.
    ///
    /// - Parameter exempt: rules that the module is known to break; breaches of them are reported apart.
    public init(_ descriptor: ModuleDescriptor, options: Options? = nil, exempt: [ConformanceRule] = []) {
        self.descriptor = descriptor
        self.options = options
        self.exempt = exempt
    }

    /// Runs the module; takes some seconds in a debug build.
    ///
    /// - Throws: ``ConformanceError`` where the module cannot be made. What it does wrong is in the report.
    public func run() throws -> ConformanceReport {
        guard case .liveness(let make) = descriptor.factory else {
            throw TrialSetup.wrongRole(descriptor, wanted: .liveness)
        }
        let build = try TrialSetup.maker(descriptor, options, make)
        return try StageTrial(
            descriptor: descriptor, exempt: exempt,
            act: StageAct(channel: .liveness, place: "liveness", needsLinks: true),
            policies: { watch in
                PolicySet(
                    links: ScriptedLinks(watch: watch), liveness: try Self.probe(try build(), watch, build),
                    consensus: IdleRole(), discovery: []
                )
            },
            factory: { watch in .liveness { _ in try Self.probe(try build(), watch, build) } }
        ).perform()
    }

    private static func probe<Module: LivenessPolicy>(
        _ module: Module, _ watch: Watch, _ build: @escaping () throws -> any LivenessPolicy
    ) throws -> any LivenessPolicy {
        Probe(module, watch: watch, needsLinks: true) { try build() as? Module }
    }
}
