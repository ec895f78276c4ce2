import Crypto
import NIOCore
import NIOPosix
import NIOSSL
import Testing
import Wire

@testable import Kernel
@testable import Transport

@Suite struct CertificateTests {
    @Test("the next certificate is made in time; links stay, and new handshakes show the new one")
    func rotation() async throws {
        try await withNodes(.init(security: .tls), .init(security: .tls)) { nodes in
            let before = try await nodes[0].host.withDriver { try $0.security?.certificate.toDERBytes() }
            let (link, far) = try await connect(nodes[1], nodes[0])
            try await nodes[0].host.withDriver { $0.security?.renewal = $0.clock.wall }
            _ = try await nodes[0].journal.event {
                if case .note(.info, let text) = $0, text.contains("next certificate") { true } else { nil }
            }
            let after = try await nodes[0].host.withDriver { try $0.security?.certificate.toDERBytes() }
            #expect(before != after)

            await nodes[1].send([.ping(nonce: 1)], over: link)
            #expect(try await nodes[0].journal.messages(1) == [.ping(nonce: 1)])
            #expect(await nodes[0].host.withNode { $0.table[far]?.phase } == .up)

            await nodes[1].dial(nodes[0].endpoint, expecting: nodes[0].identity)
            let shown = try await nodes[1].journal.first { entry -> LinkID? in
                if case .dialled(let newer) = entry, newer.id != link { newer.id } else { nil }
            }
            let seen = try await nodes[1].host.withDriver { driver in
                try driver.connections[shown]?.tls?.peerCertificate?.toDERBytes()
            }
            #expect(seen == after)
        }
    }

    @Test("the next certificate is due after two thirds of the time of the one before")
    func due() throws {
        let now = WallTime(milliseconds: 1_700_000_000_000)
        var security = try TLSSecurity(key: Curve25519.Signing.PrivateKey(), validity: .seconds(3000), now: now)
        #expect(security.renewal == WallTime(milliseconds: now.milliseconds + 2_000_000))
        #expect(Int64(security.certificate.notValidAfter) == now.milliseconds / 1000 + 3000)
        let (first, later) = (security.certificate, WallTime(milliseconds: now.milliseconds + 2_000_000))
        try security.renew(now: later)
        #expect(security.certificate.identity == first.identity)
        #expect(Int64(security.certificate.notValidAfter) == later.milliseconds / 1000 + 3000)
        #expect(security.renewal == WallTime(milliseconds: later.milliseconds + 2_000_000))
    }

