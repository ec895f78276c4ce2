import NIOCore
import Testing
import Wire

@testable import Kernel
@testable import RPC

@Suite("Connections of the HTTP server", .timeLimit(.minutes(1))) struct HTTPConnectionTests {
    @Test("a connection is kept behind an answer, also behind 404 and 405")
    func keepAlive() async throws {
        let server = try await RunningServer.start()
        let client = try await server.connect()
        try await client.send("GET", "/nothing")
        try await client.send("POST", "/status", fields: ["Content-Length: 2"])
        try await client.send("{}")
        try await client.send("GET", "/consensus_info")
        let answers = await client.answers(3)
        #expect(answers.map(\.code) == [404, 405, 200])
        #expect(answers.allSatisfy { $0.fields["connection"] == nil })
        try await client.close()
        try await server.stop()
    }

    @Test(
        "what says that it closes does close",
        arguments: [
            ("GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", 200),
            ("GET /health HTTP/1.0\r\n\r\n", 200),
            ("GET /health HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", 200),
            ("GET /nothing HTTP/1.0\r\n\r\n", 404),
            ("POST /health HTTP/1.0\r\n\r\n", 405),
            ("GET /health HTTP/1.1\r\n\r\n", 400),
            ("GET /health HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
            ("GET /health HTTP/1.1\r\nHost: page.example\r\n\r\n", 403),
            ("GET http://page.example/health HTTP/1.1\r\nHost: localhost\r\n\r\n", 403),
            ("GET /health HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: gzip\r\n\r\n", 501),
            ("GET /health HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", 501),
            ("GET /health HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked, gzip\r\n\r\n", 400),
            ("POST /health HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n", 413),
            ("GET /health HTTP/1.1\r\nHost: localhost\r\nno colon\r\n\r\n", 400),
            ("\u{1}\u{2}\u{3}\u{4}\r\n\r\n", 400),
        ]
    )
    func closes(request: String, code: Int) async throws {
        let server = try await RunningServer.start()
        let client = try await server.connect()
        try await client.send(request)
        let answers = RawClient.answers(in: await client.untilClosed())
        #expect(answers.map(\.code) == [code])
        #expect(answers.first?.fields["connection"] == "close")
        if code != 200, code != 405 { #expect(try answers.first?.object()["hint"] is String) }
        try await server.stop()
    }

    @Test("a body that grows beyond its limit ends the connection")
    func endlessBody() async throws {
        let server = try await RunningServer.start()
        let client = try await server.connect()
        try await client.send("GET", "/health", fields: ["Transfer-Encoding: chunked"])
        let chunk = "2000\r\n" + String(repeating: "a", count: 0x2000) + "\r\n"
        for _ in 0..<16 {
            // The server may have had enough.
            do { try await client.send(chunk) } catch { break }
        }
        let answers = RawClient.answers(in: await client.untilClosed())
        #expect(answers.count <= 1)
        #expect(try await server.ask("/health").code == 200)
        try await server.stop()
    }

    @Test("HEAD has the head of GET and no body", arguments: ["/health", "/status", "/nothing"])
    func head(path: String) async throws {
        let server = try await RunningServer.start()
        let whole = try await server.ask(path)
        let client = try await server.connect()
        try await client.send("HEAD", path)
        // Were there a body, it would be taken for the next answer's head.
        try await client.send("HEAD", "/consensus_info", fields: ["Connection: close"])
        let answers = RawClient.answers(in: await client.untilClosed(), toHead: true)
        #expect(answers.map(\.code) == [whole.code, 200])
        #expect(answers.first?.fields["content-length"] == whole.fields["content-length"])
        #expect(answers.first?.fields["content-type"] == "application/json")
        try await server.stop()
    }

    @Test(
        "a request's content type is as its client likes it",
        arguments: [
            "application/json", "application/json;", "application/json; charset=utf-8",
            "APPLICATION/JSON;charset=UTF-8",
            "text/plain", "application/x-www-form-urlencoded",
        ]
    )
    func contentType(type: String) async throws {
        let server = try await RunningServer.start()
        let answer = try await server.ask("/health", fields: ["Content-Type: \(type)", "Accept: application/json"])
        #expect(answer.code == 200)
        #expect(answer.fields["content-type"] == "application/json")
        try await server.stop()
    }

    @Test("a hundred clients that say nothing keep nobody out")
    func silentClients() async throws {
        let server = try await RunningServer.start()
        var silent: [RawClient] = []
        for _ in 0..<100 { silent.append(try await server.connect()) }
        for path in ["/health", "/status"] { #expect(try await server.ask(path).code == 200) }
        for client in silent { try? await client.close() }
        try await server.stop()
    }

    @Test("clients that send a thousand requests each and read nothing cost a few answers each, and others are served")
    func greedyClients() async throws {
        let node = FakeNode(StatusFixture.longStatus())
        let server = try await RunningServer.start(node)
        let request = "GET /status HTTP/1.1\r\nHost: localhost\r\n\r\n"
        var greedy: [RawClient] = []
        for _ in 0..<ConnectionRoom.places {
            let client = try await RawClient.connect(to: server.endpoint, reads: false)
            try await client.send(String(repeating: request, count: 1_000))
            greedy.append(client)
        }
        var before = -1
        // Until nothing more is asked: the sockets' buffers are full.
        while node.questionsOfLinks != before {
            before = node.questionsOfLinks
            for path in ["/health", "/health/ready", "/health/live"] {
                #expect(try await server.ask(path).code == 200)
            }
        }
        // The buffers of both hosts' sockets take some megabytes of each, and not 64,000 answers.
        #expect((ConnectionRoom.places...100 * ConnectionRoom.places).contains(before))
        for client in greedy { try? await client.close() }
        try await server.stop()
    }

    @Test("connections that are reset while they come in end neither the server nor the listening socket")
    func resets() async throws {
        let server = try await RunningServer.start()
        for _ in 0..<50 {
            let client = try await server.connect()
            try await client.reset()
        }
        #expect(try await server.ask("/health").code == 200)
        try await server.stop()
    }

    @Test("a lost listening socket ends the service with an error, and every client with it")
    func lostListener() async throws {
        let server = try await RunningServer.start()
        let client = try await server.connect()
        try await client.send("GET", "/health")
        #expect(await client.answers(1).map(\.code) == [200])
        try await server.channel.close()
        let error = await #expect(throws: HTTPServerError.self) { try await server.task.value }
        #expect(error?.code == .listenerLost)
        _ = await client.untilClosed()
        // The address is free for the next one.
        let next = try await RunningServer.start(at: server.endpoint)
        #expect(try await next.ask("/health").code == 200)
        try await next.stop()
    }
}
