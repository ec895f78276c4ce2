import Kernel
import Profile

/// Tries a workload module the way ``LivenessConformance`` tries a liveness module, with the rules that apply to it.
///
/// ```swift
/// try WorkloadConformance(MyLoad.descriptor).run().expectConforming()
/// ```
public struct WorkloadConformance: Sendable {
    /// What it asks of a module.
    public static let rules: [ConformanceRule] = [
        .determinism, .legalUse, .messages, .snapshot, .handOver, .boundedness,
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
        guard case .workload(let make) = descriptor.factory else {
            throw TrialSetup.wrongRole(descriptor, wanted: .workload)
        }
        let build = try TrialSetup.maker(descriptor, options, make)
        return try StageTrial(
            descriptor: descriptor, exempt: exempt, act: StageAct(channel: .application, place: "workload 0"),
            policies: { watch in
                PolicySet(
                    links: ScriptedLinks(watch: watch), liveness: IdleRole(), consensus: IdleRole(), discovery: [],
                    workloads: [try Self.probe(try build(), watch, build)]
                )
            },
            factory: { watch in .workload { _ in try Self.probe(try build(), watch, build) } }
        ).perform()
    }

    private static func probe<Module: WorkloadPolicy>(
        _ module: Module, _ watch: Watch, _ build: @escaping () throws -> any WorkloadPolicy
    ) throws -> any WorkloadPolicy {
        Probe(module, watch: watch) { try build() as? Module }
    }
}
