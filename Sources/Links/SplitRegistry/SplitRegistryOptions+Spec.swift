import Kernel
import Profile

extension SplitRegistryOptions {
    /// Each option with the sense it has; the defaults are those of December 2025.
    static let spec = OptionSpec(fields + Cooldown.fields)

    private static let fields: [OptionField] = [
        .choice(
            "direction", default: "lower-address-text", of: DirectionRule.allCases.map(\.rawValue),
            "which end dials where a dial site tests it, and which end's dial survives a duplicate"
        ),
        .list(
            "direction_tested_at", of: .choice(DialSite.allCases.map(\.rawValue)), default: [],
            "the dial sites that test the direction"
        ),
        .choice(
            "direction_test", default: "before-task", of: DirectionTest.allCases.map(\.rawValue),
            "where the direction is tested: before there is a dial task, or inside it: refused, the task tries again for ever"
        ),
        .choice(
            "own_address", default: "known", of: OwnAddress.allCases.map(\.rawValue),
            "what a node compares as its own address: its own, or 0.0.0.0, which ranks below all others"
        ),
        .choice(
            "bookkeeping", default: "outbound-only", of: Bookkeeping.allCases.map(\.rawValue),
            "which links the periodic pass takes for connected"
        ),
        .choice(
            "duplicate", default: "acknowledge-then-close", of: DuplicateRule.allCases.map(\.rawValue),
            "what happens to an incoming dial of a peer that this end has dialled; the drop and keep-existing also count peers that dialled in"
        ),
        .choice(
            "reply_key", default: "address", of: ReplyKey.allCases.map(\.rawValue),
            "under which key an accepted link's answers look their writer up; address-and-port finds none"
        ),
        .choice(
            "cleanup", default: "own-session", of: Cleanup.allCases.map(\.rawValue),
            "what a session that ends takes out of the tables: its own marks, all that stands under its address, or nothing"
        ),
        .choice(
            "session_end", default: "keep-writer", of: SessionEnd.allCases.map(\.rawValue),
            "what becomes of the socket of a session that ends: its writer stays in the registry, or it is closed"
        ),
        .choice(
            "retry_stops", default: "linked-either-way", of: RetryStop.allCases.map(\.rawValue),
            "when a dial task that wakes up ends instead of dialling again"
        ),
        .choice(
            "network_check", default: "refuse-others", of: NetworkCheck.allCases.map(\.rawValue),
            "whom the comparison of network names cuts: those of another network, or whoever has been compared"
        ),
        .optionalDuration(
            "beat_interval", in: .milliseconds(100) ... .seconds(3600),
            "each heartbeat opens a connection of its own to every peer, beside its link; unset: heartbeats use the link"
        ),
        .duration(
            "retry_after_error", default: .seconds(10), in: .milliseconds(1) ... .seconds(3600),
            "first wait after a failed dial; doubles"
        ),
        .duration(
            "retry_limit", default: .seconds(300), in: .milliseconds(1) ... .seconds(86_400),
            "longest wait after a failed dial"
        ),
        .duration(
            "retry_after_end", default: .seconds(5), in: .zero ... .seconds(3600),
            "wait after a link that ended in order, dead pings included"
        ),
        .integer(
            "masternode_attempts", default: 20, in: 1...1_000_000, "failed dials of a masternode before giving up"),
        .integer("peer_attempts", default: 10, in: 1...1_000_000, "failed dials of another peer before giving up"),
        .duration(
            "acknowledgement_wait", default: .seconds(10), in: .milliseconds(1) ... .seconds(600),
            "how long a dialler waits for the acknowledgement before it goes on without"
        ),
        .duration(
            "dial_gap", default: .milliseconds(100), in: .zero ... .seconds(60),
            "time between two dials of the pass at start"
        ),
    ]
}
