import Kernel
import Profile

extension AckCounter {
    /// What a registry knows of this module: its name, its options, and how it is made.
    public static let descriptor = ModuleDescriptor(
        spec: ModuleSpec(
            role: Role.liveness.rawValue, id: "ack-counter", version: "1.0.0", stability: .alpha,
            summary: "probes quiet links only, and counts the probes that go unacknowledged",
            posture: "a peer can keep a useless link up by saying anything at all; a busy link costs nothing",
            options: OptionSpec([
                .duration(
                    "quiet", default: .seconds(10), in: .milliseconds(100) ... .seconds(3600),
                    "silence of a link after which it is probed"
                ),
                .duration(
                    "wait", default: .seconds(5), in: .milliseconds(10) ... .seconds(600),
                    "how long a probe may stay unacknowledged"
                ),
                .integer(
                    "misses", default: 3, in: 1...100, "unacknowledged probes in a row after which a link is dead"),
            ])
        ),
        factory: .liveness {
            AckCounter(quiet: $0.duration("quiet"), wait: $0.duration("wait"), misses: $0.integer("misses"))
        }
    )
}
