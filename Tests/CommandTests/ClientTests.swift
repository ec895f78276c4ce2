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

    @Test("an answer is split into status and body") func parses() throws {
        let answer = try HTTPClient.parse(Array("HTTP/1.1 503 Unavailable\r\nA: b\r\n\r\n{}\n".utf8))
        #expect(answer.status == 503)
        #expect(answer.body == Array("{}\n".utf8))
    }

    @Test("what is no HTTP is refused", arguments: ["", "hello", "SSH-2.0-x\r\n\r\n", "HTTP/1.1 x\r\n\r\n"])
    func noHTTP(text: String) {
        #expect(throws: HTTPClient.Failure.self) { try HTTPClient.parse(Array(text.utf8)) }
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
