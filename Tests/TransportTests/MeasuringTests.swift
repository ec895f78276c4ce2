import Dispatch
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
                let measured = await nodes[0].host.measuredSnapshot(within: .seconds(30)).measured
                let now = try await nodes[0].host.withDriver { $0.clock.now }
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
            let snapshot = await nodes[0].host.measuredSnapshot(within: .seconds(30))
            #expect(snapshot.measured.isEmpty && snapshot.measuredAt != nil)
        }
    }

    @Test("a host that nobody asks puts no question to TCP, however often its timer fires")
    func nobodyAsks() async throws {
        try await withNodes(.init(), .init()) { nodes in
            _ = try await connect(nodes[0], nodes[1])
            let questions = try await nodes[0].host.withDriver { driver in
                for _ in 0..<100 { driver.beat(due: driver.clock.now) }
                return driver.survey.questions
            }
            #expect(questions == 0)
            #expect(nodes[0].host.snapshot.measuredAt == nil)
        }
    }

    @Test("readers within a second share one survey")
    func sharedSurvey() async throws {
        try await withNodes(.init(), .init()) { nodes in
            _ = try await connect(nodes[0], nodes[1])
            let ends = try await nodes[0].host.withDriver { driver in
                driver.survey = LinkSurvey()
                var ends = 0
                for _ in 0..<5 { driver.surveyLinks { ends += 1 } }
                return (ends, driver.survey.questions)
            }
            #expect(ends == (5, 1))
        }
    }

    @Test("a reader of a host whose event loop stands still gets what was published last, after its own patience")
    func stalledLoop() async throws {
        try await withNodes(.init()) { nodes in
            let released = DispatchSemaphore(value: 0)
            async let stalled: Void = nodes[0].host.withNode { _ in released.wait() }
            let snapshot = await nodes[0].host.measuredSnapshot(within: .milliseconds(20))
            released.signal()
            await stalled
            #expect(snapshot.listening == nodes[0].endpoint)
        }
    }

    @Test("a timer that was due while the loop stood still fires behind what came meanwhile")
    func readsFirst() async throws {
        try await withNodes(.init()) { nodes in
            let peer = try await RawPeer.connect(to: nodes[0].endpoint)
            _ = try await nodes[0].journal.first { if case .accepted(let link) = $0 { link } else { nil } }
            let sent = DispatchSemaphore(value: 0)
            async let stalled = nodes[0].host.withDriver { driver in
                // Set where nothing can come between it and the standstill.
                if let node = driver.node {
                    node.machine.context.module = NodeMachine.Slot.links
                    node.machine.context.schedule(ScriptedLinks.Tick(), at: driver.clock.now + .milliseconds(20))
                    driver.turn()
                }
                // Until something has come and the timer is late.
                sent.wait()
                let left = (driver.node?.nextDeadline ?? .zero) - driver.clock.now
                return DispatchSemaphore(value: 0).wait(timeout: .now() + max(0, left.seconds) + 0.2)
            }
            try await peer.send([.ping(nonce: 9)])
            sent.signal()
            _ = try await stalled
            _ = try await nodes[0].journal.first { if case .fired = $0 { true } else { nil } }
            let order = nodes[0].journal.entries.compactMap { entry -> String? in
                switch entry {
                case .received: "received"
                case .fired: "fired"
                default: nil
                }
            }
            #expect(order == ["received", "fired"])
        }
    }

    @Test("a host that has ended is not waited for")
    func ended() async throws {
        let node = try await TestNode.start()
        await node.host.shutdown()
        _ = try await within { await node.host.measuredSnapshot(within: .seconds(600)) }
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
