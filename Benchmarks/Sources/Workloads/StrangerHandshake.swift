import Crypto
import NIOCore
import NIOTLS
import Wire

/// The dialling end of a node's signed handshake without a node behind it: for crowds of thousands in one process.
///
/// What a node says once the link is up is thrown away.
final class StrangerHandshake: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// How it came out.
    enum Outcome: Sendable {
        case up
        /// A refusal's word, or what else ended it.
        case failed(String)
    }

    private let key: Curve25519.Signing.PrivateKey
    private let isSecured: Bool
    private let listen: Endpoint
    private let sequence: UInt64
    private var whenDone: ((Outcome) -> Void)?
    private var decoder = FrameDecoder()
    private var incoming = ByteBuffer()
    private var hello: Hello?
    private var isUp = false

    init(
        _ key: Curve25519.Signing.PrivateKey, isSecured: Bool, listen: Endpoint, sequence: UInt64 = 1,
        _ whenDone: @escaping (Outcome) -> Void
    ) {
        self.key = key
        self.isSecured = isSecured
        self.listen = listen
        self.sequence = sequence
        self.whenDone = whenDone
    }

    func channelActive(context: ChannelHandlerContext) {
        if !isSecured { greet(context) }
        context.fireChannelActive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case TLSUserEvent.handshakeCompleted = event { greet(context) }
        context.fireUserInboundEventTriggered(event)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isUp else { return }
        var bytes = unwrapInboundIn(data)
        incoming.writeBuffer(&bytes)
        do {
            while !isUp, let message = try decoder.next(from: &incoming) { take(message, context) }
        } catch {
            finish(.failed("\(error)"), context)
        }
        if isUp { incoming = ByteBuffer() }
    }

    func channelInactive(context: ChannelHandlerContext) {
        finish(.failed("closed"), context)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        finish(.failed("\(error)"), context)
        context.close(promise: nil)
    }

    private func greet(_ context: ChannelHandlerContext) {
        guard let bytes = Bytes32(Array(key.publicKey.rawRepresentation)) else { return }
        let hello = Hello(
            version: Hello.currentVersion, network: "benchmark", identity: Identity(key: bytes), incarnation: 1,
            dialSequence: sequence, endedSequence: 0, listen: listen, nonce: UInt64.random(in: 1...UInt64.max)
        )
        self.hello = hello
        send(.hello(hello), context)
    }

    private func take(_ message: Message, _ context: ChannelHandlerContext) {
        switch message {
        case .helloAck(let ack):
            guard ack.refusal == nil, let hello else {
                finish(.failed(ack.refusal?.rawValue ?? "out of turn"), context)
                return
            }
            guard let raw = try? key.signature(for: Self.transcript(hello, ack)), let signature = Signature(raw) else {
                return
            }
            send(.proof(Proof(signature: signature)), context)
        case .ready:
            isUp = true
            finish(.up, context)
        case .goodbye(let reason): finish(.failed(reason.rawValue), context)
        default: break
        }
    }

    private func finish(_ outcome: Outcome, _ context: ChannelHandlerContext) {
        guard let whenDone else { return }
        self.whenDone = nil
        whenDone(outcome)
    }

    private func send(_ message: Message, _ context: ChannelHandlerContext) {
        var buffer = context.channel.allocator.buffer(capacity: message.encodedSize)
        FrameEncoder.encode(message, into: &buffer)
        context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
    }

    /// What the dialler signs: see `Transcript` in the package's links module, which is not public.
    private static func transcript(_ hello: Hello, _ ack: HelloAck) -> [UInt8] {
        var bytes: [UInt8] = [1] + Array("timenode handshake 2".utf8)
        func append(_ number: UInt64) {
            for shift in stride(from: 56, through: 0, by: -8) {
                bytes.append(UInt8(truncatingIfNeeded: number >> shift))
            }
        }
        func append(_ statement: ProcessStatement?) {
            bytes.append(statement == nil ? 0 : 1)
            guard let statement else { return }
            append(UInt64(bitPattern: statement.started))
            append(UInt64(bitPattern: statement.said))
            bytes += statement.signature.bytes
        }
        append(UInt64(hello.version))
        append(UInt64(hello.network.utf8.count))
        bytes += hello.network.utf8
        bytes += hello.identity.key.bytes
        for number in [hello.incarnation, hello.dialSequence, hello.endedSequence, hello.nonce] { append(number) }
        bytes += hello.listen.description.utf8
        append(hello.process)
        bytes.append(hello.agreement == nil ? 0 : 1)
        if let agreement = hello.agreement { bytes += agreement.digest.bytes }
        bytes.append(hello.isProbe ? 1 : 0)
        bytes += ack.identity.key.bytes
        append(ack.incarnation)
        append(ack.nonce)
        append(UInt64(bitPattern: ack.wall))
        append(ack.process)
        // The proof's own clock, which is left at zero.
        append(0)
        return bytes
    }
}