    @Test("a certificate whose key the TLS library cannot read is nobody's, and ends nothing", arguments: 0..<12)
    func unreadableKey(_ place: Int) throws {
        let own = try NodeCertificate.fresh(for: Curve25519.Signing.PrivateKey())
        var bytes = try own.certificate.toDERBytes()
        // What stands before the key itself (RFC 8410): lengths, the algorithm's name, the tag of the key.
        let prefix: [UInt8] = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00]
        let start = try #require(bytes.indices.first { bytes[$0...].starts(with: prefix) })
        bytes[start + place] ^= 1
        let certificate = try? NIOSSLCertificate(bytes: bytes, format: .der)
        #expect(certificate?.identity == nil)
    }

    @Test("a certificate of a key that anybody can sign for is nobody's", arguments: [1, 0xec] as [UInt8])
    func smallOrderKey(_ first: UInt8) throws {
        let own = try NodeCertificate.fresh(for: Curve25519.Signing.PrivateKey())
        let identity = try #require(own.certificate.identity)
        var bytes = try own.certificate.toDERBytes()
        let start = try #require(bytes.indices.first { bytes[$0...].starts(with: identity.key.bytes) })
        let isOne = first == 1
        for place in 0..<32 { bytes[start + place] = isOne ? 0 : 0xff }
        bytes[start] = first
        bytes[start + 31] = isOne ? 0 : 0x7f
        let certificate = try NIOSSLCertificate(bytes: bytes, format: .der)
        #expect(certificate.identity == nil)
    }

    @Test("a caller with a certificate whose time is over is refused, and told so")
    func expiredCaller() async throws {
        let own = try NodeCertificate.expired(for: Curve25519.Signing.PrivateKey())
        try await withNodes(.init(security: .tls)) { nodes in
            let peer = try await RawPeer.connect(to: nodes[0].endpoint) { try TLSPeer.client(own) }
            #expect(try await peer.messages(1) == [.goodbye(.certificateExpired)])
            let reason = try await nodes[0].journal.event {
                if case .refused(.unknown, nil, _, let reason) = $0 { reason } else { nil }
            }
            #expect(reason == .certificateExpired)
            let wasAccepted = nodes[0].journal.entries.contains { if case .accepted = $0 { true } else { false } }
            #expect(!wasAccepted)
            try await peer.closed()
        }
    }

    @Test("a dial that meets a certificate whose time is over fails, and the other end is told why")
    func expiredAcceptor() async throws {
        let key = Curve25519.Signing.PrivateKey()
        try await withNodes(.init(security: .tls), .init(security: .tls, key: key)) { nodes in
            let hourAgo = WallTime(milliseconds: HostClock().wall.milliseconds - 3_600_000)
            try await nodes[1].host.withDriver {
                $0.security = try TLSSecurity(key: key, validity: .seconds(60), now: hourAgo)
                // Or the node would make the next one as soon as it looks.
                $0.pulse?.cancel()
            }
            await nodes[0].dial(nodes[1].endpoint, expecting: nodes[1].identity)
            let reason = try await nodes[0].journal.first {
                if case .dialFailed(_, let reason) = $0 { reason } else { nil }
            }
            #expect(reason == .certificateExpired)
            #expect(try await nodes[1].journal.messages(1) == [.goodbye(.certificateExpired)])
        }
    }

    @Test("a dial that meets another wire version's TLS fails with that reason")
    func otherVersion() async throws {
        let own = try NodeCertificate.fresh(for: Curve25519.Signing.PrivateKey())
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(TLSPeer.server(speaking: ["timenode/1"], own))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let endpoint = try #require(Endpoint(server.localAddress))
        try await withNodes(.init(security: .tls)) { nodes in
            await nodes[0].dial(endpoint)
            let reason = try await nodes[0].journal.first {
                if case .dialFailed(_, let reason) = $0 { reason } else { nil }
            }
            #expect(reason == .protocolVersion)
        }
        try await server.close()
    }

    @Test(
        "a dialler that is turned away at the door of a TLS node reads why",
        arguments: [
            (AcceptLimits(opening: 1, reserved: 1, perSecond: 1000, perSecondPerSite: 1000), Reason.tooManyLinks),
            (AcceptLimits(opening: 256, reserved: 64, perSecond: 1000, perSecondPerSite: 1), .tooFast),
        ]
    )
    func doorOfTLS(limits: AcceptLimits, expected: Reason) async throws {
        try await withNodes(.init(security: .tls), .init(security: .tls, limits: limits)) { nodes in
            // Four seconds' worth may come at once; a slow machine is owed more meanwhile.
            for _ in 0..<30 { await nodes[0].dial(nodes[1].endpoint) }
            let reason = try await nodes[0].journal.first {
                if case .dialFailed(_, let reason) = $0 { reason } else { nil }
            }
            #expect(reason == expected)
        }
    }

    @Test("who gives way at the door of a TLS node, its TLS not begun, reads that there was no room")
    func crowdOfTLS() async throws {
        let few = AcceptLimits(opening: 2, reserved: 0, perSecond: 1000, perSecondPerSite: 1000)
        try await withNodes(.init(security: .tls, listen: "127.0.0.1:0", limits: few)) { nodes in
            let silent = try await RawPeer.connect(to: nodes[0].endpoint)
            let second = try await RawPeer.connect(to: nodes[0].endpoint)
            let other = try await RawPeer.connect(to: nodes[0].endpoint, from: "127.0.0.9")
            #expect(try await silent.reads(DoorAlert.accessDenied.record.count).reduce(0, +) == 7)
            try await silent.closed()
            for peer in [second, other] { await peer.close() }
        }
    }

    @Test("what was recorded of a whole TLS session is worth nothing a second time")
    func replayed() async throws {
        try await withNodes(.init(security: .tls), .init(security: .tls)) { nodes in
            let tap = try await Tap.listen(before: nodes[1].endpoint)
            let link = await nodes[0].dial(tap.endpoint, expecting: nodes[1].identity)
            _ = try await nodes[0].journal.first { if case .dialled = $0 { true } else { nil } }
            await nodes[0].send([.ping(nonce: 8)], over: link)
            #expect(try await nodes[1].journal.messages(1) == [.ping(nonce: 8)])

            let peer = try await RawPeer.connect(to: nodes[1].endpoint)
            try await peer.send(tap.recorded())
            let reason = try await nodes[1].journal.event {
                if case .refused(.unknown, nil, _, let reason) = $0 { reason } else { nil }
            }
            #expect(reason == .tlsFailed)
            #expect(nodes[1].journal.messages == [.ping(nonce: 8)])
            try await peer.closed()
            try await tap.close()
        }
    }
}
