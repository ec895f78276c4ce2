import Foundation
import NIOCore
import NIOPosix

@testable import TimenodeCommands

/// Something that listens on the loopback address and says one text to everybody who says anything.
enum Listener {
    private final class Speaker: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        private let text: String

        init(_ text: String) { self.text = text }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            guard !text.isEmpty else { return }
            context.writeAndFlush(NIOAny(ByteBuffer(string: text)), promise: nil)
            context.close(promise: nil)
        }
    }

    static func answering<Value: Sendable>(
        _ text: String, _ body: (RPCAddress) async throws -> Value
    ) async throws -> Value {
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Speaker(text))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let port = UInt16(server.localAddress?.port ?? 0)
        do {
            let value = try await body(RPCAddress(host: "127.0.0.1", port: port))
            try await server.close()
            return value
        } catch {
            try await server.close()
            throw error
        }
    }
}
