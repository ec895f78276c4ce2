import Crypto
import NIOCore
import Testing
import Wire

@testable import Kernel
@testable import Transport

/// Strangers against a node with its own links policy, over real sockets.
@Suite("Hostile peers") struct HostilePeerTests {
    private static let both: [TransportPort.Security] = [.plain, .tls]

    @Test("whoever says nothing, begins a handshake and stops, or drips a byte at a time is gone by a deadline")
    func slow() async throws {
        let setup = TestNode.Setup(
            tlsTimeout: .seconds(2),
            links: singleLink { $0.setting("handshake_timeout", to: .duration(.seconds(2))) }
        )
        try await withNodes(setup) { nodes in
            let silent = try await RawPeer.connect(to: nodes[0].endpoint)
            let half = try await HandshakingPeer.connect(to: nodes[0])
            _ = try await half.greet()
            let drip = try await RawPeer.connect(to: nodes[0].endpoint)
            drip.drip(bytes(of: .hello(HandshakingPeer.greeting(half.key))), every: .milliseconds(100))
            for peer in [silent, half.peer, drip] { try await peer.closed() }
            #expect(try await reasons(of: nodes[0], count: 3) == [.handshakeTimeout])
        }
    }

    @Test(
        "over TLS each part has its deadline: no word, half a hello, a byte at a time, and a handshake without a Hello")
    func slowTLS() async throws {
        let setup = TestNode.Setup(
            security: .tls, tlsTimeout: .milliseconds(500),
            links: singleLink { $0.setting("handshake_timeout", to: .duration(.milliseconds(300))) }
        )
        try await withNodes(setup, .init(security: .tls)) { nodes in
            let tap = try await Tap.listen(before: nodes[1].endpoint)
            await nodes[1].dial(tap.endpoint)
            _ = try await nodes[1].journal.first { if case .dialled = $0 { true } else { nil } }
            let hello = Array(tap.recorded().prefix(100))
            try await tap.close()

            let silent = try await RawPeer.connect(to: nodes[0].endpoint)
            let cut = try await RawPeer.connect(to: nodes[0].endpoint)
            try await cut.send(hello)
            let drip = try await RawPeer.connect(to: nodes[0].endpoint)
            drip.drip(hello, every: .milliseconds(50))
            for peer in [silent, cut, drip] { try await peer.closed() }
            let refusals = nodes[0].journal.entries.compactMap { entry -> Reason? in
                if case .event(.refused(_, _, _, let reason)) = entry { reason } else { nil }
            }
            #expect(refusals == [.tlsTimeout, .tlsTimeout, .tlsTimeout])
            let mute = try await HandshakingPeer.connect(to: nodes[0], security: .tls)
            try await mute.peer.closed()
            #expect(try await reasons(of: nodes[0], count: 1) == [.handshakeTimeout])
        }
    }

    @Test("a proof with another key is refused, and so is one that was good for an earlier handshake", arguments: both)
    func badProofs(_ security: TransportPort.Security) async throws {
        try await withNodes(.init(security: security, links: singleLink())) { nodes in
            let honest = try await HandshakingPeer.connect(to: nodes[0], security: security)
            let ack = try await honest.greet()
            let proof = honest.proof(for: ack)
            try await honest.peer.send([.proof(proof)])
            #expect(try await honest.peer.messages(2)[1] == .ready)
            await honest.peer.close()
            _ = try await nodes[0].journal.event { if case .linkEnded = $0 { true } else { nil } }

            // Over TLS nobody gets so far with another's key; here the key is right and the words are old.
            let replay = try await HandshakingPeer.connect(to: nodes[0], key: honest.key, security: security)
            let second = try await replay.greet()
            #expect(second.nonce != ack.nonce)
            try await replay.peer.send([.proof(proof)])
            #expect(try await replay.peer.messages(2)[1] == .goodbye(.badSignature))
            try await replay.peer.closed()

            let forger = try await HandshakingPeer.connect(to: nodes[0], security: security)
            _ = try await forger.greet()
            try await forger.peer.send([.proof(Proof(signature: .none))])
            #expect(try await forger.peer.messages(2)[1] == .goodbye(.badSignature))
            try await forger.peer.closed()
        }
    }

    @Test("over TLS a Hello in another's name is refused, whatever it is signed with")
    func otherName() async throws {
        try await withNodes(.init(security: .tls, links: singleLink())) { nodes in
            let name = HandshakingPeer.greeting(Curve25519.Signing.PrivateKey())
            let liar = try await HandshakingPeer.connect(to: nodes[0], security: .tls, saying: name)
            #expect(try await liar.greet().refusal == .wrongIdentity)
            try await liar.peer.closed()
        }
    }

    @Test("a frame over its channel's limit ends the link at its header, over TLS too", arguments: both)
    func oversize(_ security: TransportPort.Security) async throws {
        try await withNodes(.init(security: security, links: singleLink())) { nodes in
            let peer = try await HandshakingPeer.connect(to: nodes[0], security: security).peer
            try await peer.send([0x7f, 0xff, 0xff, 0xff, Channel.consensus.rawValue])
            #expect(try await reasons(of: nodes[0], count: 1) == [.frameTooLarge])
            try await peer.closed()
        }
    }

