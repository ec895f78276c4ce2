import Kernel
import Profile

/// Where a dial can come from.
enum DialSite: String, CaseIterable {
    case startMasternodes = "start-masternodes"
    case startPeers = "start-peers"
    case periodicMasternodes = "periodic-masternodes"
    case periodicPeers = "periodic-peers"

    init(pass: DiscoveryPass, isMasternode: Bool) {
        switch (pass, isMasternode) {
        case (.start, true): self = .startMasternodes
        case (.start, false): self = .startPeers
        case (.periodic, true): self = .periodicMasternodes
        case (.periodic, false): self = .periodicPeers
        }
    }
}

/// What a profile can tell `split-registry`. Each value existed in the field.
struct SplitRegistryOptions: Sendable {
    enum Bookkeeping: String, CaseIterable {
        case outboundOnly = "outbound-only"
        case bothDirections = "both-directions"
    }

    enum DuplicateRule: String, CaseIterable {
        case dropBeforeHandshake = "drop-before-handshake"
        case acknowledgeThenClose = "acknowledge-then-close"
        case close
    }

    enum ReplyKey: String, CaseIterable {
        case address
        case addressAndPort = "address-and-port"
    }

    enum RetryStop: String, CaseIterable {
        case linkedEitherWay = "linked-either-way"
        case linkedOutbound = "linked-outbound"
    }

    var direction: DirectionRule
    var testedSites: [DialSite]
    var bookkeeping: Bookkeeping
    var duplicate: DuplicateRule
    var replyKey: ReplyKey
    var retryStops: RetryStop
    var retryAfterError: Duration
    var retryLimit: Duration
    var retryAfterEnd: Duration
    var masternodeAttempts: Int
    var peerAttempts: Int
    var acknowledgementWait: Duration
    var dialGap: Duration

    static let spec = OptionSpec([
        .choice(
            "direction", default: "lower-address-text", of: DirectionRule.allCases.map(\.rawValue),
            "which end dials where a dial site tests it, and which end's dial survives a duplicate"
        ),
        .list(
            "direction_tested_at", of: .choice(DialSite.allCases.map(\.rawValue)), default: [],
            "the dial sites that test the direction"
        ),
        .choice(
            "bookkeeping", default: "outbound-only", of: Bookkeeping.allCases.map(\.rawValue),
            "which links the periodic pass takes for connected"
        ),
        .choice(
            "duplicate", default: "acknowledge-then-close", of: DuplicateRule.allCases.map(\.rawValue),
            "what happens to an incoming dial of a peer that this end has dialled; the drop also counts peers that dialled in"
        ),
        .choice(
            "reply_key", default: "address", of: ReplyKey.allCases.map(\.rawValue),
            "under which key an accepted link's answers look their writer up; address-and-port finds none"
        ),
        .choice(
            "retry_stops", default: "linked-either-way", of: RetryStop.allCases.map(\.rawValue),
            "when a dial task that wakes up ends instead of dialling again"
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
    ])

    init(_ options: Options) throws {
        guard let direction = DirectionRule(rawValue: options.choice("direction")),
            let bookkeeping = Bookkeeping(rawValue: options.choice("bookkeeping")),
            let duplicate = DuplicateRule(rawValue: options.choice("duplicate")),
            let replyKey = ReplyKey(rawValue: options.choice("reply_key")),
            let retryStops = RetryStop(rawValue: options.choice("retry_stops"))
        else { preconditionFailure("the option spec of split-registry lists a choice that the module lacks") }
        self.direction = direction
        self.bookkeeping = bookkeeping
        self.duplicate = duplicate
        self.replyKey = replyKey
        self.retryStops = retryStops
        self.testedSites = options.strings("direction_tested_at").compactMap { DialSite(rawValue: $0) }
        self.retryAfterError = options.duration("retry_after_error")
        self.retryLimit = options.duration("retry_limit")
        self.retryAfterEnd = options.duration("retry_after_end")
        self.masternodeAttempts = options.integer("masternode_attempts")
        self.peerAttempts = options.integer("peer_attempts")
        self.acknowledgementWait = options.duration("acknowledgement_wait")
        self.dialGap = options.duration("dial_gap")
    }
}

extension SplitRegistry {
    /// What the registry knows of this module.
    public static let descriptor = ModuleDescriptor(
        spec: ModuleSpec(
            role: Role.links.rawValue, id: "split-registry", version: "1.0.0", stability: .historical,
            summary: "how the network of December 2025 kept its links, faults included: for replays only",
            posture: "for the laboratory: believes addresses, proves nothing",
            options: SplitRegistryOptions.spec
        ),
        factory: .links { SplitRegistry(options: try SplitRegistryOptions($0)) }
    )
}
