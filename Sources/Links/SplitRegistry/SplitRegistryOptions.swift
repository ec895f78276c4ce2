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
        case keepExisting = "keep-existing"
    }

    enum DirectionTest: String, CaseIterable {
        case beforeTask = "before-task"
        case insideTask = "inside-task"
    }

    enum Cleanup: String, CaseIterable {
        case ownSession = "own-session"
        case anySession = "any-session"
        case none
    }

    enum SessionEnd: String, CaseIterable {
        case keepWriter = "keep-writer"
        case closeSocket = "close-socket"
    }

    enum NetworkCheck: String, CaseIterable {
        case refuseOthers = "refuse-others"
        case cutEverybody = "cut-everybody"
    }

    enum OwnAddress: String, CaseIterable {
        case known
        case unspecified
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
    var directionTest: DirectionTest
    var ownAddress: OwnAddress
    var bookkeeping: Bookkeeping
    var duplicate: DuplicateRule
    var replyKey: ReplyKey
    var cleanup: Cleanup
    var sessionEnd: SessionEnd
    var retryStops: RetryStop
    var networkCheck: NetworkCheck
    var beatInterval: Duration?
    var retryAfterError: Duration
    var retryLimit: Duration
    var retryAfterEnd: Duration
    var masternodeAttempts: Int
    var peerAttempts: Int
    var acknowledgementWait: Duration
    var dialGap: Duration
    var cooldown: Cooldown

    init(_ options: Options) throws {
        guard let direction = DirectionRule(rawValue: options.choice("direction")),
            let bookkeeping = Bookkeeping(rawValue: options.choice("bookkeeping")),
            let duplicate = DuplicateRule(rawValue: options.choice("duplicate")),
            let replyKey = ReplyKey(rawValue: options.choice("reply_key")),
            let directionTest = DirectionTest(rawValue: options.choice("direction_test")),
            let ownAddress = OwnAddress(rawValue: options.choice("own_address")),
            let cleanup = Cleanup(rawValue: options.choice("cleanup")),
            let sessionEnd = SessionEnd(rawValue: options.choice("session_end")),
            let cooldown = Cooldown(options),
            let networkCheck = NetworkCheck(rawValue: options.choice("network_check")),
            let retryStops = RetryStop(rawValue: options.choice("retry_stops"))
        else { preconditionFailure("the option spec of split-registry lists a choice that the module lacks") }
        self.direction = direction
        self.bookkeeping = bookkeeping
        self.duplicate = duplicate
        self.replyKey = replyKey
        self.directionTest = directionTest
        self.ownAddress = ownAddress
        self.cleanup = cleanup
        self.sessionEnd = sessionEnd
        self.cooldown = cooldown
        self.retryStops = retryStops
        self.networkCheck = networkCheck
        self.beatInterval = options.optionalDuration("beat_interval")
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
