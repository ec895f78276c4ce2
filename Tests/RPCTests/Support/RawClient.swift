import Foundation
import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
import Wire

/// A client that says exactly what a test wants, and keeps what comes back.
final class RawClient: Sendable {
    /// One answer of HTTP/1.1 with a length.
    struct Answer: Sendable {
        let code: Int
        /// The head's fields in lower case.
        let fields: [String: String]
        let body: String

        func object() throws -> [String: Any] {
            try JSONSerialization.jsonObject(with: Data(body.utf8)) as? [String: Any] ?? [:]
        }
    }

    private final class Reader: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        let bytes: NIOLockedValueBox<ByteBuffer>
        let arrivals: AsyncStream<Void>.Continuation

        init(_ bytes: NIOLockedValueBox<ByteBuffer>, _ arrivals: AsyncStream<Void>.Continuation) {
            self.bytes = bytes
            self.arrivals = arrivals
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            var buffer = unwrapInboundIn(data)
            bytes.withLockedValue { _ = $0.writeBuffer(&buffer) }
            arrivals.yield()
        }

        func channelInactive(context: ChannelHandlerContext) { arrivals.finish() }
    }

    private let channel: any NIOCore.Channel
    private let bytes: NIOLockedValueBox<ByteBuffer>
    private let arrivals: AsyncStream<Void>

    private init(_ channel: any NIOCore.Channel, _ bytes: NIOLockedValueBox<ByteBuffer>, _ arrivals: AsyncStream<Void>)
    {
        self.channel = channel
        self.bytes = bytes
        self.arrivals = arrivals
    }

    /// - Parameter reads: false for a client that never takes an answer.
    static func connect(to endpoint: Endpoint, reads: Bool = true) async throws -> RawClient {
        let bytes = NIOLockedValueBox(ByteBuffer())
        let (arrivals, arrived) = AsyncStream.makeStream(of: Void.self)
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.autoRead, value: reads)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Reader(bytes, arrived))
                }
            }
            .connect(to: try SocketAddress(ipAddress: endpoint.ip.description, port: Int(endpoint.port))).get()
        return RawClient(channel, bytes, arrivals)
    }

    func send(_ text: String) async throws {
        try await channel.writeAndFlush(ByteBuffer(string: text)).get()
    }

    func send(_ method: String, _ path: String, fields: [String] = []) async throws {
        let all = fields.contains { $0.lowercased().hasPrefix("host:") } ? fields : ["Host: localhost"] + fields
        try await send("\(method) \(path) HTTP/1.1\r\n" + all.map { $0 + "\r\n" }.joined() + "\r\n")
    }

    /// Everything that came until the server closed.
    func untilClosed() async -> String {
        for await _ in arrivals {}
        return text
    }

    /// Everything that came, once there are so many answers, or the server has closed.
    func answers(_ count: Int, toHead: Bool = false) async -> [Answer] {
        while Self.answers(in: text, toHead: toHead).count < count {
            guard await arrivals.first(where: { _ in true }) != nil else { break }
        }
        return Self.answers(in: text, toHead: toHead)
    }

    func close() async throws { try await channel.close() }

    /// Closes so that the host answers everything with a reset.
    func reset() async throws {
        try await (channel as? any SocketOptionProvider)?.setSoLinger(linger(l_onoff: 1, l_linger: 0)).get()
        try await channel.close()
    }

    private var text: String { bytes.withLockedValue { String(buffer: $0) } }

    static func answers(in text: String, toHead: Bool = false) -> [Answer] {
        var answers: [Answer] = []
        var rest = text[...]
        while let end = rest.range(of: "\r\n\r\n") {
            let lines = rest[..<end.lowerBound].components(separatedBy: "\r\n")
            var fields: [String: String] = [:]
            for line in lines.dropFirst() {
                guard let colon = line.firstIndex(of: ":") else { continue }
                let value = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
                fields[line[..<colon].lowercased()] = value
            }
            let words = lines[0].split(separator: " ")
            let length = toHead ? 0 : Int(fields["content-length"] ?? "") ?? 0
            let body = rest[end.upperBound...]
            guard body.utf8.count >= length, words.count > 1, let code = Int(words[1]) else { break }
            answers.append(Answer(code: code, fields: fields, body: String(body.utf8.prefix(length)) ?? ""))
            rest = rest[body.utf8.index(body.startIndex, offsetBy: length)...]
        }
        return answers
    }
}
