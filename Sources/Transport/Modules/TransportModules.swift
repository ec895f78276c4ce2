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
            options: TransportOptions.spec
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
            options: TransportOptions.spec
        ),
        factory: .transport { try TransportOptions.port($0, security: .tls) }
    )
}

/// The options that both transports have.
enum TransportOptions {
    static let spec = OptionSpec([
        .endpoint("listen", default: "0.0.0.0:24100", "where connections are taken in"),
        .duration(
            "connect_timeout", default: .seconds(10), in: .milliseconds(100) ... .seconds(300),
            "how long a dial may take, TLS included"
        ),
        .bytes(
            "send_queue", default: 4 << 20, in: (64 << 10)...(1 << 30),
            "bytes that may wait for a slow peer before its link is ended"
        ),
    ])

    static func port(_ options: Options, security: TransportPort.Security) throws -> TransportPort {
        let text = options.endpoint("listen")
        guard let listen = Endpoint(text) else {
            throw HostError(
                code: .addressUnavailable,
                message: "'listen' is '\(text)', which is no address with a port; write 0.0.0.0:24100"
            )
        }
        return TransportPort(
            listen: listen, security: security, connectTimeout: options.duration("connect_timeout"),
            sendQueueBytes: options.bytes("send_queue")
        )
    }
}
