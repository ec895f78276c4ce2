import Kernel
import Profile

/// Tries a discovery module the way ``LivenessConformance`` tries a liveness module, with the rules that apply to it.
///
/// ```swift
/// try DiscoveryConformance(MyDirectory.descriptor).run().expectConforming()
/// ```
public struct DiscoveryConformance: Sendable {
    /// What it asks of a module.
    public static let rules: [ConformanceRule] = [
        .determinism, .legalUse, .messages, .snapshot, .handOver, .boundedness, .wishes,
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
        guard case .discovery(let make) = descriptor.factory else {
            throw TrialSetup.wrongRole(descriptor, wanted: .discovery)
        }
        let build = try TrialSetup.maker(descriptor, options, make)
        return try StageTrial(
            descriptor: descriptor, exempt: exempt, act: StageAct(channel: .discovery, place: "discovery 0"),
            policies: { watch in
                PolicySet(
                    links: ScriptedLinks(watch: watch), liveness: IdleRole(), consensus: IdleRole(),
                    discovery: [try Self.probe(try build(), watch, build)]
                )
            },
            factory: { watch in .discovery { _ in try Self.probe(try build(), watch, build) } }
        ).perform()
    }

    private static func probe<Module: DiscoveryPolicy>(
        _ module: Module, _ watch: Watch, _ build: @escaping () throws -> any DiscoveryPolicy
    ) throws -> any DiscoveryPolicy {
        Probe(module, watch: watch) { try build() as? Module }
    }
}
