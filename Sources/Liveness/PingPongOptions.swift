import Kernel
import Profile

/// What a profile can tell `ping-pong`.
struct PingPongOptions: Sendable {
    enum Verdict: String, CaseIterable {
        case onDeadline = "on-deadline"
        case onTick = "on-tick"
    }

    enum Pinger: String, CaseIterable {
        case both
        case dialler
    }

    enum LateTicks: String, CaseIterable {
        case skip
        case replay
    }

    enum Exempt: String, CaseIterable {
        case none
        case masternodes
    }

    enum Counts: String, CaseIterable {
        case any
        case newest
    }

    var interval: Duration
    var timeout: Duration
    var misses: Int
    var verdict: Verdict
    var pinger: Pinger
    var counts: Counts
    var forgetAfter: Duration?
    var lateTicks: LateTicks
    var exempt: Exempt
    var pingLimit: Int?

    /// The span that `ping_limit` counts over, and the pings beyond it that a peer is forgiven: constants of the field.
    static let limitSpan = Duration.seconds(10)
    static let forgivenPings = 3

    /// Pings of one link that can be open at a time without the oldest uncounted one being forgotten.
    var maximumOpen: Int {
        misses + Int(timeout.nanoseconds / max(1, interval.nanoseconds)) + 2
    }

    static let spec = OptionSpec([
        .duration(
            "interval", default: .seconds(30), in: .milliseconds(10) ... .seconds(600), "time between pings of a link"
        ),
        .duration(
            "timeout", default: .seconds(5), in: .milliseconds(1) ... .seconds(600),
            "how long a ping may stay unanswered before it counts as missed"
        ),
        .integer("misses", default: 3, in: 1...100, "missed pings in a row after which a link is dead"),
        .choice(
            "verdict", default: "on-deadline", of: Verdict.allCases.map(\.rawValue),
            "when a miss is counted: at its own deadline, or not before the next ping is due"
        ),
        .choice(
            "pinger", default: "both", of: Pinger.allCases.map(\.rawValue),
            "which end of a link pings"),
        .choice(
            "counts", default: "any", of: Counts.allCases.map(\.rawValue),
            "which answers count: to any ping still open, or to the newest alone"
        ),
        .optionalDuration(
            "forget_after", default: nil, in: .milliseconds(1) ... .seconds(3600),
            "forget an unanswered ping of this age before it is counted (on-tick only; historical); unset: never"
        ),
        .choice(
            "late_ticks", default: "skip", of: LateTicks.allCases.map(\.rawValue),
            "what becomes of the ticks that a stall swallowed: skipped, or all of them replayed at once (historical)"
        ),
        .choice(
            "exempt", default: "none", of: Exempt.allCases.map(\.rawValue),
            "whose links are never found dead: nobody's, or masternodes' (historical)"
        ),
        .optionalInteger(
            "ping_limit", default: nil, in: 1...10_000,
            "pings of a peer in 10 s; the third beyond them ends the link (historical); unset: any number"
        ),
    ])

    init(_ options: Options) throws {
        guard let verdict = Verdict(rawValue: options.choice("verdict")),
            let pinger = Pinger(rawValue: options.choice("pinger")),
            let counts = Counts(rawValue: options.choice("counts")),
            let lateTicks = LateTicks(rawValue: options.choice("late_ticks")),
            let exempt = Exempt(rawValue: options.choice("exempt"))
        else { preconditionFailure("the option spec of ping-pong lists a choice that the module lacks") }
        self.interval = options.duration("interval")
        self.timeout = options.duration("timeout")
        self.misses = options.integer("misses")
        self.verdict = verdict
        self.pinger = pinger
        self.counts = counts
        self.lateTicks = lateTicks
        self.exempt = exempt
        self.pingLimit = options.optionalInteger("ping_limit")
        self.forgetAfter = options.optionalDuration("forget_after")
    }
}

extension PingPong {
    /// What the registry knows of this module.
    public static let descriptor = ModuleDescriptor(
        spec: ModuleSpec(
            role: Role.liveness.rawValue, id: "ping-pong", version: "1.0.0", stability: .stable,
            summary: "an echo over the link itself proves both directions and the other process",
            posture: "a peer can keep a useless link up by answering pings; cost is bounded by the interval",
            options: PingPongOptions.spec
        ),
        factory: .liveness { PingPong(options: try PingPongOptions($0)) }
    )
}
