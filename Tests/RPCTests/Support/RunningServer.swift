import Logging
import NIOCore
import Testing
import Wire

@testable import Kernel
@testable import RPC

/// A server on a free port of the loopback address, while a test asks it.
struct RunningServer {
    let task: Task<Void, any Error>
    /// The listening socket.
    let channel: any NIOCore.Channel
    let endpoint: Endpoint
    let complaints: Complaints

    static let anywhere = Endpoint(ip: IPAddress(version4: 127 << 24 | 1), port: 0)

    static func start(
        _ node: any NodeAPI = FakeNode(), at listen: Endpoint = anywhere, allowedHosts: [String] = []
    ) async throws -> RunningServer {
        let complaints = Complaints()
        let (running, listening) = AsyncStream.makeStream(of: (any NIOCore.Channel).self)
        var server = HTTPServer(
            HTTPServerOptions(listen: listen, allowedHosts: allowedHosts), node: node,
            setting: RPCSetting(listen: nil, logger: Logger(label: "test") { _ in complaints })
        )
        server.onListening = { listening.yield($0) }
        let task = Task { [server] in
            defer { listening.finish() }
            try await server.run()
        }
        guard let channel = await running.first(where: { _ in true }) else {
            // It never listened: what it threw says why.
            try await task.value
            throw NeverListened()
        }
        let port = UInt16(try #require(channel.localAddress?.port))
        return RunningServer(
            task: task, channel: channel, endpoint: Endpoint(ip: listen.ip, port: port), complaints: complaints
        )
    }

    struct NeverListened: Error {}

    /// Ends the server and waits for it.
    func stop() async throws {
        task.cancel()
        try await task.value
    }

    func connect() async throws -> RawClient { try await RawClient.connect(to: endpoint) }

    /// One request on a connection of its own, which ends behind it.
    func ask(_ path: String, method: String = "GET", fields: [String] = []) async throws -> RawClient.Answer {
        let client = try await connect()
        try await client.send(method, path, fields: fields + ["Connection: close"])
        return try #require(RawClient.answers(in: await client.untilClosed(), toHead: method == "HEAD").first)
    }
}
