import Kernel
import NIOCore
import NIOPosix
import NIOSSL
import Transport

/// What a crowd links to.
public enum CrowdKind: String, CaseIterable, Sendable {
    case bareNIO = "bare-nio"
    case bareNIOSSL = "bare-niossl"
    case timenode = "timenode"
    case timenodeTLS = "timenode-tls"

    var isSecured: Bool { self == .bareNIOSSL || self == .timenodeTLS }
    var isNode: Bool { self == .timenode || self == .timenodeTLS }
}

/// The accepting end of many links, on one event loop, for as long as the process lives.
public final class CrowdServer: Sendable {
    public let port: Int
    private let host: NodeHost?
    private let channel: (any NIOCore.Channel)?

    public init(_ kind: CrowdKind) async throws {
        let loop = MultiThreadedEventLoopGroup(numberOfThreads: 1).next()
        guard !kind.isNode else {
            // All come from one address, and all are let in: places for them, and places for them to be remembered.
            let admission = "{maximum_inbound: 20000, per_address: 20000, per_network: 20000}"
            let profile = try LocalNetwork.profile(links: "{maximum_peers: 20000, admission: \(admission)}")
            let network = try await LocalNetwork(
                nodes: 1, slotInterval: .seconds(86_400), genesis: WallTime(milliseconds: 1_765_929_600_000), on: loop
            )
            let host = network.host(0, tls: kind.isSecured, profile: profile, on: loop, limits: LocalNetwork.openDoor)
            port = Int(try await host.start().port)
            (self.host, channel) = (host, nil)
            return
        }
        let security = kind.isSecured ? try MutualTLS(key: .init()) : nil
        let channel = try await ServerBootstrap(group: loop)
            .serverChannelOption(.backlog, value: 256)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let security { try channel.pipeline.syncOperations.addHandler(security.server()) }
                    try channel.pipeline.syncOperations.addHandler(Discarding())
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        port = channel.localAddress?.port ?? 0
        (host, self.channel) = (nil, channel)
    }

    public func stop() async throws {
        await host?.shutdown()
        try await channel?.close()
    }
}

/// Reads and keeps nothing.
final class Discarding: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {}

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
