import Kernel
import Profile

/// What a profile can tell `layered`.
struct LayeredOptions: Sendable {
    /// What the driver and the kernel are asked for.
    var sockets: SocketOptions
    var echoInterval: Duration
    var echoTimeout: Duration
    var hungAfter: Duration
    var stallTolerance: Duration
    var busyLimit: Duration
    var adaptDownTo: Duration?

    static let spec = OptionSpec(
        [
            .record(
                "kernel",
                TCPKeepalive.options(idle: .seconds(5), interval: .seconds(2), userTimeout: .seconds(15)),
                "the first layer: what the host's TCP does, as 'tcp-keepalive'; its probes make a living host answer"
            ),
            .optionalDuration(
                "silent_after", default: .seconds(15), in: .milliseconds(1) ... .seconds(86_400),
                "how long the other host may say nothing at all, acknowledgements and answers to probes included; "
                    + "unset: as long as 'kernel' lets it"
            ),
            .optionalDuration(
                "write_deadline", default: .seconds(30), in: .milliseconds(1) ... .seconds(86_400),
                "how long what we send may wait without any of it being taken; unset: for ever"
            ),
            .duration(
                "echo_interval", default: .seconds(30), in: .milliseconds(10) ... .seconds(3600),
                "silence on a link before the peer's process is asked for an echo; a busy link is never asked"
            ),
            .duration(
                "echo_timeout", default: .seconds(10), in: .milliseconds(1) ... .seconds(3600),
                "how long the echo may take before the peer is suspected, and asked again"
            ),
            .duration(
                "hung_after", default: .seconds(60), in: .milliseconds(1) ... .seconds(7200),
                "how long a process may leave an echo unanswered while its host is well: whatever it works at for less "
                    + "costs no link, and a process that hangs is noticed this much later than it would be asked"
            ),
            .duration(
                "stall_tolerance", default: .milliseconds(100), in: .milliseconds(1) ... .seconds(60),
                "a timer of ours that is later than this means that we stood still: deadlines move by as much"
            ),
            .duration(
                "busy_limit", default: .seconds(60), in: .zero ... .seconds(86_400),
                "how long a peer that announces long work is left alone, at most; 0: announcements change nothing"
            ),
            .optionalDuration(
                "adapt_down_to", default: .seconds(1), in: .seconds(1) ... .seconds(3600),
                "where links with a peer end again and again after the same quiet time, as behind a translator or a proxy, "
                    + "'idle' of 'kernel' or 'echo_interval' is halved for this peer, down to this; unset: never"
            ),
        ], check: problems)

    private static func problems(_ options: Options) -> [String] {
        var problems: [String] = []
        let interval = options.duration("echo_interval")
        let hung = options.duration("hung_after")
        if hung > interval * 2 {
            problems.append(
                "hung_after: it must not be above twice 'echo_interval', so that every death is noticed within three "
                    + "intervals"
            )
        }
        if options.duration("echo_timeout") >= hung {
            problems.append("echo_timeout: it must be below 'hung_after': the peer is suspected before it is given up")
        }
        if let silent = options.optionalDuration("silent_after") {
            let kernel = options.record("kernel")
            if silent < kernel.duration("idle") + kernel.duration("interval") * 2 {
                problems.append(
                    "silent_after: it must leave time for two probes, 'idle' and twice 'interval' of 'kernel', or a "
                        + "well host on an idle link is cut"
                )
            }
            if silent > interval * 3 {
                problems.append("silent_after: it must not be above three times 'echo_interval'")
            }
        }
        return problems
    }

    init(_ options: Options) {
        sockets = SocketOptions(keepalive: options.record("kernel"))
        sockets.writeDeadline = options.optionalDuration("write_deadline")
        sockets.hostSilence = options.optionalDuration("silent_after")
        echoInterval = options.duration("echo_interval")
        echoTimeout = options.duration("echo_timeout")
        hungAfter = options.duration("hung_after")
        stallTolerance = options.duration("stall_tolerance")
        busyLimit = options.duration("busy_limit")
        adaptDownTo = options.optionalDuration("adapt_down_to")
    }

    /// How long a suspected peer may stay silent.
    var suspicion: Duration { hungAfter - echoTimeout }

    /// What is asked for while a peer does long work: its process reads nothing, which looks like a full window, and that
    /// must not end the link before the echo does. Its host answers all the time, so that limit stays.
    var patientSockets: SocketOptions {
        var patient = sockets
        patient.userTimeout = sockets.userTimeout.map { $0 + busyLimit + hungAfter }
        patient.writeDeadline = sockets.writeDeadline.map { $0 + busyLimit + hungAfter }
        return patient
    }
}

extension Layered {
    /// What the registry knows of this module.
    public static let descriptor = ModuleDescriptor(
        spec: ModuleSpec(
            role: Role.liveness.rawValue, id: "layered", version: "2.0.0", stability: .stable,
            summary:
                "a silent host goes fast, a silent process on a living host late, and who announces work later yet",
            posture: "a peer can keep a useless link up by talking, and put a verdict off by busy_limit at a time",
            options: LayeredOptions.spec
        ),
        factory: .liveness { Layered(options: LayeredOptions($0)) }
    )
}
