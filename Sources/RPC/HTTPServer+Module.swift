import Kernel
import Profile

extension HTTPServer {
    /// What the registry knows of this module.
    public static let descriptor = ModuleDescriptor(
        spec: ModuleSpec(
            role: Role.rpc.rawValue, id: HTTPServer.id, version: "1.1.0", stability: .beta,
            summary: "read-only HTTP: /consensus_info, /health, /metrics, /peers, /status",
            posture: "no authentication and no encryption: keep it on the loopback address or behind a proxy",
            options: HTTPServerOptions.spec
        ),
        factory: .rpc { options in
            let options = try HTTPServerOptions(options)
            return RPCPort(module: HTTPServer.id, listen: options.listen) { node, setting in
                HTTPServer(options, node: node, setting: setting)
            }
        }
    )
}
