import Kernel
import Profile

/// What a profile can tell `phi-accrual`.
struct PhiAccrualOptions: Sendable {
    var interval: Duration
    /// In millionths.
    var threshold: Int64
    var window: Int
    var minimumDeviation: Duration
    var acceptablePause: Duration
    var firstEstimate: Duration

    static let spec = OptionSpec(
        [
            .duration(
                "interval", default: .seconds(1), in: .milliseconds(10) ... .seconds(60), "time between heartbeats"
            ),
            .ratio(
                "threshold", default: 8, in: 0.5...20,
                "phi at which a link is dead: a healthy one is cut about once in 10^phi heartbeats, if the model holds"
            ),
            .integer(
                "window", default: 1000, in: 2...ArrivalWindow.mostSamples, "heartbeats whose times are remembered"
            ),
            .duration(
                "minimum_deviation", default: .milliseconds(100), in: .milliseconds(1) ... .seconds(60),
                "the standard deviation counts as no less: a very regular peer would be cut for a hiccup"
            ),
            .duration(
                "acceptable_pause", default: .seconds(3), in: .zero ... .seconds(3600),
                "silence beyond the mean that raises no suspicion"
            ),
            .duration(
                "first_estimate", default: .seconds(1), in: .milliseconds(10) ... .seconds(300),
                "the time between heartbeats that is assumed before any has come, a quarter of it either way"
            ),
        ],
        check: { options in
            // Until the first heartbeat nothing has been learnt but the estimate.
            let patience = options.duration("first_estimate") + options.duration("acceptable_pause")
            guard options.duration("interval") > patience else { return [] }
            return [
                "interval: it must not be above 'first_estimate' and 'acceptable_pause' together, or every link is cut "
                    + "before its second heartbeat"
            ]
        })

    init(_ options: Options) {
        interval = options.duration("interval")
        threshold = Int64((options.ratio("threshold") * 1e6).rounded())
        window = options.integer("window")
        minimumDeviation = options.duration("minimum_deviation")
        acceptablePause = options.duration("acceptable_pause")
        firstEstimate = options.duration("first_estimate")
    }
}

extension PhiAccrual {
    /// What the registry knows of this module.
    public static let descriptor = ModuleDescriptor(
        spec: ModuleSpec(
            role: Role.liveness.rawValue, id: "phi-accrual", version: "1.0.0", stability: .stable,
            summary: "learns how regular a peer's answers are and cuts it when silence is too unlikely",
            posture: "a peer that answers ever more slowly teaches patience, up to five minutes",
            options: PhiAccrualOptions.spec
        ),
        factory: .liveness { PhiAccrual(options: PhiAccrualOptions($0)) }
    )
}
