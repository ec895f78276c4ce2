import Crypto
import NIOCore
import NIOPosix
import Testing
import Wire

@testable import Kernel
@testable import Transport

@Suite struct TLSTests {
    @Test("both ends learn exactly the other's key")
    func identities() async throws {
        try await withNodes(.init(security: .tls), .init(security: .tls)) { nodes in
            await nodes[0].dial(nodes[1].endpoint, expecting: nodes[1].identity)
            let dialled = try await nodes[0].journal.first { if case .dialled(let link) = $0 { link } else { nil } }
            let accepted = try await nodes[1].journal.first { if case .accepted(let link) = $0 { link } else { nil } }
            #expect(dialled.transportIdentity == nodes[1].identity)
            #expect(accepted.transportIdentity == nodes[0].identity)
        }
    }

    @Test("a dial that meets another key fails before the node hears of a link")
    func wrongIdentity() async throws {
        try await withNodes(.init(security: .tls), .init(security: .tls)) { nodes in
            await nodes[0].dial(nodes[1].endpoint, expecting: nodes[0].identity)
            let reason = try await nodes[0].journal.first {
                if case .dialFailed(_, let reason) = $0 { reason } else { nil }
            }
            #expect(reason == .wrongIdentity)
            let wasDialled = nodes[0].journal.entries.contains { if case .dialled = $0 { true } else { false } }
            #expect(!wasDialled)
            #expect(try await nodes[1].journal.messages(1) == [.goodbye(.wrongIdentity)])
        }
    }

    @Test("a plain-text dialler is refused, and both ends know why")
    func plainDialler() async throws {
        try await withNodes(.init(), .init(security: .tls)) { nodes in
            let link = await nodes[0].dial(nodes[1].endpoint)
            _ = try await nodes[0].journal.first { if case .dialled = $0 { true } else { nil } }
            await nodes[0].send([.ping(nonce: 1)], over: link)
            #expect(try await refusal(by: nodes[1]) == .tlsFailed)
            let end = try await nodes[0].journal.first { if case .ended(link, let end) = $0 { end } else { nil } }
            #expect(end == .failed(.tlsFailed))
        }
    }

    @Test("a dial over TLS to a plain-text node fails and never falls back")
    func plainAcceptor() async throws {
        try await withNodes(.init(security: .tls), .init()) { nodes in
            await nodes[0].dial(nodes[1].endpoint)
            let reason = try await nodes[0].journal.first {
                if case .dialFailed(_, let reason) = $0 { reason } else { nil }
            }
            #expect(reason == .tlsFailed)
            let end = try await nodes[1].journal.first { if case .ended(_, let end) = $0 { end } else { nil } }
            #expect(end == .failed(.tlsFailed))
        }
    }

    @Test("a connection that begins no handshake is refused at the deadline")
    func silentDialler() async throws {
        try await withNodes(.init(security: .tls, tlsTimeout: .milliseconds(100))) { nodes in
            let peer = try await RawPeer.connect(to: nodes[0].endpoint)
            #expect(try await refusal(by: nodes[0]) == .tlsTimeout)
            try await peer.closed()
        }
    }

    @Test("a dial to a listener that says nothing fails at the earlier of two deadlines", arguments: [false, true])
    func silentAcceptor(_ isDialLimited: Bool) async throws {
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .bind(host: "127.0.0.1", port: 0).get()
        let endpoint = try #require(Endpoint(server.localAddress))
        let short = Duration.milliseconds(100)
        let setup = TestNode.Setup(
            security: .tls, connectTimeout: isDialLimited ? short : .seconds(20),
            tlsTimeout: isDialLimited ? .seconds(20) : short
        )
        try await withNodes(setup) { nodes in
            await nodes[0].dial(endpoint)
            let reason = try await nodes[0].journal.first {
                if case .dialFailed(_, let reason) = $0 { reason } else { nil }
            }
            #expect(reason == (isDialLimited ? .connectTimeout : .tlsTimeout))
        }
        try await server.close()
    }

    @Test("a client without a certificate is refused")
    func noCertificate() async throws {
        try await withNodes(.init(security: .tls)) { nodes in
            let peer = try await RawPeer.connect(to: nodes[0].endpoint) { try TLSPeer.client() }
            #expect(try await refusal(by: nodes[0]) == .tlsFailed)
            try await peer.closed()
        }
    }

    @Test(
        "a client that speaks another protocol over TLS is refused, that of an older wire version too",
        arguments: ["h2", "timenode/1"])
    func otherProtocol(_ word: String) async throws {
        let own = try NodeCertificate.fresh(for: Curve25519.Signing.PrivateKey())
        try await withNodes(.init(security: .tls)) { nodes in
            let peer = try await RawPeer.connect(to: nodes[0].endpoint) {
                try TLSPeer.client(speaking: [word], certificate: own.certificate, key: own.key)
            }
            #expect(try await refusal(by: nodes[0]) == .protocolVersion)
            try await peer.closed()
        }
    }

    @Test(
        "a caller whose connection breaks during its TLS handshake, or who leaves, was turned away by nobody",
        arguments: [(true, Reason.reset, LinkEnder.transport), (false, .endOfStream, .peer)])
    func broken(isReset: Bool, reason: Reason, ender: LinkEnder) async throws {
        try await withNodes(.init(security: .tls)) { nodes in
            let peer = try await RawPeer.connect(to: nodes[0].endpoint)
            // A connection that is reset before it is taken in has no address, and is no news.
            try await within {
                while try await nodes[0].host.withDriver({ $0.counters.door.accepted }) == 0 { await Task.yield() }
            }
            // No linger: closing discards and resets.
            let options = try #require(peer.channel as? any SocketOptionProvider)
            if isReset { try await options.setSoLinger(linger(l_onoff: 1, l_linger: 0)).get() }
            await peer.close()
            let end = try await nodes[0].journal.event {
                if case .linkEnded(.unknown, nil, _, let reason, let ender, false, .accepted) = $0 {
                    (reason, ender)
                } else {
                    nil
                }
            }
            #expect(end == (reason, ender))
        }
    }

    @Test("a certificate names the identity whose key it was made from")
    func certificate() throws {
        let key = Curve25519.Signing.PrivateKey()
        let made = try NodeCertificate.fresh(for: key)
        #expect(made.certificate.identity == Ed25519Signer(key).identity)
    }

    private func refusal(by node: TestNode) async throws -> Reason {
        let reason = try await node.journal.event {
            if case .refused(.unknown, nil, _, let reason) = $0 { reason } else { nil }
        }
        let wasAccepted = node.journal.entries.contains { if case .accepted = $0 { true } else { false } }
        #expect(!wasAccepted)
        return reason
    }
}
