import Crypto
import NIOSSL
import Testing
import Wire

@testable import Kernel
@testable import Transport

/// A node's TLS as a client sees it that shares no code with the node.
@Suite("TLS as openssl sees it", .serialized) struct OpenSSLTests {
    private static let node = TestNode.Setup(security: .tls)
    private static let speaking = ["-tls1_3", "-alpn", TLSSecurity.applicationProtocol]

    /// Runs `body` with a node, with `openssl`, and with a caller's key and the arguments that name it.
    private func withNode(
        _ body: (TestNode, OpenSSL, Curve25519.Signing.PrivateKey, [String]) async throws -> Void
    ) async throws {
        let openssl = try OpenSSL()
        defer { openssl.remove() }
        let key = Curve25519.Signing.PrivateKey()
        let own = try openssl.identity(key)
        try await withNodes(Self.node) { nodes in try await body(nodes[0], openssl, key, own) }
    }

    private func refusal(by node: TestNode) async throws -> Reason {
        try await node.journal.event {
            if case .refused(.unknown, nil, _, let reason) = $0 { reason } else { nil }
        }
    }

    private func accepted(by node: TestNode, _ number: UInt64 = 1) async throws -> Link {
        try await node.journal.first {
            if case .accepted(let link) = $0, link.id.number == number { link } else { nil }
        }
    }

    @Test("with TLS 1.3, a key and our protocol it gets in; it verifies our certificate, and we know its key")
    func verified() async throws {
        try await withNode { node, openssl, key, own in
            let certificate = try await node.host.withDriver { try #require($0.security?.certificate) }
            try openssl.write(certificate, "node.pem")
            let verifying = ["-CAfile", openssl.path("node.pem"), "-partial_chain", "-verify_return_error"]
            let said = try await openssl.connect(to: node, own + Self.speaking + verifying) {
                let link = try await accepted(by: node)
                #expect(link.transportIdentity == Ed25519Signer(key).identity)
            }
            #expect(said.contains("New, TLSv1.3"))
            #expect(said.contains("ALPN protocol: \(TLSSecurity.applicationProtocol)"))
            #expect(said.lowercased().contains("peer signature type: ed25519"))
            #expect(said.contains("Verify return code: 0 (ok)"))
            #expect(certificate.identity == node.identity)
        }
    }

    @Test("a public scanner finds TLS 1.3 alone, with its three ciphers, and our kind of certificate")
    func scanned() async throws {
        try await withNode { node, openssl, _, _ in
            let found = try await openssl.scan(node)
            let protocols = found.matches(of: /<protocol type="(\w+)" version="(\S+)" enabled="(\d)"/)
            #expect(protocols.count == 6)
            #expect(protocols.filter { $0.3 == "1" }.map { "\($0.1) \($0.2)" } == ["tls 1.3"])
            let ciphers = found.matches(of: /<cipher status="\w+" sslversion="(\S+)" bits="\d+" cipher="(\w+)"/)
            #expect(
                ciphers.map { "\($0.1) \($0.2)" }.sorted() == [
                    "TLSv1.3 TLS_AES_128_GCM_SHA256", "TLSv1.3 TLS_AES_256_GCM_SHA384",
                    "TLSv1.3 TLS_CHACHA20_POLY1305_SHA256",
                ]
            )
            #expect(found.contains("<signature-algorithm>ED25519</signature-algorithm>"))
        }
    }

    @Test("TLS 1.2 is refused")
    func oldVersion() async throws {
        try await withNode { node, openssl, _, own in
            let said = try await openssl.connect(
                to: node, own + ["-alpn", TLSSecurity.applicationProtocol, "-tls1_2"]
            ) {
                let reason = try await refusal(by: node)
                #expect(reason == .tlsFailed)
            }
            #expect(said.contains("alert protocol version"))
            #expect(!said.contains("New, TLSv1"))
        }
    }

    @Test("without a certificate it is refused")
    func anonymous() async throws {
        try await withNode { node, openssl, _, _ in
            try await openssl.connect(to: node, Self.speaking) {
                let reason = try await refusal(by: node)
                #expect(reason == .tlsFailed)
            }
        }
    }

    @Test("with a key that is no Ed25519 key it is refused")
    func otherKey() async throws {
        try await withNode { node, openssl, _, _ in
            try await openssl.run([
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=other",
                "-days", "1", "-keyout", openssl.path("ec.key"), "-out", openssl.path("ec.pem"),
            ])
            let other = ["-cert", openssl.path("ec.pem"), "-key", openssl.path("ec.key")]
            try await openssl.connect(to: node, other + Self.speaking) {
                let reason = try await refusal(by: node)
                #expect(reason == .tlsFailed)
            }
        }
    }

    @Test("with another protocol, or with none, it is refused", arguments: [["-alpn", "h2"], []])
    func otherProtocol(_ speaking: [String]) async throws {
        try await withNode { node, openssl, _, own in
            let said = try await openssl.connect(to: node, own + ["-tls1_3"] + speaking) {
                let reason = try await refusal(by: node)
                #expect(reason == .protocolVersion)
            }
            #expect(said.contains("No ALPN negotiated"))
        }
    }

    @Test("a session that it resumes has the identity of the first handshake")
    func resumed() async throws {
        try await withNode { node, openssl, key, own in
            let session = openssl.path("session.pem")
            try await openssl.connect(to: node, own + Self.speaking + ["-sess_out", session]) {
                let link = try await accepted(by: node)
                // The ticket comes with the first that is said behind the handshake.
                await node.send([.ping(nonce: 1)], over: link.id)
                try await openssl.written("session.pem")
            }
            let said = try await openssl.connect(to: node, own + Self.speaking + ["-sess_in", session]) {
                let link = try await accepted(by: node, 2)
                #expect(link.transportIdentity == Ed25519Signer(key).identity)
            }
            #expect(said.contains("Reused, TLSv1.3"))
        }
    }
}
