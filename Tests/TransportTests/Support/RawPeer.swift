import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
import Wire

@testable import Transport

/// A TCP client that is no node: says what a test wants it to, and notes what comes back.
struct RawPeer: Sendable {
    let channel: any NIOCore.Channel
    private let recorder: NIOLoopBound<Recorder>

    static func connect(
        to endpoint: Endpoint, from source: String? = nil, receiveBuffer: Int? = nil,
        tls: (@Sendable () throws -> any ChannelHandler)? = nil
    ) async throws -> RawPeer {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let recorder = try await loop.submit { NIOLoopBound(Recorder(loop), eventLoop: loop) }.get()
        var bootstrap = ClientBootstrap(group: loop)
        if let source { bootstrap = bootstrap.bind(to: try SocketAddress(ipAddress: source, port: 0)) }
        if let receiveBuffer {
            bootstrap = bootstrap.channelOption(.socketOption(.so_rcvbuf), value: .init(receiveBuffer))
        }
        let channel =
            try await bootstrap
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let tls { try channel.pipeline.syncOperations.addHandler(tls()) }
                    try channel.pipeline.syncOperations.addHandler(recorder.value)
                }
            }
            .connect(to: try endpoint.socketAddress()).get()
        return RawPeer(channel: channel, recorder: recorder)
    }

    func send(_ bytes: [UInt8]) async throws {
        try await channel.writeAndFlush(ByteBuffer(bytes: bytes))
    }

    /// Reads nothing of its own accord, and little at a time.
    func pause() async throws {
        try await channel.setOption(.autoRead, value: false).get()
        try await channel.setOption(.maxMessagesPerRead, value: 1).get()
        try await channel.setOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 65_536)).get()
    }

    /// Reads as much as one read takes.
    ///
    /// - Returns: the bytes read so far.
    func readSome() async throws -> Int {
        let (channel, recorder) = (channel, recorder)
        return try await channel.eventLoop.submit {
            channel.read()
            return recorder.value.total
        }.get()
    }

    func resume() async throws {
        try await channel.setOption(.maxMessagesPerRead, value: 16).get()
        try await channel.setOption(.recvAllocator, value: AdaptiveRecvByteBufferAllocator()).get()
        try await channel.setOption(.autoRead, value: true).get()
    }

    /// Waits until the other end has closed.
    func closed() async throws {
        try await within { try await channel.closeFuture.get() }
    }

    /// The bytes of each read, once there are `count` bytes.
    func reads(_ count: Int) async throws -> [Int] {
        let recorder = recorder
        let loop = channel.eventLoop
        return try await within { try await loop.flatSubmit { recorder.value.reads(count) }.get() }
    }

    /// The first `count` messages that came.
    func messages(_ count: Int) async throws -> [Message] {
        let recorder = recorder
        let loop = channel.eventLoop
        return try await within { try await loop.flatSubmit { recorder.value.messages(count) }.get() }
    }

    func send(_ messages: [Message]) async throws {
        var buffer = ByteBuffer()
        for message in messages { FrameEncoder.encode(message, into: &buffer) }
        try await send(Array(buffer.readableBytesView))
    }

    func close() async { try? await channel.close() }

    private final class Recorder: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        private let loop: any EventLoop
        private var sizes: [Int] = []
        private(set) var total = 0
        private var waiting: (count: Int, promise: EventLoopPromise<[Int]>)?
        private var stream = ByteBuffer()
        private var decoder = FrameDecoder()
        private var decoded: [Message] = []
        private var expecting: (count: Int, promise: EventLoopPromise<[Message]>)?
        /// Nothing more comes: whoever waits would wait for ever.
        private var isGone = false

        init(_ loop: any EventLoop) {
            self.loop = loop
        }

        func reads(_ count: Int) -> EventLoopFuture<[Int]> {
            let promise = loop.makePromise(of: [Int].self)
            waiting = (count, promise)
            check()
            return promise.futureResult
        }

        func messages(_ count: Int) -> EventLoopFuture<[Message]> {
            let promise = loop.makePromise(of: [Message].self)
            expecting = (count, promise)
            checkMessages()
            return promise.futureResult
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            var bytes = unwrapInboundIn(data)
            sizes.append(bytes.readableBytes)
            total += bytes.readableBytes
            stream.writeBuffer(&bytes)
            while let message = try? decoder.next(from: &stream) { decoded.append(message) }
            checkMessages()
            check()
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            context.close(promise: nil)
        }

        func channelInactive(context: ChannelHandlerContext) {
            isGone = true
            checkMessages()
            check()
            context.fireChannelInactive()
        }

        private func checkMessages() {
            guard let expecting, isGone || decoded.count >= expecting.count else { return }
            self.expecting = nil
            if decoded.count >= expecting.count {
                expecting.promise.succeed(Array(decoded.prefix(expecting.count)))
            } else {
                expecting.promise.fail(Journal.Late())
            }
        }

        private func check() {
            guard let waiting, isGone || total >= waiting.count else { return }
            self.waiting = nil
            if total >= waiting.count { waiting.promise.succeed(sizes) } else { waiting.promise.fail(Journal.Late()) }
        }
    }
}

extension RawPeer {
    /// Sends a byte at a time for as long as there are any and the connection lasts.
    func drip(_ bytes: [UInt8], every interval: TimeAmount) {
        let channel = channel
        channel.eventLoop.scheduleTask(in: interval) {
            guard channel.isActive, let first = bytes.first else { return }
            channel.writeAndFlush(ByteBuffer(bytes: [first]), promise: nil)
            self.drip(Array(bytes.dropFirst()), every: interval)
        }
    }
}

/// Collects reasons until there are enough.
final class Ends: Sendable {
    private let reasons = NIOLockedValueBox<[Reason]>([])
    private let count: Int

    init(_ count: Int) {
        self.count = count
    }

    func add(_ reason: Reason) -> Set<Reason>? {
        reasons.withLockedValue {
            $0.append(reason)
            return $0.count == count ? Set($0) : nil
        }
    }
}
