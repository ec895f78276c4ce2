import Kernel
import Profile

/// Finds no link dead: what the transport reports is all there is.
public struct NoLiveness: LivenessPolicy {
    public var state = NoState()

    init() {}

    /// What the registry knows of this module.
    public static let descriptor = ModuleDescriptor(
        spec: ModuleSpec(
            role: Role.liveness.rawValue, id: "none", version: "1.0.0", stability: .stable,
            summary: "no detector: a link ends when its transport says so",
            posture: "a silent peer is kept until the host's TCP gives up, which may be never",
            options: OptionSpec([])
        ),
        factory: .liveness { _ in NoLiveness() }
    )
}
