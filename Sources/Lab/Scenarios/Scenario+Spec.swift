import Kernel
import Profile

extension Scenario {
    /// What a scenario file may say.
    static let spec = OptionSpec(
        fields,
        check: { options in make(options, name: "").1 }
    )

    private static let fields: [OptionField] = [
        .string("summary", maxBytes: 500, "what the scenario is about, in a sentence"),
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
                ),
                .duration(
                    "recover_within", default: .seconds(60), in: .milliseconds(1) ... .seconds(86_400),
                    "how long after the last fault everything may take to be whole again"
                ),
            ]),
            "the scenario's judgement where it is a matter of judgement"
        ),
        Fault.list,
        .optionalRecord("swarm", Swarm.spec, "faults drawn from the seed, beside those of the plan; none if left out"),
        .optionalRecord(
            "supervisor", Supervisor.spec,
            "a program on each host that restarts a node that does not answer; none if left out"
        ),
    ]

    private static let networkSpec = OptionSpec(
        [
            .optionalInteger("count", in: 2...10_000, "how many hosts; they get addresses of their own"),
            .list(
                "hosts",
                of: .record(
                    OptionSpec([
                        .string("name", maxBytes: 64, "the host's name in reports"),
                        .ipAddress("address", "its address: a name in the model, no traffic goes there"),
                        .optionalString(
                            "profile", maxBytes: 4096,
                            "a profile it runs in place of the compared one, from the scenario's folder"
                        ),
                        .optionalString(
                            "twin_of", maxBytes: 64,
                            "the host whose key it has too: a copy that was started by mistake"
                        ),
                        .optionalString(
                            "network", maxBytes: 64,
                            "the name of another network that it takes itself to be in; it counts as no node of this one"
                        ),
                        Adversary.field,
                        .optionalDuration(
                            "start_at", in: .zero ... .seconds(31_536_000),
                            "when it starts; unset: at a moment drawn from the seed"
                        ),
                        .boolean("listed", default: true, "whether network files give its address"),
                        .optionalIPAddress(
                            "listed_at", "the address that network files give in place of its own: it has moved since"
                        ),
                        .optionalList(
                            "knows", of: .string(maxBytes: 64),
                            "the only hosts whose addresses its own network file gives; unset: all that are listed"
                        ),
                    ])
                ),
                default: [], "the hosts by name, in place of a count"
            ),
            .list(
                "bootstrap", of: .string(maxBytes: 64), default: [],
                "hosts whose addresses every network file gives to begin with, as nobody's in particular"
            ),
            .optionalInteger("neighbours", in: 2...1_000, "each node knows this many others, in a ring; unset: all"),
            .duration(
                "slot_interval", default: .seconds(10), in: .milliseconds(100) ... .seconds(86_400),
                "time between two blocks"
            ),
            .optionalInteger(
                "minimum_masternodes", in: 1...10_000,
                "active masternodes that a block needs; unset: 3, or all where there are fewer"
            ),
            .duration(
                "latency_minimum", default: .milliseconds(20), in: .zero ... .seconds(10), "least one-way latency"
            ),
            .duration(
                "latency_maximum", default: .milliseconds(90), in: .zero ... .seconds(10), "most one-way latency"
            ),
            .duration(
                "jitter", default: .milliseconds(5), in: .zero ... .seconds(10), "added per segment, drawn below"),
            .integer("loss_per_million", default: 0, in: 0...500_000, "lost segments in a million"),
            .list(
                "paths",
                of: .record(
                    OptionSpec([
                        .string("from", maxBytes: 64, "one of the two hosts, by name or number"),
                        .string("to", maxBytes: 64, "the other; what is said holds both ways"),
                        .duration("latency", in: .zero ... .seconds(10), "one-way latency"),
                        .optionalDuration("jitter", in: .zero ... .seconds(10), "in place of the network's"),
                        .optionalInteger("loss_per_million", in: 0...500_000, "in place of the network's"),
                    ])
                ),
                default: [], "pairs of which more is known than the ranges for all"
            ),
            .integer("tcp_retries", default: 15, in: 1...30, "net.ipv4.tcp_retries2 of every host"),
            .optionalInteger(
                "bandwidth_kbit", in: 1...100_000_000, "what a host can send, in 1000 bits a second; unset: no limit"
            ),
            .bytes(
                "send_buffer", default: 512 * 1024, in: 4096...(1 << 30),
                "what a sender's kernel holds for a connection that is held up"
            ),
            .bytes(
                "receive_buffer", default: 64 * 1024, in: 4096...(1 << 30),
                "what a receiver's kernel holds for a process that does not read"
            ),
            .integer(
                "backlog", default: 256, in: 1...65_535, "connections that wait for a stalled process to take them in"
            ),
            .duration(
                "clock_offset", default: .zero, in: .zero ... .seconds(86_400),
                "wall clocks are wrong by up to this, either way"
            ),
            .integer("clock_drift_ppm", default: 0, in: 0...1_000_000, "wall clocks drift by up to this, either way"),
            .optionalRecord(
                "service",
                OptionSpec([
                    .duration("message", default: .zero, in: .zero ... .seconds(60), "any message"),
                    .duration("block", default: .zero, in: .zero ... .seconds(600), "a block, beyond a message"),
                    .duration(
                        "exchange", default: .zero, in: .zero ... .seconds(60),
                        "a message of the discovery channel, more"
                    ),
                    .duration("accept", default: .zero, in: .zero ... .seconds(60), "an incoming connection"),
                ]),
                "what inputs keep a node's one loop busy for; nothing if left out"
            ),
            .duration(
                "start_up", default: .milliseconds(80), in: .zero ... .seconds(600),
                "from the start of a process that a fault had ended until it works; its host refuses dials meanwhile"
            ),
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
}
