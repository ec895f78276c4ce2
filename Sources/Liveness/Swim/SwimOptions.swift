import Kernel
import Profile
import Wire

/// What a profile can tell `swim`. Defaults are those that memberlist, the most deployed implementation, ships for a
/// local network.
struct SwimOptions: Sendable {
    var interval: Duration
    var timeout: Duration
    var indirectProbes: Int
    var suspicionMultiplier: Int
    var suspicionMaximum: Int
    var confirmations: Int
    var awareness: Int
    var usesNoAnswers: Bool
    var tellsSuspected: Bool
    var transmissions: Int
    var claims: Int
    var linkMisses: Int?

    static let spec = OptionSpec(
        [
            .duration(
                "interval", default: .seconds(1), in: .milliseconds(100) ... .seconds(60),
                "time between probes; each probes one peer, all in turn"
            ),
            .duration(
                "timeout", default: .milliseconds(500), in: .milliseconds(10) ... .seconds(60),
                "how long an answer may take before others are asked to probe"
            ),
            .integer("indirect_probes", default: 3, in: 0...20, "how many others are asked"),
            .integer(
                "suspicion_multiplier", default: 4, in: 1...100,
                "shortest suspicion: this times log10 of the group's size (at least 1) times 'interval'"
            ),
            .integer(
                "suspicion_maximum", default: 6, in: 1...100,
                "longest suspicion: this times the shortest, where nobody else suspects the peer (1: plain SWIM)"
            ),
            .integer(
                "confirmations", default: 2, in: 0...10, "independent suspicions that make it as short as it gets"
            ),
            .integer(
                "awareness", default: 8, in: 1...64,
                "failures of our own stretch 'interval' and 'timeout', to so many times at most (1: plain SWIM)"
            ),
            .boolean(
                "nack", default: true, "those who are asked to probe say when they got no answer (off: plain SWIM)"
            ),
            .boolean("buddy", default: true, "a suspected peer is told at once and first (off: plain SWIM)"),
            .integer(
                "transmissions", default: 4, in: 1...20,
                "a claim is passed on this many times log10 of the group's size, rounded up"
            ),
            .integer("claims", default: 6, in: 1...SwimMessage.maximumClaims, "claims on one message at most"),
            .optionalInteger(
                "link_misses", default: 5, in: 1...1000,
                "probes in a row that only others' answers settled, after which the link is dead although the peer is "
                    + "not; unset: never, as in the paper, but after five for a stranger that dialled us"
            ),
        ],
        check: { options in
            options.duration("timeout") < options.duration("interval")
                ? [] : ["timeout: must be shorter than 'interval': others are asked within it"]
        }
    )

    init(_ options: Options) {
        interval = options.duration("interval")
        timeout = options.duration("timeout")
        indirectProbes = options.integer("indirect_probes")
        suspicionMultiplier = options.integer("suspicion_multiplier")
        suspicionMaximum = options.integer("suspicion_maximum")
        confirmations = options.integer("confirmations")
        awareness = options.integer("awareness")
        usesNoAnswers = options.boolean("nack")
        tellsSuspected = options.boolean("buddy")
        transmissions = options.integer("transmissions")
        claims = options.integer("claims")
        linkMisses = options.optionalInteger("link_misses")
    }

    /// The least time that a suspected peer of a group has, whole milliseconds.
    func shortestSuspicion(groupOf size: Int) -> Duration {
        let scale = max(65_536, IntegerLogarithm.base2(size) * 65_536 / IntegerLogarithm.base2(10))
        return .milliseconds(interval.nanoseconds / 1_000_000 * Int64(suspicionMultiplier) * scale / 65_536)
    }
}

extension Swim {
    /// What the registry knows of this module.
    public static let descriptor = ModuleDescriptor(
        spec: ModuleSpec(
            role: Role.liveness.rawValue, id: "swim", version: "1.0.0", stability: .beta,
            summary: "probes one peer at a time, directly and through others, and passes suspicions on",
            posture:
                "a member can have others suspected, never cut: they are told and speak up over their own links; a "
                + "stranger has no say",
            options: SwimOptions.spec
        ),
        messages: SwimMessage.self, factory: .liveness { Swim(options: SwimOptions($0)) }
    )
}
