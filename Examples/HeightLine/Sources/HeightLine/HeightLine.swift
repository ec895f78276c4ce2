import Kernel
import NIOCore
import NIOPosix
import Profile
import Wire

/// rpc `height-line`: says the height of the node's chain to everybody who connects, on one line, and closes.
///
/// `nc 127.0.0.1 8333` prints `1234`.
public struct HeightLine: RPCService {
    let node: any NodeAPI
    let setting: RPCSetting

    public func run() async throws {
        let listen = setting.listen ?? Self.standard
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { [node] channel in
                channel.eventLoop.makeFutureWithTask { await node.status(.figures).height }.map { height in
                    channel.writeAndFlush(ByteBuffer(string: "\(height)\n")).whenComplete { _ in
                        channel.close(promise: nil)
                    }
                }
            }
            .bind(to: try SocketAddress(ipAddress: listen.ip.description, port: Int(listen.port))).get()
        let port = server.localAddress?.port.flatMap { UInt16(exactly: $0) } ?? listen.port
        await setting.onRunning(Endpoint(ip: listen.ip, port: port))
        // The socket is closed where the task is cancelled; where it closes by itself, the service ends and is made again.
        try await withTaskCancellationHandler {
            try await server.closeFuture.get()
        } onCancel: {
            server.close(promise: nil)
        }
    }

    static let standard = Endpoint(ip: IPAddress(version4: 0x7f00_0001), port: 8_333)

    /// The module as registries know it.
    public static let descriptor = ModuleDescriptor(
        spec: ModuleSpec(
            role: Role.rpc.rawValue, id: "height-line", version: "1", stability: .development,
            summary: "says the height of the chain on one line",
            posture: "no authentication and no encryption, and nothing to read but one number",
            options: OptionSpec([.endpoint("listen", default: standard.description, "where it listens")])
        ),
        factory: .rpc { options in
            RPCPort(module: "height-line", listen: Endpoint(options.endpoint("listen"))) { node, setting in
                HeightLine(node: node, setting: setting)
            }
        }
    )
}
