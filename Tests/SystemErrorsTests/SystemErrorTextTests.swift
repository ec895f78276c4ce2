import Foundation
import NIOCore
import NIOPosix
import SystemErrors
import Testing

@Suite("Errors of the system and of libraries in plain words") struct SystemErrorTextTests {
    private struct Own: Error, CustomStringConvertible {
        var description: String { "say this" }
    }

    private struct Value: Decodable {
        let number: Int
    }

    @Test("an error of this program keeps its words")
    func own() { #expect(SystemErrorText.of(Own()) == "say this") }

    @Test("no error number, no function and no domain is in the text of an error of SwiftNIO")
    func sockets() async throws {
        let refused = IOError(errnoCode: ECONNREFUSED, reason: "connect(descriptor:addr:size:)")
        #expect(SystemErrorText.of(refused) == "the connection was refused: nothing listens there")
        let taken = IOError(errnoCode: EADDRINUSE, reason: "bind(descriptor:ptr:bytes:)")
        #expect(SystemErrorText.of(taken) == "another socket has that address")
        #expect(SystemErrorText.of(ChannelError.ioOnClosedChannel) == "the connection is closed")
        #expect(SystemErrorText.of(ChannelError.connectTimeout(.seconds(3))) == "no connection was made within 3 s")
        let group = MultiThreadedEventLoopGroup.singleton
        let error = await #expect(throws: (any Error).self) {
            try await ClientBootstrap(group: group).connect(host: "127.0.0.1", port: 1).get()
        }
        #expect(SystemErrorText.of(try #require(error)) == "the connection was refused: nothing listens there")
    }

    @Test("nor in that of an error of Foundation")
    func files() throws {
        let nowhere = "/nowhere/at/all"
        let missing = #expect(throws: (any Error).self) { try Data(contentsOf: URL(fileURLWithPath: nowhere)) }
        #expect(SystemErrorText.of(try #require(missing)) == "there is no such file")
        let unwritable = #expect(throws: (any Error).self) { try Data().write(to: URL(fileURLWithPath: nowhere)) }
        #expect(SystemErrorText.of(try #require(unwritable)) == "there is no such file")
        let folder = #expect(throws: (any Error).self) { try Data(contentsOf: URL(fileURLWithPath: "/")) }
        #expect(!SystemErrorText.of(try #require(folder)).contains("Domain"))
        #expect(SystemErrorText.of(CocoaError(.fileWriteOutOfSpace)) == "no space is left on the disk")
        #expect(SystemErrorText.of(POSIXError(.EACCES)) == "permission denied")
    }

    @Test("a JSON text that is none, or lacks something, is told so")
    func decoding() throws {
        for (text, words) in [
            ("{", "it is no JSON"), ("{}", "'number' is missing"),
            (#"{"number":"x"}"#, "'number' is of another kind than it should be"),
        ] {
            let error = #expect(throws: (any Error).self) {
                try JSONDecoder().decode(Value.self, from: Data(text.utf8))
            }
            #expect(SystemErrorText.of(try #require(error)) == words)
        }
    }

    @Test("every error number has words that fit into a sentence", arguments: Array(Int32(1)...133))
    func numbers(code: Int32) {
        let words = SystemErrorText.words(code)
        #expect(!words.isEmpty && !words.hasSuffix("."))
        #expect(!words.contains("errno"))
    }
}
