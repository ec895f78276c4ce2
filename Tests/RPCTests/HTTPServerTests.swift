import Foundation
import Logging
import Profile
import ServiceLifecycle
import Testing
import Wire

@testable import Kernel
@testable import RPC

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

@Suite("The HTTP server", .timeLimit(.minutes(1))) struct HTTPServerTests {
    typealias Fixture = StatusFixture

    /// What one request got.
    struct Answer: Sendable {
        let code: Int
        let text: String
        let allow: String?

        func object() throws -> [String: Any] {
            try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        }
    }

    /// Runs a server on a free port, asks it, and stops it gracefully.
    private func ask(
        _ path: String, method: String = "GET", headers: [String: String] = [:], status: NodeStatus = Fixture.status()
    ) async throws -> Answer {
        let (addresses, running) = AsyncStream.makeStream(of: Endpoint?.self)
        let server = HTTPServer(
            RPCPort(module: "http", listen: Endpoint(ip: IPAddress(version4: 127 << 24 | 1), port: 0)),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, status: { _ in status },
            onRunning: { running.yield($0) }
        )
        let group = ServiceGroup(
            services: [server], logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        return try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            let bound = await addresses.first { _ in true } ?? nil
            let port = try #require(bound?.port)
            let url = try #require(URL(string: "http://127.0.0.1:\(port)\(path)"))
            var request = URLRequest(url: url)
            request.httpMethod = method
            for (name, value) in headers { request.setValue(value, forHTTPHeaderField: name) }
            let session = URLSession(configuration: .ephemeral)
            defer { session.finishTasksAndInvalidate() }
            let (data, response) = try await session.data(for: request)
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
            let http = try #require(response as? HTTPURLResponse)
            return Answer(
                code: http.statusCode, text: String(decoding: data, as: UTF8.self),
                allow: http.value(forHTTPHeaderField: "Allow")
            )
        }
    }

    @Test("answers the operator's check in one line with sorted keys")
    func consensusInfo() async throws {
        let link = Fixture.link(1, Fixture.friend, Fixture.endpoint(2), .up, upAt: .zero)
        let answer = try await ask("/consensus_info", status: Fixture.status(links: [link], active: 2))
        #expect(answer.code == 200)
        #expect(answer.text == #"{"active_masternodes":2,"connected_peers":1,"height":7}"# + "\n")
    }

    @Test("is healthy with the minimum of masternodes")
    func healthy() async throws {
        let answer = try await ask("/health", status: Fixture.status(active: 2))
        #expect(answer.code == 200)
        #expect(try answer.object()["status"] as? String == "ok")
    }

    @Test("is unavailable with fewer, and says why")
    func unhealthy() async throws {
        let answer = try await ask("/health", status: Fixture.status(active: 1))
        #expect(answer.code == 503)
        let reason = try #require(try answer.object()["reason"] as? String)
        #expect(reason.hasPrefix("too-few-masternodes: 1 active, 2 needed"))
    }

    @Test("lists peers without a link, and why")
    func peers() async throws {
        var ledger = StatusLedger(network: Fixture.network)
        ledger.record(
            .dialFailed(LinkID(number: 1), Fixture.endpoint(2), .connectionRefused), at: .zero,
            wall: WallTime(milliseconds: 0)
        )
        let answer = try await ask("/peers/", status: Fixture.status(ledger: ledger))
        let peers = try #require(try answer.object()["peers"] as? [[String: Any]])
        #expect(peers.map { $0["state"] as? String } == ["down", "down"])
        let last = try #require(peers.first?["last"] as? [[String: Any]])
        #expect(last.map { $0["reason"] as? String } == ["connection-refused"])
    }

    @Test("serves the whole status")
    func status() async throws {
        let status = Fixture.status()
        let answer = try await ask("/status", status: status)
        #expect(try JSONDecoder().decode(NodeStatus.self, from: Data(answer.text.utf8)) == status)
    }

    @Test("serves metrics as text")
    func metrics() async throws {
        let answer = try await ask("/metrics")
        #expect(answer.code == 200)
        #expect(answer.text.hasPrefix("# HELP timenode_build_info "))
        #expect(answer.text.contains("\ntimenode_chain_height 7\n"))
    }

    @Test("links are asked about for the pages that show them, and for no others")
    func detail() {
        let showing = StatusPage.allCases.filter { $0.detail == .links }
        #expect(showing == [.peers, .status])
    }

    @Test("answers an unknown path with the paths it knows")
    func notFound() async throws {
        let answer = try await ask("/nothing")
        #expect(answer.code == 404)
        #expect(try answer.object()["hint"] as? String == "try /consensus_info, /health, /metrics, /peers, /status")
    }

    @Test("is read-only", arguments: ["POST", "PUT", "DELETE"])
    func readOnly(method: String) async throws {
        let answer = try await ask("/status", method: method)
        #expect(answer.code == 405)
        #expect(answer.allow == "GET")
        #expect(try answer.object()["error"] as? String == "/status is read-only")
    }

    @Test("refuses a head of more than sixteen kilobytes")
    func longHead() async throws {
        let answer = try await ask("/status", headers: ["X-Long": String(repeating: "a", count: 20_000)])
        #expect(answer.code == 400)
    }

    @Test("says which setting to change where its port is taken")
    func portTaken() async throws {
        let (addresses, running) = AsyncStream.makeStream(of: Endpoint?.self)
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let any = Endpoint(ip: IPAddress(version4: 127 << 24 | 1), port: 0)
        let first = HTTPServer(
            RPCPort(module: "http", listen: any), logger: logger, status: { _ in Fixture.status() },
            onRunning: { running.yield($0) }
        )
        let group = ServiceGroup(services: [first], logger: logger)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            let bound = await addresses.first { _ in true } ?? nil
            let taken = try #require(bound)
            let second = HTTPServer(
                RPCPort(module: "http", listen: taken), logger: logger, status: { _ in Fixture.status() }
            )
            let error = await #expect(throws: HTTPServerError.self) { try await second.run() }
            #expect(error?.code == .addressInUse)
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }

    @Test(
        "warns on any address that others can reach",
        arguments: [("0.0.0.0", false), ("127.9.9.9", true), ("::1", true)])
    func loopback(address: String, isLoopback: Bool) throws {
        #expect(try #require(IPAddress(address)).isLoopback == isLoopback)
    }

    @Test("listens on the loopback address unless told otherwise")
    func defaults() throws {
        guard case .rpc(let make) = HTTPServer.descriptor.factory else {
            Issue.record("the http module is not of the role rpc")
            return
        }
        let port = try make(try Options.defaults(of: HTTPServer.descriptor.spec.options))
        #expect(port.listen.description == "127.0.0.1:8332")
    }
}
