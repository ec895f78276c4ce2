import Kernel
import Profile
import Wire

extension HTTPServer {
    /// What the registry knows of this module.
    public static let descriptor = ModuleDescriptor(
        spec: ModuleSpec(
            role: Role.rpc.rawValue, id: HTTPServer.id, version: "1.0.0", stability: .beta,
            summary: "read-only HTTP: /consensus_info, /health, /metrics, /peers, /status",
            posture: "no authentication and no encryption: keep it on the loopback address or behind a proxy",
            options: OptionSpec([
                .endpoint("listen", default: "127.0.0.1:8332", "where the server listens; port 0 takes any free one")
            ])
        ),
        factory: .rpc { options in
            let text = options.endpoint("listen")
            guard let listen = Endpoint(text) else {
                throw HTTPServerError(
                    code: .badAddress, message: "'listen' is '\(text)': write an address with a port, 127.0.0.1:8332"
                )
            }
            return RPCPort(module: HTTPServer.id, listen: listen)
        }
    )
}
