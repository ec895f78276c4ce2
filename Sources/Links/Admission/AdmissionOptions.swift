import Kernel
import Profile
import Wire

/// Whom `single-link` lets in, and how much it lets them say.
struct AdmissionOptions: Sendable {
    /// What a stranger meets where strangers have all their places.
    enum FullRule: String, CaseIterable {
        case refuseNewcomer = "refuse-newcomer"
        case evictLeast = "evict-least"
    }

    var maximumInbound: Int
    var reservedInbound: Int
    var maximumOutbound: Int
    var perAddress: Int
    var perNetwork: Int
    var whenFull: FullRule
    var trusted: [Identity]
    var rate: RateLimit
    var banScore: Int
    var banTime: Duration
    var scoreHalfLife: Duration

    static let spec = OptionSpec(
        [
            .integer(
                "maximum_inbound", default: 256, in: 1...65_536,
                "how many links that others dialled may be up; a masternode is let in even so, in a stranger's place"
            ),
            .integer(
                "reserved_inbound", default: 32, in: 0...65_535, "how many of those places strangers cannot have"
            ),
            .integer(
                "maximum_outbound", default: 256, in: 1...65_536,
                "how many strangers may be dialled or linked by a dial of ours at a time"
            ),
            .integer(
                "per_address", default: 8, in: 1...65_536, "how many strangers may come from one address"
            ),
            .integer(
                "per_network", default: 32, in: 1...65_536,
                "how many strangers may come from one network: 24 bits of IPv4, 48 of IPv6"
            ),
            .choice(
                "when_full", default: "evict-least", of: FullRule.allCases.map(\.rawValue),
                "what a stranger meets beyond its places: refusal, or the place of the stranger of least merit"
            ),
            .list(
                "trusted", of: .identity, default: [], count: 0...1000,
                "peers that no ban and no limit keeps out; masternodes of the network file are among them already"
            ),
            .integer(
                "rate_messages", default: 5000, in: 1...10_000_000,
                "messages a second that a peer may send on each channel; a tenth of it on liveness and discovery"
            ),
            .bytes(
                "rate_bytes", default: 64 << 20, in: 1024...(1 << 40),
                "bytes a second that a peer may send on each channel; a tenth of it on liveness and discovery"
            ),
            .duration(
                "rate_burst", default: .seconds(10), in: .seconds(1) ... .seconds(600),
                "how many seconds' worth may come at once, as after a stall"
            ),
            .integer(
                "ban_score", default: 100, in: 1...1_000_000,
                "points at which a stranger is banned; a forged signature or a broken frame is 34, an answer out of turn 10"
            ),
            .duration(
                "ban_time", default: .seconds(3600), in: .seconds(1) ... .seconds(604_800),
                "how long a ban lasts; that of an address, which may be a gateway's, a tenth of it"
            ),
            .duration(
                "score_half_life", default: .seconds(3600), in: .seconds(1) ... .seconds(604_800),
                "how long until half of a stranger's points are forgotten"
            ),
        ],
        check: { options in
            options.integer("reserved_inbound") < options.integer("maximum_inbound")
                ? [] : ["reserved_inbound: must be less than 'maximum_inbound'"]
        }
    )

    init(_ options: Options) {
        guard let whenFull = FullRule(rawValue: options.choice("when_full")) else {
            preconditionFailure("the option spec of admission lists a choice that the module lacks")
        }
        maximumInbound = options.integer("maximum_inbound")
        reservedInbound = options.integer("reserved_inbound")
        maximumOutbound = options.integer("maximum_outbound")
        perAddress = options.integer("per_address")
        perNetwork = options.integer("per_network")
        self.whenFull = whenFull
        trusted = options.strings("trusted").compactMap { Identity(hex: $0) }
        rate = RateLimit(
            messages: options.integer("rate_messages"), bytes: options.bytes("rate_bytes"),
            burst: options.duration("rate_burst")
        )
        banScore = options.integer("ban_score")
        banTime = options.duration("ban_time")
        scoreHalfLife = options.duration("score_half_life")
    }
}
