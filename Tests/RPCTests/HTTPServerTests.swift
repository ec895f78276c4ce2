import Foundation
import Logging
import Profile
import ServiceLifecycle
import Testing
import Wire

@testable import Kernel
@testable import RPC

@Suite("The HTTP server", .timeLimit(.minutes(1))) struct HTTPServerTests {
    typealias Fixture = StatusFixture

    private static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    /// Runs a server on a free port, asks it, and ends it.
    private func ask(
        _ path: String, method: String = "GET", fields: [String] = [], status: NodeStatus = Fixture.status(),
        isAlive: Bool = true
    ) async throws -> RawClient.Answer {
        let server = try await RunningServer.start(FakeNode(status, isAlive: isAlive))
        let answer = try await server.ask(path, method: method, fields: fields)
        try await server.stop()
        return answer
    }

    @Test("answers the operator's check in one line with sorted keys")
    func consensusInfo() async throws {
        let link = Fixture.link(1, Fixture.friend, Fixture.endpoint(2), .up, upAt: .zero)
        let answer = try await ask("/consensus_info", status: Fixture.status(links: [link], active: 2))
        #expect(answer.code == 200)
        #expect(answer.body == #"{"active_masternodes":2,"connected_peers":1,"height":7}"# + "\n")
    }

    @Test("is healthy with the minimum of masternodes and a young block", arguments: ["/health", "/health/ready"])
    func healthy(path: String) async throws {
        let answer = try await ask(path, status: Fixture.status(active: 2))
        #expect(answer.code == 200)
        let members = try answer.object()
        #expect(members["status"] as? String == "ok")
        #expect((members["reasons"] as? [Any])?.isEmpty == true)
        #expect(members["last_block_age_seconds"] as? Double == 0.25)
        #expect(members["last_block_limit_seconds"] as? Double == 40)
    }

    @Test("is unavailable with fewer, and says why", arguments: ["/health", "/health/ready"])
    func unhealthy(path: String) async throws {
        let answer = try await ask(path, status: Fixture.status(active: 1))
        #expect(answer.code == 503)
        let reason = try #require(try answer.object()["reason"] as? String)
        #expect(reason.hasPrefix("too-few-masternodes: 1 active, 2 needed"))
    }

    @Test("a halted chain is not ready, and the process is alive all the same")
    func halted() async throws {
        let status = Fixture.status(blockAge: 31_000)
        let ready = try await ask("/health", status: status)
        #expect(ready.code == 503)
        let reasons = try #require(try ready.object()["reasons"] as? [[String: Any]])
        #expect(reasons.map { $0["code"] as? String } == ["no-block"])
        #expect(try await ask("/health/live", status: status).code == 200)
    }

    @Test("a node whose event loop stands still is not alive, and says so")
    func stalled() async throws {
        let answer = try await ask("/health/live", isAlive: false)
        #expect(answer.code == 503)
        #expect((try answer.object()["reason"] as? String)?.hasPrefix("loop-stalled: ") == true)
    }

    @Test("lists peers without a link, and why")
    func peers() async throws {
        var ledger = StatusLedger(network: Fixture.network)
        ledger.record(
            .dialFailed(LinkID(number: 1), Fixture.endpoint(2), .connectionRefused), at: .zero,
            wall: WallTime(milliseconds: 0)
        )
        let answer = try await ask("/peers/?x=1", status: Fixture.status(ledger: ledger))
        let peers = try #require(try answer.object()["peers"] as? [[String: Any]])
        #expect(peers.map { $0["state"] as? String } == ["down", "down"])
        let last = try #require(peers.first?["last"] as? [[String: Any]])
        #expect(last.map { $0["reason"] as? String } == ["connection-refused"])
    }

    @Test("callers without a proven name stand apart from peers, by their networks")
    func callers() async throws {
        var ledger = StatusLedger(network: Fixture.network)
        for port in UInt16(1)...3 {
            let caller = Fixture.endpoint(0x0101, port: port)
            ledger.record(
                .refused(LinkID(number: UInt64(port)), Fixture.identity(UInt64(port) + 50), caller, .wrongNetwork),
                at: .zero, wall: Fixture.wall
            )
        }
        let answer = try await ask("/peers", status: Fixture.status(ledger: ledger))
        #expect((try answer.object()["peers"] as? [Any])?.count == 2)
        let callers = try #require(try answer.object()["callers"] as? [[String: Any]])
        #expect(callers.map { $0["network"] as? String } == ["10.0.1.0/24"])
        #expect(callers.map { $0["attempts"] as? Int } == [3])
    }

    @Test("serves the whole status")
    func status() async throws {
        let status = Fixture.status()
        let answer = try await ask("/status", status: status)
        #expect(try JSONDecoder().decode(NodeStatus.self, from: Data(answer.body.utf8)) == status)
    }

    @Test("serves metrics as text")
    func metrics() async throws {
        let answer = try await ask("/metrics")
        #expect(answer.code == 200)
        #expect(answer.body.hasPrefix("# HELP timenode_build_info "))
        #expect(answer.body.contains("\ntimenode_chain_height 7\n"))
        #expect(answer.body.contains("\ntimenode_ready 1\n"))
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
        #expect(
            try answer.object()["hint"] as? String
                == "try /consensus_info, /health, /health/live, /health/ready, /metrics, /peers, /status"
        )
    }

    @Test("is read-only", arguments: ["POST", "PUT", "DELETE", "OPTIONS"])
    func readOnly(method: String) async throws {
        let answer = try await ask("/status", method: method)
        #expect(answer.code == 405)
        #expect(answer.fields["allow"] == "GET, HEAD")
        #expect(try answer.object()["error"] as? String == "/status is read-only")
    }

    @Test("refuses a head of more than sixteen kilobytes")
    func longHead() async throws {
        let answer = try await ask("/status", fields: ["X-Long: " + String(repeating: "a", count: 20_000)])
        #expect(answer.code == 400)
    }

    @Test("a web page whose name was made to point here reads nothing")
    func rebinding() async throws {
        let answer = try await ask("/status", fields: ["Host: page.example"])
        #expect(answer.code == 403)
        #expect((try answer.object()["hint"] as? String)?.contains("rpc.http.allowed_hosts") == true)
    }

    @Test("says which setting to change where its port is taken")
    func portTaken() async throws {
        let first = try await RunningServer.start()
        let error = await #expect(throws: HTTPServerError.self) {
            try await RunningServer.start(at: first.endpoint)
        }
        #expect(error?.code == .addressInUse)
        #expect(error?.message.hasSuffix("another program does; change 'rpc.http.listen' in the profile") == true)
        try await first.stop()
    }

    @Test("says in plain words that this host has no such address")
    func noSuchAddress() async throws {
        let elsewhere = Endpoint(ip: IPAddress(version4: 0xc000_0201), port: 0)
        let error = await #expect(throws: HTTPServerError.self) { try await RunningServer.start(at: elsewhere) }
        #expect(
            error?.message
                == "RPC cannot listen on 192.0.2.1:0: this host has no such address; change 'rpc.http.listen' in the profile"
        )
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
        #expect(port.listen?.description == "127.0.0.1:8332")
    }
}
