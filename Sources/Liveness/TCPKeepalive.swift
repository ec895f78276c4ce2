import Kernel
import Profile
import Wire

/// Leaves the question to the host's TCP: keepalive probes on an idle link, and a limit on how long data may stay
/// unacknowledged.
///
/// The kernel sends no probes while data is unacknowledged, so keepalive alone leaves a busy silent peer to the
/// retransmission limit (15 minutes on Linux); `user_timeout` bounds both cases. It also replaces the probe count.
/// A process that hangs on a live host is never noticed: its kernel answers.
public struct TCPKeepalive: LivenessPolicy {
    let sockets: SocketOptions
    public var state = NoState()

    init(sockets: SocketOptions) {
        self.sockets = sockets
    }

    public mutating func linkUp(_ link: Link, _ context: inout Context) {
        context.setSocketOptions(sockets, on: link.id)
    }

    public mutating func reconfigured(_ context: inout Context) {
        for link in context.links.entries where link.phase == .up { context.setSocketOptions(sockets, on: link.id) }
    }

    /// What the registry knows of this module.
    public static let descriptor = ModuleDescriptor(
        spec: ModuleSpec(
            role: Role.liveness.rawValue, id: "tcp-keepalive", version: "1.0.0", stability: .stable,
            summary: "kernel keepalive on idle links, kernel user timeout on busy ones",
            posture: "costs a peer nothing; a hung process on a live host goes unnoticed",
            options: options(idle: .seconds(10), interval: .seconds(5), userTimeout: .seconds(20))
        ),
        factory: .liveness { TCPKeepalive(sockets: SocketOptions(keepalive: $0)) }
    )

    /// Also what `layered` asks of the kernel, with other defaults.
    static func options(idle: Duration, interval: Duration, userTimeout: Duration) -> OptionSpec {
        OptionSpec([
            .duration(
                "idle", default: idle, in: .seconds(1) ... .seconds(32_767),
                "silence before the first probe (TCP_KEEPIDLE), whole seconds"
            ),
            .duration(
                "interval", default: interval, in: .seconds(1) ... .seconds(32_767),
                "time between probes (TCP_KEEPINTVL), whole seconds"
            ),
            .optionalInteger(
                "probes", default: 3, in: 1...127,
                "unanswered probes before the link is given up (TCP_KEEPCNT); unset: the kernel's 9"
            ),
            .optionalDuration(
                "user_timeout", default: userTimeout, in: .milliseconds(1) ... .seconds(86_400),
                "how long sent data may stay unacknowledged (TCP_USER_TIMEOUT); unset: the retransmission limit"
            ),
        ])
    }
}

extension SocketOptions {
    /// What options of ``TCPKeepalive`` ask for.
    init(keepalive options: Options) {
        self.init(
            keepalive: Keepalive(
                idle: options.duration("idle"), interval: options.duration("interval"),
                probes: options.optionalInteger("probes")
            ),
            userTimeout: options.optionalDuration("user_timeout")
        )
    }
}
