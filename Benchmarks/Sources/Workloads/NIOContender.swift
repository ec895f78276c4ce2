import Crypto
import Foundation
import NIOCore
import NIOPosix
import NIOSSL
import SwiftASN1
import X509

/// Both ends with bare SwiftNIO on one event loop: a frame is a length, a kind and a payload, which is copied in
/// and sliced out, the least that anybody does who wants the bytes.
public enum NIOContender {
    public static func run(_ plan: Exchange, tls: Bool, on loop: any EventLoop) async throws -> Measured {
        let security = tls ? try BareTLS() : nil
        let done = loop.makePromise(of: Measured.self)
        let server = try await ServerBootstrap(group: loop)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let security { try channel.pipeline.syncOperations.addHandler(security.server()) }
                    try channel.pipeline.syncOperations.addHandler(BareServer(plan))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        guard let address = server.localAddress else { throw ChannelError.unknownLocalAddress }
        let client = try await ClientBootstrap(group: loop)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let security { try channel.pipeline.syncOperations.addHandler(security.client()) }
                    try channel.pipeline.syncOperations.addHandler(BareClient(plan, done))
                }
            }
            .connect(to: address).get()
        let measured = try await done.futureResult.get()
        try await client.close()
        try await server.close()
        return measured
    }
}

/// A certificate for the length of one run. Who is there is not what is measured.
struct BareTLS: Sendable {
    private let serverContext: NIOSSLContext
    private let clientContext: NIOSSLContext

    init() throws {
        let key = Certificate.PrivateKey(P256.Signing.PrivateKey())
        let name = try DistinguishedName { CommonName("benchmark") }
        let now = Date()
        let certificate = try Certificate(
            version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: key.publicKey,
            notValidBefore: now - 3600, notValidAfter: now + 86_400, issuer: name, subject: name,
            signatureAlgorithm: .ecdsaWithSHA256, extensions: Certificate.Extensions(), issuerPrivateKey: key
        )
        var serializer = DER.Serializer()
        try serializer.serialize(certificate)
        let chain = try NIOSSLCertificate(bytes: serializer.serializedBytes, format: .der)
        let pem = try key.serializeAsPEM().pemString
        var server = TLSConfiguration.makeServerConfiguration(
            certificateChain: [.certificate(chain)],
            privateKey: .privateKey(try NIOSSLPrivateKey(bytes: Array(pem.utf8), format: .pem))
        )
        server.minimumTLSVersion = .tlsv13
        var client = TLSConfiguration.makeClientConfiguration()
        client.minimumTLSVersion = .tlsv13
        client.certificateVerification = .none
        serverContext = try NIOSSLContext(configuration: server)
        clientContext = try NIOSSLContext(configuration: client)
    }

    func server() -> NIOSSLServerHandler { NIOSSLServerHandler(context: serverContext) }

    func client() throws -> NIOSSLClientHandler { try NIOSSLClientHandler(context: clientContext, serverHostname: nil) }
}

/// A frame: a 4-byte length, a byte that says what it is for, and a payload.
private struct BareFrames {
    enum Kind: UInt8 {
        /// Comes back as it is.
        case echo
        /// One of a batch, which is acknowledged as a whole.
        case batched
        case acknowledgement
    }

    private static let payload = ByteBuffer(repeating: 7, count: 65_536)

    private var buffer = ByteBuffer()
    /// The newest frame's payload.
    private(set) var payload = ByteBuffer()

    mutating func append(_ bytes: ByteBuffer) {
        if buffer.readableBytes == 0 {
            buffer = bytes
        } else {
            buffer.discardReadBytes()
            buffer.writeImmutableBuffer(bytes)
        }
    }

    /// The next frame, nil while it is incomplete.
    mutating func next() -> Kind? {
        guard let length: UInt32 = buffer.getInteger(at: buffer.readerIndex),
            buffer.readableBytes >= 4 + Int(length),
            let kind: UInt8 = buffer.getInteger(at: buffer.readerIndex + 4),
            let payload = buffer.getSlice(at: buffer.readerIndex + 5, length: Int(length) - 1)
        else { return nil }
        buffer.moveReaderIndex(forwardBy: 4 + Int(length))
        self.payload = payload
        return Kind(rawValue: kind)
    }

    static func write(_ kind: Kind, _ size: Int, into buffer: inout ByteBuffer) {
        buffer.writeInteger(UInt32(size - 4))
        buffer.writeInteger(kind.rawValue)
        if let bytes = payload.getSlice(at: payload.readerIndex, length: size - 5) {
            buffer.writeImmutableBuffer(bytes)
        }
    }
}

private final class BareClient: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private var meter: ExchangeMeter
    private let plan: Exchange
    private let done: EventLoopPromise<Measured>
    private var frames = BareFrames()

    init(_ plan: Exchange, _ done: EventLoopPromise<Measured>) {
        meter = ExchangeMeter(plan)
        self.plan = plan
        self.done = done
    }

    func channelActive(context: ChannelHandlerContext) {
        take(meter.start(), context)
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        frames.append(unwrapInboundIn(data))
        while frames.next() != nil { take(meter.answered(), context) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        done.fail(error)
        context.close(promise: nil)
    }

    private func take(_ step: ExchangeMeter.Step, _ context: ChannelHandlerContext) {
        switch step {
        case .frame: send(1, .echo, context)
        case .batches(let batches): send(batches * plan.batch, .batched, context)
        case .wait: break
        case .done: done.succeed(meter.result)
        }
    }

    private func send(_ count: Int, _ kind: BareFrames.Kind, _ context: ChannelHandlerContext) {
        var buffer = context.channel.allocator.buffer(capacity: count * plan.frameBytes)
        for _ in 0..<count { BareFrames.write(kind, plan.frameBytes, into: &buffer) }
        context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
    }
}

private final class BareServer: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let plan: Exchange
    private var frames = BareFrames()
    private var inBatch = 0

    init(_ plan: Exchange) {
        self.plan = plan
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        frames.append(unwrapInboundIn(data))
        var answer = ByteBuffer()
        while let kind = frames.next() {
            if kind == .echo {
                BareFrames.write(.echo, plan.frameBytes, into: &answer)
                continue
            }
            inBatch += 1
            guard inBatch == plan.batch else { continue }
            inBatch = 0
            BareFrames.write(.acknowledgement, Exchange.ackBytes, into: &answer)
        }
        guard answer.readableBytes > 0 else { return }
        context.writeAndFlush(wrapOutboundOut(answer), promise: nil)
    }
}
