import Kernel
import Profile

/// What a profile can tell `single-link`.
struct SingleLinkOptions: Sendable {
    enum HandshakeStyle: String, CaseIterable {
        case ack
        case verdict
        case signed
    }

    var handshake: HandshakeStyle
    var direction: DirectionRule
    var passiveWait: Duration?
    var outOfTurnDelay: Duration
    var handshakeTimeout: Duration
    var redialInitial: Duration
    var redialMaximum: Duration
    var masternodeRedialMaximum: Duration
    var stableAfter: Duration
    var probeAfter: Duration?
    var unwantedAfter: Duration?
    var maximumLinks: Int
    var whenFull: SingleLink.CrowdRule
    var maximumPeers: Int
    var admission: AdmissionOptions

    static let spec = OptionSpec([
        .choice(
            "handshake", default: "signed", of: HandshakeStyle.allCases.map(\.rawValue),
            "ack: the acceptor's word; verdict: both ends' word; signed: both ends prove their key"
        ),
        .choice(
            "direction", default: "pair-hash", of: DirectionRule.allCases.map(\.rawValue),
            "which end of a pair dials; none: both do, and a tie-break settles it"
        ),
        .optionalDuration(
            "passive_wait", default: .seconds(3), in: .zero ... .seconds(3600),
            "how long the other end has the turn to dial before this end dials too; unset: for ever"
        ),
        .duration(
            "out_of_turn_delay", default: .milliseconds(500), in: .zero ... .seconds(10),
            "how long a dial out of turn stays silent once it is open, for the peer's own dial to come first"
        ),
        OptionField.duration("courtesy", in: .zero ... .seconds(10), "the former name of 'out_of_turn_delay'")
            .deprecated(by: "out_of_turn_delay"),
        .duration(
            "handshake_timeout", default: .seconds(10), in: .milliseconds(100) ... .seconds(120),
            "how long a handshake may take, from the open transport to its last message"
        ),
        .duration(
            "redial_initial", default: .milliseconds(500), in: .milliseconds(10) ... .seconds(60),
            "wait after the first failed dial; doubles, with jitter"
        ),
        .duration(
            "redial_maximum", default: .seconds(30), in: .milliseconds(10) ... .seconds(3600),
            "longest wait between two dials of a peer"
        ),
        .duration(
            "masternode_redial_maximum", default: .seconds(2), in: .milliseconds(10) ... .seconds(3600),
            "longest wait between two dials of a masternode, until its host has refused ten in a row"
        ),
        .duration(
            "stable_after", default: .seconds(10), in: .zero ... .seconds(600),
            "a link that lived this long is redialled at once when it is lost; a shorter one counts as a failure"
        ),
        .optionalDuration(
            "probe_after", default: .seconds(30), in: .seconds(1) ... .seconds(86_400),
            "age of a link at which a peer that dialled us is dialled once to tell it whether that works; unset: never"
        ),
        .optionalDuration(
            "unwanted_after", in: .seconds(1) ... .seconds(604_800),
            "how long a link of our own dial stays up that no discovery module wants any more; unset: until it is in the "
                + "way of a stranger that is wanted"
        ),
        .integer(
            "maximum_links", default: 256, in: 1...65_536, "how many incoming handshakes may be under way at a time"
        ),
        .choice(
            "when_full", default: "evict-from-largest-group", of: SingleLink.CrowdRule.allCases.map(\.rawValue),
            "who gives way beyond maximum_links: the newcomer, or the oldest of the network and site that has the most"
        ).renaming("thin-loudest", to: "evict-from-largest-group"),
        .integer("maximum_peers", default: 4096, in: 1...1_000_000, "how many peers are remembered"),
        .record("admission", AdmissionOptions.spec, "whom this node lets in, and how much it lets them say"),
    ])

    init(_ options: Options) throws {
        // The loader has checked the words already; a choice it does not know is our own mistake.
        guard let handshake = HandshakeStyle(rawValue: options.choice("handshake")),
            let direction = DirectionRule(rawValue: options.choice("direction")),
            let whenFull = SingleLink.CrowdRule(rawValue: options.choice("when_full"))
        else { preconditionFailure("the option spec of single-link lists a choice that the module lacks") }
        self.handshake = handshake
        self.direction = direction
        self.passiveWait = options.optionalDuration("passive_wait")
        self.outOfTurnDelay = options.duration("out_of_turn_delay")
        self.handshakeTimeout = options.duration("handshake_timeout")
        self.redialInitial = options.duration("redial_initial")
        self.redialMaximum = options.duration("redial_maximum")
        self.masternodeRedialMaximum = options.duration("masternode_redial_maximum")
        self.stableAfter = options.duration("stable_after")
        self.probeAfter = options.optionalDuration("probe_after")
        self.unwantedAfter = options.optionalDuration("unwanted_after")
        self.maximumLinks = options.integer("maximum_links")
        self.whenFull = whenFull
        self.maximumPeers = options.integer("maximum_peers")
        self.admission = AdmissionOptions(options.record("admission"))
    }
}

extension SingleLink {
    /// What the registry knows of this module.
    public static let descriptor = ModuleDescriptor(
        spec: ModuleSpec(
            role: Role.links.rawValue, id: "single-link", version: "1.0.0", stability: .beta,
            summary: "exactly one link per peer: tie-break for crossed dials, takeover by incarnation, fast redial",
            posture: "robust against strangers with handshake signed; ack and verdict believe what a Hello says",
            options: SingleLinkOptions.spec
        ),
        factory: .links { SingleLink(options: try SingleLinkOptions($0)) }
    )
}
