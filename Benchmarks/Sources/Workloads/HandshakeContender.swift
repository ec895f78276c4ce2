import COpenSSL
import Crypto
import Kernel
import NIOCore
import NIOPosix
import NIOSSL
import NIOTLS
import Wire

/// TLS handshakes one after the other: a TCP connection on loopback, a handshake that both ends finish, the close.
///
/// All have TLS 1.3 with an Ed25519 certificate at both ends, which nobody but the handshake itself checks. Where there
/// is an event loop, some connections are under way at a time, so that its turns are no emptier than a node's.
public enum HandshakeContender {
    static let underWay = 16

    public static var opensslVersion: String { String(cString: openssl_version()) }

    /// In C. Both ends take turns without asking whether there is something to read.
    public static func openssl(_ count: Int) throws -> Double {
        var elapsed: UInt64 = 0
        let code = openssl_handshakes(count, &elapsed)
        guard code == 0 else { throw WorkloadError("OpenSSL: error \(code)") }
        return Double(count) / (Double(max(1, elapsed)) / 1e9)
    }

    /// SwiftNIO and NIOSSL with handlers that wait for the end of the handshake.
    public static func bareNIO(_ count: Int, on loop: any EventLoop) async throws -> Double {
        let (accepting, dialling) = (try MutualTLS(key: .init()), try MutualTLS(key: .init()))
        let rate = loop.makePromise(of: Double.self)
        let meter = NIOLoopBoundBox.makeBoxSendingValue(HandshakeMeter(count, rate), eventLoop: loop)
        let server = try await ServerBootstrap(group: loop)
            .serverChannelOption(.backlog, value: 256)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandlers(
                        accepting.server(),
                        BareHandshake {
                            meter.value.finished()
                            channel.close(promise: nil)
                        }
                    )
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        guard let address = server.localAddress else { throw ChannelError.unknownLocalAddress }
        try await loop.submit { for _ in 0..<underWay { dial(address, dialling, meter, loop) } }.get()
        let measured = try await rate.futureResult.get()
        try await server.close()
        return measured
    }

    private static func dial(
        _ address: SocketAddress, _ security: MutualTLS, _ meter: NIOLoopBoundBox<HandshakeMeter>,
        _ loop: any EventLoop
    ) {
        guard meter.value.mayBegin() else { return }
        ClientBootstrap(group: loop)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let sync = channel.pipeline.syncOperations
                    try sync.addHandler(security.client())
                    // The accepting end closes: it is the one that knows when both have finished.
                    channel.closeFuture.whenComplete { _ in dial(address, security, meter, loop) }
                }
            }
            .connect(to: address).whenFailure { meter.value.failed($0) }
    }

    /// Two nodes whose links policy dials, and closes once the transport is open and the dialler's key is proven.
    public static func timenode(_ count: Int, on loop: any EventLoop) async throws -> Double {
        let profile = try LocalNetwork.profile()
        let network = try await LocalNetwork(
            nodes: 2, slotInterval: .seconds(86_400), genesis: WallTime(milliseconds: 1_765_929_600_000), on: loop
        )
        let rate = loop.makePromise(of: Double.self)
        let meter = NIOLoopBoundBox.makeBoxSendingValue(HandshakeMeter(count, rate), eventLoop: loop)
        let target = network.view.masternodes.first { $0.endpoint == network.endpoints[0] }
        let hosts = (0..<2).map { index in
            let dialled = index == 1 ? target : nil
            return network.host(
                index, tls: true, profile: profile, on: loop, limits: LocalNetwork.openDoor,
                adjust: { policies in
                    policies.links = DialAndClose(target: dialled, meter: meter.value)
                    policies.discovery = []
                    policies.discoveryIDs = []
                }
            )
        }
        for host in hosts { _ = try await host.start() }
        let measured = await Result { try await rate.futureResult.get() }
        for host in hosts { await host.shutdown() }
        return try measured.get()
    }
}

/// Counts handshakes of one contender. Confined to the event loop.
final class HandshakeMeter {
    private let count: Int
    private let promise: EventLoopPromise<Double>
    private var begun = 0
    private var done = 0
    private var startedAt: UInt64 = 0

    /// - Parameter rate: gets the handshakes a second, once all are done.
    init(_ count: Int, _ rate: EventLoopPromise<Double>) {
        self.count = count
        promise = rate
    }

    /// Whether another one is wanted; the first one starts the clock.
    func mayBegin() -> Bool {
        if begun == 0 { startedAt = ExchangeMeter.now() }
        guard begun < count else { return false }
        begun += 1
        return true
    }

    /// The accepting end has finished one.
    func finished() {
        done += 1
        guard done == count else { return }
        promise.succeed(Double(count) / (Double(max(1, ExchangeMeter.now() - startedAt)) / 1e9))
    }

    func failed(_ error: any Error) { promise.fail(error) }
}

private final class BareHandshake: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let whenDone: () -> Void

    init(_ whenDone: @escaping () -> Void) {
        self.whenDone = whenDone
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case TLSUserEvent.handshakeCompleted = event { whenDone() }
        context.fireUserInboundEventTriggered(event)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {}

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}

/// The links policy of the measured nodes: what the transport does before any word is said, again and again.
private struct DialAndClose: LinksPolicy {
    /// Whom to dial; nil at the end that accepts.
    let target: NetworkView.Masternode?
    let meter: HandshakeMeter
    var state = NoState()

    init(target: NetworkView.Masternode?, meter: HandshakeMeter) {
        self.target = target
        self.meter = meter
    }

    mutating func start(_ context: inout Context) {
        for _ in 0..<HandshakeContender.underWay { dial(&context) }
    }

    private func dial(_ context: inout Context) {
        guard let target, let endpoint = target.endpoint, meter.mayBegin() else { return }
        _ = context.open(endpoint, expecting: target.identity)
    }

    mutating func dialled(_ link: Link, _ context: inout Context) {}

    mutating func dialFailed(_ link: Link, _ reason: Reason, _ context: inout Context) {
        meter.failed(WorkloadError("a dial failed: \(reason.rawValue)"))
    }

    mutating func accepted(_ link: Link, _ context: inout Context) {
        meter.finished()
        context.close(link.id, .shutdown)
    }

    mutating func ended(_ link: Link, _ end: StreamEnd, _ context: inout Context) {
        context.close(link.id, end.reason, by: .peer)
        dial(&context)
    }

    mutating func wanted(_ wishes: [Wish], by source: Int, _ pass: DiscoveryPass, _ context: inout Context) {}
    func route(to peer: Identity) -> LinkID? { nil }
}
