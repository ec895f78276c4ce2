import Kernel
import NIOCore
import NIOPosix
import Profile
import Wire

@testable import PortTesting

/// An rpc module that is no HTTP: it says the chain's height to everybody who connects, and closes.
struct HeightLine: RPCService {
    enum Fault: Sendable {
        case saysOldHeight
        case stopsTheNode
        case ignoresItsAddress
    }

    let node: any NodeAPI
    let setting: RPCSetting
    let fault: Fault?

    static func descriptor(_ fault: Fault?) -> ModuleDescriptor {
        ModuleDescriptor(
            spec: ModuleSpec(
                role: Role.rpc.rawValue, id: "height-line", version: "1", stability: .development, summary: "one line",
                posture: "for tests", options: OptionSpec([])
            ),
            factory: .rpc { _ in
                RPCPort(module: "height-line", listen: PortNode.loopback) { node, setting in
                    HeightLine(node: node, setting: setting, fault: fault)
                }
            }
        )
    }

    static let dialect = RPCDialect { endpoint in
        let line = await RawSocket.exchange([], with: endpoint, within: .seconds(5))
        return line.flatMap { UInt64(String(decoding: $0, as: UTF8.self).dropLast()) }
    }

    func run() async throws {
        let atStart = await node.status(.figures).height
        let port = fault == .ignoresItsAddress ? 0 : Int(setting.listen?.port ?? 0)
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { [node, fault] channel in
                channel.eventLoop.makeFutureWithTask { await node.status(.figures).height }.map { height in
                    let line = ByteBuffer(string: "\(fault == .saysOldHeight ? atStart : height)\n")
                    channel.writeAndFlush(line).whenComplete { _ in channel.close(promise: nil) }
                }
            }
            .bind(to: try SocketAddress(ipAddress: "127.0.0.1", port: port)).get()
        let bound = server.localAddress?.port.flatMap { UInt16(exactly: $0) } ?? 0
        await setting.onRunning(Endpoint(ip: IPAddress(version4: 127 << 24 | 1), port: bound))
        if fault == .stopsTheNode {
            _ = try await node.perform(.stop, for: NodeCaller(name: "the service itself", permissions: .operate))
        }
        let (ends, end) = AsyncStream.makeStream(of: Void.self)
        await withTaskCancellationHandler {
            for await _ in ends {}
        } onCancel: {
            end.finish()
        }
        try await server.close()
    }
}
