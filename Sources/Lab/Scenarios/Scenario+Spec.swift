import Kernel
import Profile

extension Scenario {
    /// What a scenario file may say.
    static let spec = OptionSpec([
        .string("summary", maxLength: 500, "what the scenario is about, in a sentence"),
        .duration("duration", in: .seconds(1) ... .seconds(31_536_000), "how long the run is"),
        .duration(
            "warm_up", default: .seconds(30), in: .zero ... .seconds(86_400),
            "time before time-weighted figures count"
        ),
        .duration(
            "start_spread", default: .seconds(10), in: .milliseconds(1) ... .seconds(86_400),
            "nodes start at moments drawn from the seed, up to this one"
        ),
        .record("network", networkSpec, "the hosts and what lies between them"),
        .optionalRecord("traffic", trafficSpec, "requests that each node sends to each linked peer; none if left out"),
        .record(
            "truth",
            OptionSpec([
                .optionalDuration(
                    "healthy_if_stall_below", in: .zero ... .seconds(86_400),
                    "a stall shorter than this leaves a node healthy"
                )
            ]),
            "the scenario's judgement where it is a matter of judgement"
        ),
        .list(
            "faults",
            of: .union(
                faultCases,
                common: OptionSpec([
                    .duration("at", in: .zero ... .seconds(31_536_000), "when, from the start of the run")
                ])
            ),
            default: [], "the plan of faults"
        ),
    ])

    private static let networkSpec = OptionSpec(
        [
            .optionalInteger("count", in: 2...10_000, "how many hosts; they get addresses of their own"),
            .list(
                "hosts",
                of: .record(
                    OptionSpec([
                        .string("name", maxLength: 64, "the host's name in reports"),
                        .ipAddress("address", "its address: a name in the model, no traffic goes there"),
                    ])
                ),
                default: [], "the hosts by name, in place of a count"
            ),
            .optionalInteger("neighbours", in: 2...1_000, "each node knows this many others, in a ring; unset: all"),
            .duration(
                "slot_interval", default: .seconds(10), in: .milliseconds(100) ... .seconds(86_400),
                "time between two blocks"
            ),
            .integer("minimum_masternodes", default: 3, in: 1...10_000, "active masternodes that a block needs"),
            .duration(
                "latency_minimum", default: .milliseconds(20), in: .zero ... .seconds(10), "least one-way latency"
            ),
            .duration(
                "latency_maximum", default: .milliseconds(90), in: .zero ... .seconds(10), "most one-way latency"
            ),
            .duration(
                "jitter", default: .milliseconds(5), in: .zero ... .seconds(10), "added per segment, drawn below"),
            .integer("loss_per_million", default: 0, in: 0...500_000, "lost segments in a million"),
            .integer("tcp_retries", default: 15, in: 1...30, "net.ipv4.tcp_retries2 of every host"),
        ],
        check: { options in
            var problems: [String] = []
            if options.optionalInteger("count") == nil, options.list("hosts").count < 2 {
                problems.append("hosts: name at least two hosts, or give a count")
            }
            if options.optionalInteger("count") != nil, !options.list("hosts").isEmpty {
                problems.append("count: hosts are named as well: keep one of the two")
            }
            if options.duration("latency_minimum") > options.duration("latency_maximum") {
                problems.append("latency_minimum: must not be above latency_maximum")
            }
            return problems
        }
    )

    private static let trafficSpec = OptionSpec([
        .bytes("request", default: 1000, in: 1...1_000_000, "size of a request"),
        .bytes("reply", default: 1000, in: 1...1_000_000, "size of an answer"),
        .duration(
            "interval", default: .seconds(10), in: .milliseconds(1) ... .seconds(86_400),
            "time between two requests on a link and direction"
        ),
    ])

    private static let node = OptionField.string(
        "node", maxLength: 64, "a host's name, its number from 0, 'in-turn' (each in turn, seed by seed) or 'drawn'"
    )
    private static let healing = OptionField.optionalDuration(
        "for", in: .milliseconds(1) ... .seconds(31_536_000), "how long it lasts; unset: for good"
    )

    private static let faultCases = [
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
            "kill",
            [node, .duration("down", in: .milliseconds(1) ... .seconds(86_400), "until it starts again")],
            "a process is killed; its kernel says so to everybody"
        ),
        UnionCase(
            "close_inbound", [node, healing], "a stateful firewall: connection requests to the node vanish"
        ),
        UnionCase(
            "drop",
            [
                .string("from", maxLength: 64, "sender, as 'node' elsewhere"),
                .string("to", maxLength: 64, "receiver, as 'node' elsewhere"),
                .boolean("both_ways", default: false, "the other direction too"),
                healing,
            ],
            "every segment from one host to another vanishes"
        ),
        UnionCase(
            "partition",
            [
                .integer("first", in: 1...10_000, "this many hosts on one side, the rest on the other"),
                .duration("for", in: .milliseconds(1) ... .seconds(31_536_000), "how long it lasts"),
            ],
            "two halves no longer reach each other"
        ),
    ]
}
