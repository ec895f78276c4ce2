import NIOCore
import NIOPosix
import Testing
import Wire

@testable import Kernel
@testable import Transport

@Suite struct DiallingTests {
    @Test("a dial to a closed port says that it was refused", arguments: [TransportPort.Security.plain, .tls])
    func refused(_ security: TransportPort.Security) async throws {
        // An address of its own: no test beside this one can take the port.
        let gone = try await TestNode.start(.init(listen: "127.77.1.9:0"))
        await gone.host.shutdown()
        try await withNodes(.init(security: security)) { nodes in
            let link = await nodes[0].dial(gone.endpoint)
            let reason = try await nodes[0].journal.first {
                if case .dialFailed(let failed, let reason) = $0, failed.id == link { reason } else { nil }
            }
            #expect(reason == .connectionRefused)
            #expect(try await nodes[0].host.withDriver { $0.connections.isEmpty })
        }
    }

    @Test("a dial that the node gives up leaves no socket and brings no input")
    func givenUp() async throws {
        try await withNodes(.init(), .init()) { nodes in
            let target = nodes[1].endpoint
            let link = await nodes[0].act { context in
                let link = context.open(target, expecting: nil)
                context.close(link, .notWanted)
                return link
            }
            let futures = try await nodes[0].host.withDriver {
                $0.sockets.values.compactMap { $0.channel?.closeFuture }
            }
            for future in futures { try await within { try await future.get() } }
            #expect(await nodes[0].host.withNode { $0.table[link] } == nil)
            let told = nodes[0].journal.entries.contains {
                switch $0 {
                case .dialled, .dialFailed, .ended: true
                default: false
                }
            }
            #expect(!told)
        }
    }

    @Test("a node on a loopback address of its own dials from it")
    func sourceAddress() async throws {
        try await withNodes(.init(listen: "127.77.1.2:0"), .init()) { nodes in
            await nodes[0].dial(nodes[1].endpoint)
            let remote = try await nodes[1].journal.first {
                if case .accepted(let link) = $0 { link.remote } else { nil }
            }
            #expect(remote.ip == IPAddress("127.77.1.2"))
        }
    }

    @Test("only a loopback address other than the usual one is dialled from")
    func defaultSource() throws {
        for (listen, source) in [
            ("127.0.0.1:1", nil), ("0.0.0.0:1", nil), ("192.0.2.1:1", nil), ("[::1]:1", nil),
            ("127.9.8.7:1", "127.9.8.7"),
        ] {
            let configuration = try TestNode.configuration(.init(listen: listen), Journal())
            #expect(configuration.sourceAddress == source.flatMap { IPAddress($0) })
        }
    }

    @Test("connections beyond the limit of strangers are turned away with a reason")
    func strangers() async throws {
        try await withNodes(.init(script: Script(marksUp: false), limits: .few)) { nodes in
            var peers: [RawPeer] = []
            for _ in 0...AcceptLimits.few.opening { peers.append(try await RawPeer.connect(to: nodes[0].endpoint)) }
            let reason = try await nodes[0].journal.event {
                if case .refused(.unknown, nil, _, let reason) = $0 { reason } else { nil }
            }
            #expect(reason == .tooManyLinks)
            for peer in peers { await peer.close() }
        }
    }

    @Test("beyond that limit the oldest connection of the site that has the most gives way to another site")
    func crowd() async throws {
        try await withNodes(.init(script: Script(marksUp: false), listen: "127.0.0.1:0", limits: .few)) { nodes in
            var peers: [RawPeer] = []
            for _ in 0..<AcceptLimits.few.opening { peers.append(try await RawPeer.connect(to: nodes[0].endpoint)) }
            let other = try await RawPeer.connect(to: nodes[0].endpoint, from: "127.0.0.9")
            let remote = try await nodes[0].journal.first {
                if case .accepted(let link) = $0, link.remote.ip == IPAddress("127.0.0.9") { link.remote } else { nil }
            }
            #expect(remote.ip == IPAddress("127.0.0.9"))
            #expect(try await peers[0].messages(1) == [.goodbye(.tooManyLinks)])
            try await peers[0].closed()
            let reason = try await nodes[0].journal.event {
                if case .linkEnded(_, _, _, let reason, _, _, _) = $0 { reason } else { nil }
            }
            #expect(reason == .tooManyLinks)
            for peer in peers { await peer.close() }
            await other.close()
        }
    }

    @Test("a caller that is turned away over plain TCP is told why")
    func toldWhy() async throws {
        try await withNodes(.init(script: Script(marksUp: false), limits: .few)) { nodes in
            var peers: [RawPeer] = []
            for _ in 0..<AcceptLimits.few.opening { peers.append(try await RawPeer.connect(to: nodes[0].endpoint)) }
            let late = try await RawPeer.connect(to: nodes[0].endpoint)
            #expect(try await late.messages(1) == [.goodbye(.tooManyLinks)])
            try await late.closed()
            for peer in peers { await peer.close() }
        }
    }

    @Test("an IPv4 peer of an IPv6 socket has its IPv4 address")
    func mappedAddress() throws {
        let mapped = try SocketAddress(ipAddress: "::ffff:192.0.2.7", port: 9)
        #expect(Endpoint(mapped) == Endpoint("192.0.2.7:9"))
        let six = try SocketAddress(ipAddress: "2001:db8::1", port: 9)
        #expect(Endpoint(six) == Endpoint("[2001:db8::1]:9"))
        #expect(Endpoint(try SocketAddress(unixDomainSocketPath: "socket")) == nil)
    }
}
