import Foundation
import LabLive
import Testing

@testable import TimenodeCommands

@Suite(
    "A node without descriptors",
    .enabled(if: Place.program != nil, "there is no program beside the tests: swift build --product timenode"),
    .timeLimit(.minutes(2))
)
struct DescriptorTests {
    /// A connection that says nothing.
    private final class Caller {
        private let socket: CInt

        init?(_ address: String, _ port: UInt16) {
            socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            var place = sockaddr_in()
            place.sin_family = sa_family_t(AF_INET)
            place.sin_port = port.bigEndian
            inet_pton(AF_INET, address, &place.sin_addr)
            let result = withUnsafePointer(to: &place) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
            guard result == 0 else { return nil }
            var limit = timeval(tv_sec: 1, tv_usec: 0)
            setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        }

        deinit { close(socket) }

        /// Whether the node ends the connection within a second of words that are no frame.
        func isServed() -> Bool {
            let words = Array("GET / HTTP/1.1\r\n\r\n".utf8)
            send(socket, words, words.count, Int32(MSG_NOSIGNAL))
            var byte: UInt8 = 0
            return recv(socket, &byte, 1, 0) >= 0 || errno == ECONNRESET
        }
    }

    @Test("says so, waits, and takes calls again as soon as there are some")
    func recovery() async throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("timenode-descriptors-\(UUID().uuidString)", isDirectory: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let program = try #require(Place.program)
        _ = try Tool.run(
            program, ["testnet", "init", folder.path, "--nodes", "1", "--profile", Place.file("node.yaml")])
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/bash")
        process.arguments = [
            "-c", "ulimit -n 32; exec \"$0\" run \"$1\" --set modules.links.single-link.handshake_timeout=60s",
            program, folder.appendingPathComponent("node1.yaml").path,
        ]
        let log = folder.appendingPathComponent("log")
        try Data().write(to: log)
        process.standardError = try FileHandle(forWritingTo: log)
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        defer {
            process.terminate()
            process.waitUntilExit()
        }
        try await exhaust(log)
    }

    private func exhaust(_ log: URL) async throws {
        let address = try await lastWord(of: "Listening on ", in: log)
        let rpc = try #require(RPCAddress(argument: try await lastWord(of: "RPC listens on ", in: log)))
        let parts = address.split(separator: ":")
        let (host, port) = (String(parts[0]), try #require(UInt16(parts[1])))
        var callers = (0..<40).compactMap { _ in Caller(host, port) }
        #expect(callers.count == 40)
        _ = try await TimeLimit.poll("the node has no descriptor left", within: .seconds(30)) {
            try Self.line(of: log, containing: "no connection can be taken in")
        }
        callers = []
        _ = try await TimeLimit.poll("the node takes calls again", within: .seconds(30)) {
            Caller(host, port)?.isServed() == true ? true : nil
        }
        // Four tries a second, and not as many as the loop has turns.
        let answer = try await NodeClient(address: rpc, timeout: .seconds(5)).get("/status")
        let status = try JSONDecoder().decode(Status.self, from: Data(answer.body))
        #expect((1..<1000).contains(status.door.errors))
    }

    private struct Status: Decodable {
        struct Door: Decodable {
            let errors: Int

            private enum CodingKeys: String, CodingKey {
                case errors = "accept_errors"
            }
        }
        let door: Door
    }

    private func lastWord(of text: String, in log: URL) async throws -> String {
        try await TimeLimit.poll("the log says '\(text)'", within: .seconds(30)) {
            try Self.line(of: log, containing: text).flatMap { $0.split(separator: " ").last.map(String.init) }
        }
    }

    private static func line(of log: URL, containing text: String) throws -> String? {
        try String(contentsOf: log, encoding: .utf8).split(separator: "\n").first { $0.contains(text) }.map(String.init)
    }
}