    @Test("a flood from one address is turned away at the door, and a masternode still gets in", arguments: both)
    func flood(_ security: TransportPort.Security) async throws {
        let member = Curve25519.Signing.PrivateKey()
        let setup = TestNode.Setup(
            security: security, limits: AcceptLimits(opening: 16, reserved: 4, perSecond: 200, perSecondPerSite: 8),
            masternodes: [
                .init(name: "a", identity: Ed25519Signer(member).identity, endpoint: Endpoint("127.0.0.9:1"))
            ],
            links: singleLink()
        )
        try await withNodes(setup) { nodes in
            var flood: [RawPeer] = []
            for _ in 0..<200 { flood.append(try await RawPeer.connect(to: nodes[0].endpoint)) }
            try await HandshakingPeer.connect(to: nodes[0], key: member, from: "127.0.0.9", security: security)
                .shakeHands()
            let (counters, strangers) = try await nodes[0].host.withDriver { ($0.counters, $0.doorway.count) }
            // Four seconds' worth of eight, and what comes while the test goes on.
            #expect(counters.door.accepted >= 13 && counters.door.accepted < 100)
            #expect(counters.door.refusedTooFast + counters.door.refusedTooMany + counters.door.accepted >= 201)
            #expect(counters.door.refusedTooFast > 0)
            #expect(strangers <= 12)
            let told = nodes[0].journal.entries.count { if case .event(.refused) = $0 { true } else { false } }
            #expect(told <= 3 * RefusalTally.told)
            for peer in flood { await peer.close() }
        }
    }

    @Test("where half-open handshakes fill all places, a masternode's dial takes one of them", arguments: both)
    func exhaustion(_ security: TransportPort.Security) async throws {
        let member = Curve25519.Signing.PrivateKey()
        // No place is reserved, and the pace is none.
        var limits = AcceptLimits.few
        limits.opening = 8
        let setup = TestNode.Setup(
            security: security, limits: limits,
            masternodes: [
                .init(name: "a", identity: Ed25519Signer(member).identity, endpoint: Endpoint("127.0.0.9:1"))
            ],
            links: singleLink()
        )
        try await withNodes(setup) { nodes in
            var crowd: [RawPeer] = []
            // Each from an address of its own, so that none has more than another.
            for number in 0..<8 {
                crowd.append(try await RawPeer.connect(to: nodes[0].endpoint, from: "127.0.1.\(number + 1)"))
            }
            let stranger = try await RawPeer.connect(to: nodes[0].endpoint, from: "127.0.1.9")
            try await stranger.closed()
            try await HandshakingPeer.connect(to: nodes[0], key: member, from: "127.0.0.9", security: security)
                .shakeHands()
            try await crowd[0].closed()
            #expect(try await nodes[0].host.withDriver { $0.doorway.count } == 7)
            for peer in crowd { await peer.close() }
        }
    }

    @Test("a masternode that once had a link from elsewhere has its places there too")
    func learntAddress() async throws {
        let member = Curve25519.Signing.PrivateKey()
        let setup = TestNode.Setup(
            limits: AcceptLimits(opening: 8, reserved: 7, perSecond: 10_000, perSecondPerSite: 10_000),
            masternodes: [.init(name: "a", identity: Ed25519Signer(member).identity, endpoint: nil)],
            links: singleLink()
        )
        try await withNodes(setup) { nodes in
            let first = try await HandshakingPeer.connect(to: nodes[0], key: member, from: "127.0.0.7")
            try await first.shakeHands()
            let stranger = try await RawPeer.connect(to: nodes[0].endpoint)
            _ = try await nodes[0].journal.event {
                if case .linkUp = $0 { true } else { nil }
            }
            let other = try await RawPeer.connect(to: nodes[0].endpoint, from: "127.0.0.8")
            #expect(try await other.messages(1) == [.goodbye(.tooManyLinks)])
            let again = try await HandshakingPeer.connect(
                to: nodes[0], key: member, from: "127.0.0.7", saying: later(than: member)
            )
            try await again.shakeHands()
            for peer in [first.peer, stranger, other, again.peer] { await peer.close() }
        }
    }

    /// The same process dials once more.
    private func later(than key: Curve25519.Signing.PrivateKey) -> Hello {
        var hello = HandshakingPeer.greeting(key)
        hello.dialSequence += 1
        return hello
    }

    private func bytes(of message: Message) -> [UInt8] {
        var buffer = ByteBuffer()
        FrameEncoder.encode(message, into: &buffer)
        return Array(buffer.readableBytesView)
    }

    /// For what reasons links ended, once so many have.
    private func reasons(of node: TestNode, count: Int) async throws -> Set<Reason> {
        let ends = Ends(count)
        return try await node.journal.event {
            if case .linkEnded(_, _, _, let reason, _, _, _) = $0 { ends.add(reason) } else { nil }
        }
    }
}
