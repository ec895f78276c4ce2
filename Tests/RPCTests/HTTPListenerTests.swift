import Foundation
import Logging
import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
import Testing
import Wire

@testable import Kernel
@testable import RPC

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

@Suite("The listening socket of the HTTP server", .timeLimit(.minutes(1))) struct HTTPListenerTests {
    /// A server that runs, its listening socket, and what it complained of.
    private struct Running {
        let task: Task<Void, any Error>
        let channel: any NIOCore.Channel
        let complaints: Complaints

        static func start() async throws -> Running {
            let complaints = Complaints()
            let (channels, listening) = AsyncStream.makeStream(of: (any NIOCore.Channel).self)
            var server = HTTPServer(
                RPCPort(module: "http", listen: Endpoint(ip: IPAddress(version4: 127 << 24 | 1), port: 0)),
                logger: Logger(label: "test") { _ in complaints }, status: { _ in StatusFixture.status() }
            )
            server.onListening = { listening.yield($0) }
            let task = Task { [server] in
                defer { listening.finish() }
                try await server.run()
            }
            let channel = try #require(await channels.first { _ in true })
            return Running(task: task, channel: channel, complaints: complaints)
        }

        func connect() async throws -> any NIOCore.Channel {
            try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connect(to: try #require(channel.localAddress)).get()
        }

        func ask() async throws -> Int? {
            let port = try #require(channel.localAddress?.port)
            let url = try #require(URL(string: "http://127.0.0.1:\(port)/health"))
            let session = URLSession(configuration: .ephemeral)
            defer { session.finishTasksAndInvalidate() }
            let (_, response) = try await session.data(from: url)
            return (response as? HTTPURLResponse)?.statusCode
        }
    }

    /// Keeps what is logged as an error.
    private struct Complaints: LogHandler {
        private let texts = NIOLockedValueBox<[String]>([])
        var logLevel = Logger.Level.trace
        var metadata = Logger.Metadata()

        var all: [String] { texts.withLockedValue { $0 } }

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            guard event.level >= .error else { return }
            texts.withLockedValue { $0.append(event.message.description) }
        }
    }

    @Test("where the system has no descriptor left it is left alone for a moment, and one line says what to do")
    func noDescriptor() async throws {
        let running = try await Running.start()
        let channel = running.channel
        let reads = try await channel.eventLoop.submit {
            for _ in 0..<5 {
                channel.pipeline.syncOperations.fireErrorCaught(IOError(errnoCode: EMFILE, reason: "accept"))
            }
            return try channel.syncOptions?.getOption(.autoRead)
        }.get()
        // Or the selector would report the socket again at once.
        #expect(reads == false)
        #expect(try await running.ask() == 200)
        #expect(running.complaints.all.count == 1)
        #expect(running.complaints.all.first?.contains("'ulimit -n'") == true)
        running.task.cancel()
        try await running.task.value
    }

    @Test("a server whose task is cancelled ends, with clients that are connected and others on their way")
    func cancelled() async throws {
        for _ in 0..<20 {
            let running = try await Running.start()
            var clients: [any NIOCore.Channel] = []
            for _ in 0..<4 { clients.append(try await running.connect()) }
            running.task.cancel()
            try await running.task.value
            for client in clients { try? await client.close() }
        }
    }
}
