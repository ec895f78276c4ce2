import HeightLine
import ModuleTesting
import NIOCore
import NIOPosix
import PortTesting
import Testing
import Wire

@Suite("rpc height-line", .timeLimit(.minutes(2))) struct HeightLineTests {
    /// Keeps what comes until the other end closes.
    private final class Reader: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        private let whole: EventLoopPromise<String>
        private var text = ""

        init(_ whole: EventLoopPromise<String>) { self.whole = whole }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) { text += String(buffer: unwrapInboundIn(data)) }

        func channelInactive(context: ChannelHandlerContext) { whole.succeed(text) }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }

    private static let dialect = RPCDialect { endpoint in
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let whole = loop.makePromise(of: String.self)
        do {
            _ = try await ClientBootstrap(group: loop)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandler(Reader(whole))
                    }
                }
                .connect(to: try SocketAddress(ipAddress: endpoint.ip.description, port: Int(endpoint.port))).get()
        } catch {
            whole.succeed("")
        }
        let text = try? await whole.futureResult.get()
        return text.flatMap { UInt64($0.prefix { $0.isNumber }) }
    }

    @Test("it conforms to the rules of rpc modules")
    func conforms() async throws {
        try await RPCConformance(HeightLine.descriptor, dialect: Self.dialect).run().expectConforming()
    }
}
