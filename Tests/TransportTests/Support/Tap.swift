import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
import Wire

@testable import Transport

/// Somebody on the path: passes on what two ends say, and keeps what the dialling one said.
struct Tap: Sendable {
    let endpoint: Endpoint
    private let server: any NIOCore.Channel
    private let heard: NIOLockedValueBox<[UInt8]>

    static func listen(before target: Endpoint) async throws -> Tap {
        let heard = NIOLockedValueBox<[UInt8]>([])
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let server = try await ServerBootstrap(group: loop)
            .childChannelInitializer { near in
                near.eventLoop.makeCompletedFuture {
                    let pipe = Pipe(heard)
                    try near.pipeline.syncOperations.addHandler(pipe)
                    let bound = NIOLoopBound(pipe, eventLoop: near.eventLoop)
                    ClientBootstrap(group: near.eventLoop)
                        .channelInitializer { far in
                            far.eventLoop.makeCompletedFuture {
                                let back = Pipe(nil)
                                back.other = near
                                try far.pipeline.syncOperations.addHandler(back)
                            }
                        }
                        .connect(to: try target.socketAddress())
                        .whenSuccess { bound.value.join($0) }
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        guard let endpoint = Endpoint(server.localAddress) else { throw Journal.Late() }
        return Tap(endpoint: endpoint, server: server, heard: heard)
    }

    /// All that the dialling ends said so far.
    func recorded() -> [UInt8] { heard.withLockedValue { $0 } }

    func close() async throws { try await server.close() }

    private final class Pipe: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private let heard: NIOLockedValueBox<[UInt8]>?
        private var waiting: [ByteBuffer] = []
        var other: (any NIOCore.Channel)?

        init(_ heard: NIOLockedValueBox<[UInt8]>?) {
            self.heard = heard
        }

        func join(_ channel: any NIOCore.Channel) {
            other = channel
            for bytes in waiting { channel.writeAndFlush(bytes, promise: nil) }
            waiting = []
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let bytes = unwrapInboundIn(data)
            heard?.withLockedValue { $0 += Array(bytes.readableBytesView) }
            if let other { other.writeAndFlush(bytes, promise: nil) } else { waiting.append(bytes) }
        }

        func channelInactive(context: ChannelHandlerContext) { other?.close(promise: nil) }
    }
}
