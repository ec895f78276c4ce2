import Kernel
import RPC
import Testing

@testable import TimenodeCommands

@Suite("Asking a node") struct ClientTests {
    @Test(
        "an address may leave out the scheme and the port",
        arguments: [
            ("http://127.0.0.1:9000", "http://127.0.0.1:9000"), ("127.0.0.1", "http://127.0.0.1:8332"),
            ("localhost", "http://localhost:8332"), ("[::1]:90/", "http://[::1]:90"), ("::1", "http://[::1]:8332"),
        ]
    )
    func address(text: String, meaning: String) {
        #expect(RPCAddress(argument: text)?.description == meaning)
    }

    @Test(
        "what is no address is refused", arguments: ["", "http://", "https://127.0.0.1", "a:b", "127.0.0.1:1/status"])
    func noAddress(text: String) {
        #expect(RPCAddress(argument: text) == nil)
    }

    @Test("an answer is its status and its body, whatever the status is")
    func answers() async throws {
        try await Listener.answering("HTTP/1.1 503 Unavailable\r\nContent-Length: 3\r\n\r\n{}\n") { address in
            let answer = try await NodeClient(address: address).get("/health")
            #expect(answer.status == 503)
            #expect(answer.body == Array("{}\n".utf8))
        }
    }

    @Test("what is no HTTP is told so", arguments: ["hello\r\n\r\n", "SSH-2.0-x\r\n\r\n"])
    func noHTTP(text: String) async throws {
        try await Listener.answering(text) { address in
            let failure = await #expect(throws: NodeClient.Failure.self) {
                try await NodeClient(address: address).get("/health")
            }
            #expect(failure?.message == "the answer of \(address) is not HTTP")
        }
    }

    @Test("who does not answer is told so after the timeout")
    func silence() async throws {
        try await Listener.answering("") { address in
            let client = NodeClient(address: address, timeout: .milliseconds(100))
            let failure = await #expect(throws: NodeClient.Failure.self) { try await client.get("/health") }
            #expect(failure?.message == "no answer from \(address) within 0.1 seconds")
        }
    }

    @Test("where nothing listens, the system's word is plain")
    func nobody() async throws {
        let address = try await Listener.answering("") { $0 }
        let failure = await #expect(throws: NodeClient.Failure.self) { try await NodeClient(address: address).get("/") }
        #expect(failure?.message == "cannot connect to \(address): the connection was refused: nothing listens there")
    }

    @Test("the table is redrawn on a terminal and plain in a pipe") func board() {
        let printed = Printed()
        let row = StatusBoard.Row(name: "node1", address: "127.1.2.1", info: nil, note: "no answer yet")
        for isTerminal in [false, true] {
            let console = Console(
                write: { printed.add($0, to: isTerminal ? \.errors : \.output) }, writeError: { _ in },
                isTerminal: isTerminal, showsColour: false
            )
            var board = StatusBoard(console: console)
            board.show([row])
            board.show([row])
        }
        #expect(printed.text(\.output) == "node1  127.1.2.1  no answer yet\nnode1  127.1.2.1  no answer yet\n")
        #expect(printed.text(\.errors).contains("\u{1B}[1A\u{1B}[2Knode1"))
    }
}
