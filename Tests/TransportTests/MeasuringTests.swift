import NIOCore
import Testing
import Wire

@testable import Kernel
@testable import Transport

@Suite struct MeasuringTests {
    #if os(Linux)
        @Test(
            "the host's TCP tells the round trip and the segments of a link that is up",
            arguments: [TransportPort.Security.plain, .tls])
        func path(_ security: TransportPort.Security) async throws {
            try await withNodes(
                .init(security: security), .init(security: security, script: Script(echoes: true))
            ) { nodes in
                let (link, _) = try await connect(nodes[0], nodes[1])
                await nodes[0].send(MessageSamples.everyKind, over: link)
                _ = try await nodes[0].journal.messages(MessageSamples.everyKind.count)
                let (measured, now) = try await nodes[0].host.withDriver { driver in
                    driver.measureLinks()
                    return (driver.measured, driver.clock.now)
                }
                #expect(measured.map(\.link) == [link])
                let path = try #require(measured.first?.path)
                #expect(path.roundTrip > .zero && path.roundTrip < .seconds(1))
                #expect(path.calm.roundTrip > .zero && path.calm.roundTrip <= path.roundTrip)
                #expect(path.leastRoundTrip > .zero && path.leastRoundTrip <= path.roundTrip)
                #expect(path.segmentsSent > 0 && path.segmentsSent > path.retransmitted)
                #expect(path.heardAt <= now && now - path.heardAt < .seconds(10))
            }
        }
    #endif

    @Test("a link that has ended is measured no more")
    func endedLink() async throws {
        try await withNodes(.init(), .init()) { nodes in
            let (link, _) = try await connect(nodes[0], nodes[1])
            await nodes[0].close(link, .notWanted)
            let measured = try await nodes[0].host.withDriver { driver in
                driver.measureLinks()
                return driver.measured
            }
            #expect(measured.isEmpty)
        }
    }

    @Test("a timer that fires late is a stall, published with its length; one that is a little late is none")
    func stall() async throws {
        try await withNodes(.init()) { nodes in
            let host = nodes[0].host
            #expect(host.snapshot.incarnation == (await host.withNode { $0.incarnation }))
            let wall = try await host.withDriver { driver in
                driver.beat(due: Instant(nanoseconds: driver.clock.now.nanoseconds - 400_000_000))
                driver.beat(due: Instant(nanoseconds: driver.clock.now.nanoseconds - 3_000_000_000))
                return driver.clock.wall
            }
            let loop = host.snapshot.loop
            #expect(loop.stallsSeen == 1)
            let stall = try #require(loop.stalls.first)
            #expect((3_000..<4_000).contains(stall.lastedMilliseconds))
            #expect(abs(stall.beganMilliseconds + 3_000 - wall.milliseconds) < 1_000)
        }
    }

    @Test("a handshake names the process at the other end")
    func incarnation() throws {
        let connection = LinkConnection(
            serial: 1, direction: .accepted, id: nil, remote: nil, expected: nil, sendLimit: 1 << 20
        )
        for message in MessageSamples.everyKind { connection.noteIncarnation(in: message) }
        let named = MessageSamples.everyKind.compactMap { message -> UInt64? in
            switch message {
            case .hello(let hello): hello.incarnation
            case .helloAck(let ack): ack.incarnation
            default: nil
            }
        }
        #expect(connection.incarnation == named.last && connection.incarnation != nil)
    }
}
