import Crypto
import Foundation
import NIOSSL

@testable import Transport

/// The `openssl` program, as a TLS end that shares no code with ours, and `sslscan`.
struct OpenSSL {
    /// A program is not there: `Scripts/setup` installs it.
    struct Missing: Error {}

    /// A folder of its own for keys and certificates.
    private let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "timenode-openssl-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    func remove() { try? FileManager.default.removeItem(at: folder) }

    func path(_ name: String) -> String { folder.appending(path: name).path }

    /// Writes a certificate and its key, and returns the arguments that name them.
    func identity(_ key: Curve25519.Signing.PrivateKey) throws -> [String] {
        try write(try NodeCertificate.fresh(for: key).certificate, "own.pem")
        // PKCS #8 of an Ed25519 key (RFC 8410, section 7).
        let prefix: [UInt8] = [
            0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
        ]
        try write("PRIVATE KEY", prefix + Array(key.rawRepresentation), "own.key")
        return ["-cert", path("own.pem"), "-key", path("own.key")]
    }

    func write(_ certificate: NIOSSLCertificate, _ name: String) throws {
        try write("CERTIFICATE", try certificate.toDERBytes(), name)
    }

    private func write(_ label: String, _ bytes: [UInt8], _ name: String) throws {
        let text = Data(bytes).base64EncodedString(options: [.lineLength64Characters, .endLineWithLineFeed])
        try Data("-----BEGIN \(label)-----\n\(text)\n-----END \(label)-----\n".utf8).write(
            to: URL(filePath: path(name)))
    }

    /// Runs a program and returns what it said on both outputs. Its input stays open until `done` has returned:
    /// `s_client` ends with it.
    @discardableResult
    func run(
        _ arguments: [String], of program: String = "openssl", until done: () async throws -> Void = {}
    ) async throws -> String {
        // A file, since a pipe's end could be inherited by whatever else is being started, and stay open with it.
        let output = URL(filePath: path("output-\(UUID().uuidString)"))
        try Data().write(to: output)
        let handle = try FileHandle(forWritingTo: output)
        let input = Pipe()
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [program] + arguments
        process.standardInput = input
        process.standardOutput = handle
        process.standardError = handle
        let (ends, end) = AsyncStream<Int32>.makeStream()
        process.terminationHandler = {
            end.yield($0.terminationStatus)
            end.finish()
        }
        try process.run()
        let outcome: Result<Void, any Error>
        do {
            outcome = .success(try await done())
        } catch {
            outcome = .failure(error)
        }
        try input.fileHandleForWriting.close()
        let status = try await within { await ends.first { _ in true } }
        try handle.close()
        guard status != 127 else { throw Missing() }
        try outcome.get()
        return String(decoding: try Data(contentsOf: output), as: UTF8.self)
    }

    /// What `sslscan` finds out about a node, as XML.
    func scan(_ node: TestNode) async throws -> String {
        try await run(["--xml=-", node.endpoint.description], of: "sslscan")
    }

    /// Waits until the program has written a file.
    func written(_ name: String) async throws {
        let path = path(name)
        try await within {
            while !FileManager.default.fileExists(atPath: path) { try await Task.sleep(for: .milliseconds(20)) }
        }
    }

    /// `s_client` against a node.
    @discardableResult
    func connect(
        to node: TestNode, _ arguments: [String],
        until done: () async throws -> Void = {}
    ) async throws -> String {
        try await run(["s_client", "-connect", node.endpoint.description] + arguments, until: done)
    }
}
