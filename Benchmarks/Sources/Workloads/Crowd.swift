import CEpoll
import Crypto
import NIOCore
import NIOPosix
import NIOSSL
import NIOTLS
import Wire

/// The dialling end of many links, each of an identity of its own: what they link to is another process's.
public final class Crowd: Sendable {
    private let kind: CrowdKind
    private let target: SocketAddress
    private let loop: any EventLoop
    private let members: NIOLoopBoundBox<[any NIOCore.Channel]>

    /// Handshakes under way at a time: a quarter of what a node lets strangers have.
    private static let underWay = 64

    public init(_ kind: CrowdKind, port: Int) throws {
        _ = Self.openFilesLimit
        self.kind = kind
        target = try SocketAddress(ipAddress: "127.0.0.1", port: port)
        loop = MultiThreadedEventLoopGroup(numberOfThreads: 1).next()
        members = NIOLoopBoundBox.makeBoxSendingValue([], eventLoop: loop)
    }

    /// Raised the first time that it is asked for.
    public static let openFilesLimit = raise_open_files()

    /// Makes links until there are `count`.
    public func grow(to count: Int) async throws {
        var left = count - (try await loop.submit { [members] in members.value.count }.get())
        try await withThrowingTaskGroup(of: Void.self) { group in
            var running = 0
            while left > 0 || running > 0 {
                while left > 0, running < Self.underWay {
                    (left, running) = (left - 1, running + 1)
                    group.addTask { try await self.join() }
                }
                try await group.next()
                running -= 1
            }
        }
    }

    /// How many of the links still stand.
    public func standing() async throws -> Int {
        try await loop.submit { [members] in members.value.count { $0.isActive } }.get()
    }

    private func join() async throws {
        let key = Curve25519.Signing.PrivateKey()
        let security = kind.isSecured ? try MutualTLS(key: key) : nil
        let done = loop.makePromise(of: Void.self)
        let isNode = kind.isNode
        let channel = try await ClientBootstrap(group: loop)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let sync = channel.pipeline.syncOperations
                    if let security { try sync.addHandler(security.client()) }
                    if isNode {
                        let listen = Endpoint(ip: IPAddress(version4: 0x7f00_0001), port: 1)
                        try sync.addHandler(
                            StrangerHandshake(key, isSecured: security != nil, listen: listen) { outcome in
                                switch outcome {
                                case .up: done.succeed()
                                case .failed(let why): done.fail(WorkloadError("a link did not come up: \(why)"))
                                }
                            }
                        )
                    } else {
                        try sync.addHandler(JoinHandler(isSecured: security != nil, done))
                    }
                }
            }
            .connect(to: target).get()
        try await done.futureResult.get()
        try await loop.submit { [members] in members.value.append(channel) }.get()
    }
}

/// Waits until a connection is of use, and then reads and keeps nothing.
private final class JoinHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let isSecured: Bool
    private let done: EventLoopPromise<Void>

    init(isSecured: Bool, _ done: EventLoopPromise<Void>) {
        self.isSecured = isSecured
        self.done = done
    }

    func channelActive(context: ChannelHandlerContext) {
        if !isSecured { done.succeed() }
        context.fireChannelActive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case TLSUserEvent.handshakeCompleted = event { done.succeed() }
        context.fireUserInboundEventTriggered(event)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {}

    func channelInactive(context: ChannelHandlerContext) {
        done.fail(WorkloadError("a connection was closed"))
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        done.fail(error)
        context.close(promise: nil)
    }
}
