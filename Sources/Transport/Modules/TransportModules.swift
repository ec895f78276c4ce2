import Kernel
import Profile
import Wire

/// Plain TCP: the module `tcp`.
public enum TCPTransport {
    /// What the registry knows of this module.
    public static let descriptor = ModuleDescriptor(
        spec: ModuleSpec(
            role: Role.transport.rawValue, id: "tcp", version: "1.0.0", stability: .stable,
            summary: "plain TCP",
            posture:
                "anyone on the path can read and change what is said; a signed handshake proves the peer at its start",
            options: OptionSpec(TransportOptions.fields, check: TransportOptions.problems)
        ),
        factory: .transport { try TransportOptions.port($0, security: .plain) }
    )
}

/// TLS over TCP: the module `tls`.
public enum TLSTransport {
    /// What the registry knows of this module.
    public static let descriptor = ModuleDescriptor(
        spec: ModuleSpec(
            role: Role.transport.rawValue, id: "tls", version: "1.0.0", stability: .stable,
            summary: "TLS 1.3 with a certificate at both ends; the certificate's key is the identity",
            posture:
                "private and authenticated, never falls back to plain text; a handshake costs a stranger's victim 1 ms",
            options: OptionSpec(
                TransportOptions.fields + TransportOptions.tlsFields, check: TransportOptions.problems
            )
        ),
        factory: .transport { try TransportOptions.port($0, security: .tls) }
    )
}

/// The options of the transports.
enum TransportOptions {
    /// Those that both have.
    static let fields: [OptionField] = [
        .endpoint("listen", default: "0.0.0.0:24100", "where connections are taken in"),
        .duration(
            "connect_timeout", default: .seconds(10), in: .milliseconds(100) ... .seconds(300),
            "how long a dial may take, TLS included"
        ),
        .bytes(
            "send_queue", default: 4 << 20, in: (64 << 10)...(1 << 30),
            "bytes that may wait for a slow peer: load beyond it is dropped, more of anything else ends the link"
        ),
        .integer(
            "accept_limit", default: limits.opening, in: 2...65_536,
            "callers that may be on their way to a link at a time; beyond it the address that has most loses its oldest"
        ),
        .integer(
            "accept_reserved", default: limits.reserved, in: 0...65_535,
            "how many of those places only addresses of masternodes may take"
        ),
        .integer(
            "accept_rate", default: limits.perSecond, in: 1...1_000_000,
            "callers taken in a second, masternodes' addresses aside; four seconds' worth may come at once"
        ),
        .integer(
            "accept_rate_per_address", default: limits.perSecondPerSite, in: 1...1_000_000,
            "the same for one IPv4 address or IPv6 /64; a /24 or /48 has four times as much"
        ),
    ]

    /// Those of `tls` alone.
    static let tlsFields: [OptionField] = [
        .duration(
            "tls_timeout", default: .seconds(5), in: .milliseconds(100) ... .seconds(300),
            "how long a TLS handshake may take, in and out"
        ),
        .duration(
            "certificate_validity", default: .seconds(30 * 86_400), in: .seconds(60) ... .seconds(3_650 * 86_400),
            "how long a certificate is valid that the node makes itself; after two thirds of it the next one is made"
        ),
    ]

    private static let limits = AcceptLimits()

    /// The rule that needs two keys.
    @Sendable
    static func problems(_ options: Options) -> [String] {
        let limit = options.integer("accept_limit")
        return options.integer("accept_reserved") < limit
            ? [] : ["accept_reserved: must be below 'accept_limit' (\(limit)), or strangers have no place"]
    }

    static func port(_ options: Options, security: TransportPort.Security) throws -> TransportPort {
        let text = options.endpoint("listen")
        guard let listen = Endpoint(text) else {
            throw HostError(
                code: .addressUnavailable,
                message: "'listen' is '\(text)', which is no address with a port; write 0.0.0.0:24100"
            )
        }
        var port = TransportPort(
            listen: listen, security: security, connectTimeout: options.duration("connect_timeout"),
            sendQueueBytes: options.bytes("send_queue"),
            limits: AcceptLimits(
                opening: options.integer("accept_limit"), reserved: options.integer("accept_reserved"),
                perSecond: options.integer("accept_rate"),
                perSecondPerSite: options.integer("accept_rate_per_address")
            )
        )
        if security == .tls {
            port.tlsTimeout = options.duration("tls_timeout")
            port.certificateValidity = options.duration("certificate_validity")
        }
        return port
    }
}
