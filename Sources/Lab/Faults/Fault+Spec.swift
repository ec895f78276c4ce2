import Kernel
import Profile

extension Scenario.Fault {
    /// The key `faults` of scenarios and of plans.
    static let list = OptionField.list(
        "faults",
        of: .union(
            cases,
            common: OptionSpec([
                .duration("at", in: .zero ... .seconds(31_536_000), "when, from the start of the run")
            ])
        ),
        default: [], "the plan of faults"
    )

    private static let node = OptionField.string(
        "node", maxBytes: 64,
        "a host's name, its number from 0, 'in-turn' (each in turn, seed by seed), 'drawn' or 'all'"
    )
    private static let healing = OptionField.optionalDuration(
        "for", in: .milliseconds(1) ... .seconds(31_536_000), "how long it lasts; unset: for good"
    )
    private static let ends = [
        OptionField.string("from", maxBytes: 64, "sender, as 'node' elsewhere"),
        OptionField.string("to", maxBytes: 64, "receiver, as 'node' elsewhere"),
    ]

    private static let cases = hostCases + networkCases + resourceCases

    private static let hostCases = [
        UnionCase("power_loss", [node, healing], "a machine falls silent, with all it had in memory"),
        UnionCase(
            "stall",
            [
                node,
                .duration("for", in: .milliseconds(1) ... .seconds(86_400), "how long, at least"),
                .optionalDuration(
                    "up_to", in: .milliseconds(1) ... .seconds(86_400), "how long at most; drawn evenly in between"
                ),
            ],
            "a process does not run; its kernel does"
        ),
        UnionCase(
            "long_work",
            [node, .duration("for", in: .milliseconds(1) ... .seconds(86_400), "how long")],
            "a process announces long work to its peers and then does not run, as in a stall"
        ),
        UnionCase(
            "suspend",
            [node, .duration("for", in: .milliseconds(1) ... .seconds(86_400), "how long")],
            "a machine sleeps, its memory kept: its sockets are still there when it wakes"
        ),
        UnionCase(
            "kill",
            [node, .duration("down", in: .milliseconds(1) ... .seconds(86_400), "until it starts again")],
            "a process is killed; its kernel says so to everybody"
        ),
    ]

    private static let networkCases = [
        UnionCase(
            "close_inbound", [node, healing], "a stateful firewall: connection requests to the node vanish"
        ),
        UnionCase(
            "drop",
            ends + [
                .boolean("both_ways", default: false, "the other direction too"),
                .choice(
                    "answer", default: BlockAnswer.silence.rawValue, of: BlockAnswer.allCases.map(\.rawValue),
                    "what the sender gets in place of the receiver's answer"
                ),
                healing,
            ],
            "every segment from one host to another is stopped"
        ),
        UnionCase(
            "partition",
            [
                .integer("first", in: 1...10_000, "this many hosts on one side, the rest on the other"),
                .duration("for", in: .milliseconds(1) ... .seconds(31_536_000), "how long it lasts"),
            ],
            "two halves no longer reach each other"
        ),
        UnionCase("reset", ends, "every connection between two hosts is reset, once"),
        UnionCase(
            "nat",
            [
                node,
                .duration(
                    "idle", in: .milliseconds(1) ... .seconds(86_400),
                    "a connection that is idle for longer is forgotten"
                ),
                healing,
            ],
            "an address translator in front of the node: nobody can dial it, and idle connections die in silence"
        ),
        UnionCase(
            "acknowledging_proxy", [node, healing],
            "a proxy in front of the node acknowledges in its name, whether it lives or not"
        ),
        UnionCase(
            "weather",
            [
                node,
                .duration("latency", default: .zero, in: .zero ... .seconds(60), "more latency, one way"),
                .integer("loss_per_million", default: 0, in: 0...900_000, "more lost segments in a million"),
                healing,
            ],
            "the node's line is bad, both ways"
        ),
    ]

    private static let resourceCases = [
        UnionCase(
            "clock",
            [
                node,
                .duration("ahead", default: .zero, in: .zero ... .seconds(31_536_000), "set forward by this"),
                .duration("behind", default: .zero, in: .zero ... .seconds(31_536_000), "set back by this"),
                healing,
            ],
            "the node's wall clock jumps; its monotonic clock does not"
        ),
        UnionCase(
            "disk",
            [
                node,
                .duration(
                    "delay", default: .zero, in: .zero ... .seconds(600), "what each access takes beyond the usual"),
                .boolean("full", default: false, "writes are refused"),
                healing,
            ],
            "the node's disk is slow, or full"
        ),
    ]
}
