import Kernel
import Profile

/// What a profile can tell `layered`.
struct LayeredOptions: Sendable {
    /// What the kernel is asked for, the write deadline included.
    var sockets: SocketOptions
    var echoInterval: Duration
    var echoTimeout: Duration
    var suspicion: Duration
    var stallTolerance: Duration
    var busyLimit: Duration

    static let spec = OptionSpec(
        [
            // An echo is data: while it is unacknowledged keepalive is silent, and the user timeout begins anew. So a host
            // that dies just before an echo is noticed an echo interval and a user timeout later; both are short.
            .record(
                "kernel", TCPKeepalive.options(idle: .seconds(5), userTimeout: .seconds(15)),
                "the first layer: what the host's TCP does, as 'tcp-keepalive'"
            ),
            .optionalDuration(
                "write_deadline", default: .seconds(30), in: .milliseconds(1) ... .seconds(86_400),
                "how long what we send may wait without the host's TCP taking any of it; unset: for ever"
            ),
            .duration(
                "echo_interval", default: .seconds(15), in: .milliseconds(10) ... .seconds(3600),
                "silence on a link before the peer's process is asked for an echo; a busy link is never asked"
            ),
            .duration(
                "echo_timeout", default: .seconds(5), in: .milliseconds(1) ... .seconds(3600),
                "how long the echo may take before the peer is suspected, and asked again"
            ),
            .duration(
                "suspicion", default: .seconds(20), in: .milliseconds(1) ... .seconds(3600),
                "how long a suspected peer may stay silent before the link is cut; anything it says clears it"
            ),
            .duration(
                "stall_tolerance", default: .milliseconds(100), in: .milliseconds(1) ... .seconds(60),
                "a timer of ours that is later than this means that we stood still: deadlines move by as much"
            ),
            .duration(
                "busy_limit", default: .seconds(60), in: .zero ... .seconds(86_400),
                "how long a peer that announces long work is left alone, at most; 0: announcements change nothing"
            ),
        ],
        check: { options in
            let judged = options.duration("echo_timeout") + options.duration("suspicion")
            guard judged > options.duration("echo_interval") * 2 else { return [] }
            return [
                "echo_timeout: with 'suspicion' it must not be above twice 'echo_interval', so that every death is "
                    + "noticed within three intervals"
            ]
        }
    )

    init(_ options: Options) {
        sockets = SocketOptions(keepalive: options.record("kernel"))
        sockets.writeDeadline = options.optionalDuration("write_deadline")
        echoInterval = options.duration("echo_interval")
        echoTimeout = options.duration("echo_timeout")
        suspicion = options.duration("suspicion")
        stallTolerance = options.duration("stall_tolerance")
        busyLimit = options.duration("busy_limit")
    }

    /// What the kernel is asked for while a peer does long work: its process reads nothing, which looks like a full
    /// window, and that must not end the link before its time.
    var patientSockets: SocketOptions {
        var patient = sockets
        patient.userTimeout = sockets.userTimeout.map { $0 + busyLimit }
        patient.writeDeadline = sockets.writeDeadline.map { $0 + busyLimit }
        return patient
    }
}

extension Layered {
    /// What the registry knows of this module.
    public static let descriptor = ModuleDescriptor(
        spec: ModuleSpec(
            role: Role.liveness.rawValue, id: "layered", version: "1.0.0", stability: .stable,
            summary: "the kernel finds silent hosts, an echo on idle links finds hung processes and one-way paths",
            posture: "a peer can keep a useless link up by talking, and put a verdict off by busy_limit at a time",
            options: LayeredOptions.spec
        ),
        factory: .liveness { Layered(options: LayeredOptions($0)) }
    )
}
