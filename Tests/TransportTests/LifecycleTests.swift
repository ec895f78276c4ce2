import Crypto
import NIOCore
import Testing
import Wire

@testable import Kernel
@testable import Transport

@Suite struct LifecycleTests {
    @Test("a port that is taken is an error that says so")
    func portTaken() async throws {
        try await withNodes(.init()) { nodes in
            let journal = Journal()
            let host = NodeHost(try TestNode.configuration(.init(listen: "\(nodes[0].endpoint)"), journal))
            let error = await #expect(throws: HostError.self) { try await host.start() }
            #expect(error?.code == .addressInUse)
            #expect(error?.message.contains("\(nodes[0].endpoint)") == true)
        }
    }

    @Test("an address of another host is an error that says so")
    func foreignAddress() async throws {
        let host = NodeHost(try TestNode.configuration(.init(listen: "192.0.2.1:0"), Journal()))
        let error = await #expect(throws: HostError.self) { try await host.start() }
        #expect(error?.code == .addressUnavailable)
    }

    @Test("a host starts once")
    func startsOnce() async throws {
        let host = NodeHost(try TestNode.configuration(.init(), Journal()))
        _ = try await host.start()
        let error = await #expect(throws: HostError.self) { try await host.start() }
        #expect(error?.code == .alreadyStarted)
        await host.shutdown()
    }

    @Test("a store that does not open stops the start before anything is bound")
    func storeRefuses() async throws {
        var configuration = try TestNode.configuration(.init(), Journal())
        configuration.store = { throw ListStore.Refused() }
        let host = NodeHost(configuration)
        let error = await #expect(throws: HostError.self) { try await host.start() }
        #expect(error?.code == .storeFailed)
        #expect(error?.cause is ListStore.Refused)
    }

    @Test("a host that was never started shuts down")
    func neverStarted() async throws {
        let host = NodeHost(try TestNode.configuration(.init(), Journal()))
        await host.shutdown()
        await host.shutdown()
    }

    @Test("a node that is shut down says goodbye", arguments: [TransportPort.Security.plain, .tls])
    func goodbye(_ security: TransportPort.Security) async throws {
        try await withNodes(.init(security: security), .init(security: security)) { nodes in
            _ = try await connect(nodes[0], nodes[1])
            await nodes[0].host.shutdown()
            #expect(try await nodes[1].journal.messages(1) == [.goodbye(.shutdown)])
            let end = try await nodes[1].journal.first { if case .ended(_, let end) = $0 { end } else { nil } }
            #expect(end == .endOfStream)
            #expect(try await nodes[0].host.withDriver { $0.sockets.isEmpty })
        }
    }

    @Test("a peer that never closes does not hold a shutdown up", arguments: [TransportPort.Security.plain, .tls])
    func stubbornPeer(_ security: TransportPort.Security) async throws {
        let stubborn = Script(closesAtEnd: false)
        try await withNodes(.init(security: security), .init(security: security, script: stubborn)) { nodes in
            let (_, far) = try await connect(nodes[0], nodes[1])
            await nodes[1].act { $0.stopReading(far) }
            let host = nodes[0].host
            try await within { await host.shutdown() }
            #expect(try await host.withDriver { $0.sockets.isEmpty })
        }
    }

    @Test("the advertised port is the one that is bound where none was named")
    func advertisedPort() async throws {
        try await withNodes(.init()) { nodes in
            #expect(await nodes[0].host.withNode { $0.configuration.endpoint } == nodes[0].endpoint)
            #expect(nodes[0].endpoint.port != 0)
        }
    }

    @Test("a snapshot shows links, chain and traffic")
    func snapshot() async throws {
        try await withNodes(.init(), .init()) { nodes in
            let (link, _) = try await connect(nodes[0], nodes[1])
            await nodes[0].send([.ping(nonce: 1)], over: link)
            await nodes[0].host.shutdown()
            // A shutdown publishes what was last.
            let snapshot = nodes[0].host.snapshot
            #expect(snapshot.listening == nodes[0].endpoint)
            #expect(snapshot.chain.height == 7)
            #expect(snapshot.links.isEmpty)
            #expect(snapshot.traffic.framesSent == 2)
            #expect(nodes[0].journal.entries.contains { if case .event(.linkUp) = $0 { true } else { false } })
        }
    }

    @Test("a snapshot is published without being asked for")
    func publication() async throws {
        try await withNodes(.init(), .init()) { nodes in
            let (link, _) = try await connect(nodes[0], nodes[1])
            let host = nodes[0].host
            try await within {
                while host.snapshot.links.map(\.id) != [link] {
                    try Task.checkCancellation()
                    await Task.yield()
                }
            }
        }
    }
}
