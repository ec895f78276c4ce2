import Profile

/// A catalogue that has one of everything, smaller than the real one.
enum SmallCatalogue {
    static let catalogue = Catalogue(
        roles: [
            RoleSpec(name: "links", isList: false, isRequired: true, summary: "who dials, and which link is kept"),
            RoleSpec(name: "discovery", isList: true, isRequired: true, summary: "which peers are wanted"),
            RoleSpec(name: "liveness", isList: false, isRequired: true, summary: "when a link is dead"),
            RoleSpec(name: "consensus", isList: false, isRequired: true, summary: "who makes blocks"),
            RoleSpec(name: "transport", isList: false, isRequired: true, summary: "how bytes travel"),
            RoleSpec(name: "store", isList: false, isRequired: true, summary: "what survives a crash"),
            RoleSpec(name: "rpc", isList: true, isRequired: false, summary: "what the outside sees"),
        ],
        modules: [
            module("links", "single-link", "keeps one link a peer", links),
            module("discovery", "masternode-priority", "keeps slots for masternodes", masternodePriority),
            module("discovery", "peer-fill", "fills up with other peers", peerFill),
            module("liveness", "ping-pong", "asks a quiet peer", pingPong),
            module("liveness", "tcp-keepalive", "leaves it to the kernel", keepalive),
            module("liveness", "old-ping", "asks now and then", OptionSpec([]), .deprecated),
            module("consensus", "slot-leader", "one leader a slot", OptionSpec([])),
            module("transport", "tcp", "plain TCP", tcp),
            module("transport", "tls", "TLS 1.3", tls),
            module("store", "memory", "nothing survives", OptionSpec([])),
            module("store", "sqlite", "an SQLite file", sqlite),
            module("rpc", "http", "JSON-RPC over HTTP", http),
        ]
    )

    private static func module(
        _ role: String, _ id: String, _ summary: String, _ options: OptionSpec, _ stability: Stability = .stable
    ) -> ModuleSpec {
        ModuleSpec(
            role: role, id: id, version: "1.0.0", stability: stability, summary: summary,
            posture: "trusts nobody", options: options
        )
    }

    private static let links = OptionSpec([
        .choice("handshake", default: "signed", of: ["ack", "verdict", "signed"], "how both ends agree on a link"),
        .choice("direction", default: "pair-hash", of: ["pair-hash", "lower-dials", "none"], "which end dials")
            .renaming("low-dials", to: "lower-dials"),
        .duration("passive_wait", default: .seconds(3), in: .zero ... .seconds(600), "how long the other end may dial"),
        .list(
            "refused", of: .identity, default: [], count: 0...3, "peers that are never admitted"
        ),
    ])

    private static let masternodePriority = OptionSpec([
        .integer("reserved_slots", default: 20, in: 0...1_000, "links kept for masternodes"),
        .duration("interval", default: .seconds(120), in: .seconds(1) ... .seconds(3_600), "time between rounds"),
    ])

    private static let peerFill = OptionSpec([
        .integer("slots", default: 50, in: 1...1_000, "links in all"),
        .ratio("churn", default: 0.1, "share of links that are replaced in a round"),
        .boolean("eager", default: false, "dial at once instead of at the next round"),
    ])

    private static let pingPong = OptionSpec(
        [
            .duration(
                "interval", default: .seconds(30), in: .seconds(1) ... .seconds(600),
                "time between pings on an idle link"
            ),
            .duration(
                "timeout", default: .seconds(5), in: .milliseconds(100) ... .seconds(60), "time to wait for an answer"),
            .integer("misses", default: 3, in: 1...100, "answers that may be missing"),
            .optionalDuration("period", in: .seconds(1) ... .seconds(600), "time between pings").deprecated(
                by: "interval"),
        ],
        check: { options in
            options.duration("timeout") < options.duration("interval")
                ? [] : ["timeout: must be shorter than 'interval'"]
        }
    )

    private static let keepalive = OptionSpec([
        .duration("idle", default: .seconds(30), in: .seconds(1) ... .seconds(7_200), "silence before the first probe"),
        .optionalInteger("probes", default: 3, in: 1...127, "probes without an answer; unset: the kernel's own"),
        .optionalDuration("user_timeout", in: .seconds(1) ... .seconds(900), "limit for unacknowledged data"),
    ])

    private static let tcp = OptionSpec([
        .endpoint("listen", "where others reach this node").withExample("0.0.0.0:24100"),
        .optionalIPAddress("source", "the address to dial from"),
        .bytes("send_buffer", default: 262_144, in: 4_096...16_777_216, "bytes that wait in the kernel"),
    ])

    private static let tls = OptionSpec([
        .endpoint("listen", default: "0.0.0.0:24101", "where others reach this node"),
        .record(
            "limits",
            OptionSpec([
                .integer("handshakes", default: 16, in: 1...1_024, "handshakes at the same time"),
                .duration("deadline", default: .seconds(10), in: .seconds(1) ... .seconds(60), "time for one of them"),
            ]),
            "what strangers may use"
        ),
    ])

    private static let sqlite = OptionSpec([
        .path("file", default: "chain.sqlite", "the database"),
        .optionalTimestamp("prune_before", "blocks before this time may go"),
    ])

    private static let http = OptionSpec([
        .endpoint("listen", default: "127.0.0.1:8332", "where clients connect"),
        .optionalString("token", maxBytes: 32, "what clients must present").asSecret(),
        .list(
            "rules",
            of: .union(
                [
                    UnionCase(
                        "allow", [.list("methods", of: .string(maxBytes: 32), count: 1...8, "names of methods")],
                        "methods that may be called"
                    ),
                    UnionCase("rate", .integer(1...1_000), "calls a second"),
                    UnionCase("deny", [], "nothing at all"),
                ],
                common: OptionSpec([.ipAddress("from", "the client's address")])
            ),
            default: [], "who may do what"
        ),
    ])
}
