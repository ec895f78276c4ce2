import Kernel
import Profile

/// Tries a discovery module the way ``LivenessConformance`` tries a liveness module, with the rules that apply to it:
/// all of ``ConformanceRule`` but `clean-up` and `idleness`.
///
/// ```swift
/// try DiscoveryConformance(MyDirectory.descriptor).run().expectConforming()
/// ```
public struct DiscoveryConformance: Sendable {
    private let descriptor: ModuleDescriptor
    private let options: Options?

    /// A trial of the module with these options, its defaults where there are none.
    public init(_ descriptor: ModuleDescriptor, options: Options? = nil) {
        self.descriptor = descriptor
        self.options = options
    }

    /// Runs the module; takes some seconds in a debug build.
    ///
    /// - Throws: ``ConformanceError`` where the module cannot be made. What it does wrong is in the report.
    public func run() throws -> ConformanceReport {
        guard case .discovery(let make) = descriptor.factory else {
            throw Trial.wrongRole(descriptor, wanted: .discovery)
        }
        let options = try Trial.options(options, for: descriptor)
        _ = try Trial.tryOut(descriptor) { try make(options) }
        let build = { @Sendable in try make(options) }
        return try Trial(
            descriptor: descriptor, needsLinks: false, channel: .discovery,
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
        Probe(module, watch: watch, needsLinks: false) { try build() as? Module }
    }
}
