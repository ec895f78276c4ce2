import Kernel
import Testing
import Wire

@testable import Lab

/// How connections of the model open and end.
struct ConnectingTests {
    @Test("a link of two idle hosts is up after two round trips")
    func opening() throws {
        let outcome = try TwoHosts(duration: .seconds(60)).run()
        #expect(outcome.ups(at: "B") == [0.12])
        #expect(outcome.ups(at: "A") == [0.16])
    }

    @Test("a host without a process refuses, one round trip after the dial")
    func refused() throws {
        let outcome = try TwoHosts(startAt: [.zero, .seconds(5)], duration: .seconds(60)).run()
        let first = try #require(outcome.failures(at: "A").first)
        #expect(first.reason == .connectionRefused)
        #expect(first.at == 0.08)
        #expect(outcome.ups(at: "A").count == 1)
    }

    @Test("requests that vanish end at the connect timeout")
    func timeout() throws {
        let outcome = try TwoHosts(
            startAt: [.seconds(1), .zero], duration: .seconds(60),
            faults: [.drop(from: 0, to: 1, at: .zero, for: .seconds(30))]
        ).run()
        let first = try #require(outcome.failures(at: "A").first)
        #expect(first.reason == .connectTimeout)
        #expect(first.at == 11)
        #expect(outcome.ups(at: "A").count == 1)
    }

    @Test("a host gives up by itself after eleven requests (measured: 133.27 s)")
    func requestRetries() throws {
        let outcome = try TwoHosts(
            transport: "connect_timeout: 300s", startAt: [.seconds(1), .zero], duration: .seconds(200),
            faults: [.drop(from: 0, to: 1, at: .zero)]
        ).run()
        let first = try #require(outcome.failures(at: "A").first)
        #expect(first.reason == .timedOut)
        #expect(abs(first.at - 1 - 133.27) <= 0.05 * 133.27)
    }

    @Test("a request that vanished is sent again after one second, and after another (measured: 1.02 and 2.04 s)")
    func secondRequest() throws {
        let outcome = try TwoHosts(
            startAt: [.seconds(1), .zero], duration: .seconds(60),
            faults: [.drop(from: 0, to: 1, at: .zero, for: .milliseconds(2500))]
        ).run()
        let up = try #require(outcome.ups(at: "A").first)
        #expect(abs(up - 1 - 0.16 - 2.04) <= 0.05 * 2.04)
    }

    @Test("a request sent twice because the answer is slow opens one connection")
    func slowAnswer() throws {
        let outcome = try TwoHosts(duration: .seconds(60), latency: .milliseconds(1200)).run()
        let taken = outcome.inputs(of: "B").count { if case .accepted = $0.input { true } else { false } }
        #expect(taken == 1)
        #expect(outcome.ups(at: "A").count == 1)
    }

    @Test(
        "over a path that loses a tenth of everything, each connection is taken in once",
        arguments: 1...20 as ClosedRange<UInt64>)
    func lossyPath(seed: UInt64) throws {
        let outcome = try TwoHosts(
            duration: .seconds(120), jitter: .milliseconds(30), lossPerMillion: 100_000,
            faults: [.kill(1, at: .seconds(30), down: .seconds(5)), .kill(1, at: .seconds(60), down: .seconds(5))]
        ).run(seed: seed)
        let taken = outcome.inputs(of: "B").count { if case .accepted = $0.input { true } else { false } }
        let opened = outcome.inputs(of: "A").count { if case .opened = $0.input { true } else { false } }
        #expect(taken <= opened)
        #expect(outcome.ups(at: "A").count == 3)
    }

    @Test("a stateful firewall lets a node dial and not be dialled")
    func firewall() throws {
        let closed = TwoHosts(
            startAt: [.seconds(1), .seconds(1)], duration: .seconds(120), faults: [.closeInbound(1, at: .zero)]
        )
        let stuck = try closed.run()
        #expect(stuck.ups(at: "A").isEmpty)
        #expect(stuck.failures(at: "A").allSatisfy { $0.reason == .connectTimeout })
        var patient = closed
        patient.links = "handshake: ack, direction: lower-address, passive_wait: 3s"
        let outcome = try patient.run()
        #expect(outcome.ups(at: "B").count == 1)
        #expect(try #require(outcome.ups(at: "B").first) < 6)
        #expect(outcome.ends(at: "B").isEmpty)
    }

    @Test("a restarted machine takes over the link that still stands at the other end")
    func takeover() throws {
        let outcome = try TwoHosts(
            links: "handshake: signed, direction: higher-address", duration: .seconds(120),
            faults: [.powerLoss(of: 1, at: .seconds(30), for: .seconds(20))]
        ).run()
        let takeovers = outcome.events(of: "A").filter { if case .takeover = $0.event { true } else { false } }
        #expect(takeovers.count == 1)
        #expect(try #require(takeovers.first).at > 50)
        #expect(try #require(takeovers.first).at < 51)
        #expect(outcome.ends(at: "A").map(\.reason) == [.superseded])
        #expect(outcome.ups(at: "B").count == 2)
    }

    @Test("a machine that has power again refuses dials until its process works, and is silent before")
    func powerReturns() throws {
        let outcome = try TwoHosts(
            liveness: "use: tcp-keepalive, tcp-keepalive: {idle: 3s, interval: 1s, user_timeout: 5s}",
            transport: "connect_timeout: 3s", duration: .seconds(120),
            faults: [.powerLoss(of: 1, at: .seconds(30), for: .seconds(20))],
            network: { $0.startUp = .seconds(6) }
        ).run()
        let failures = outcome.failures(at: "A").filter { $0.at > 30 }
        #expect(failures.filter { $0.at < 50 }.allSatisfy { $0.reason == .connectTimeout })
        let refused = failures.filter { $0.at > 50 }
        #expect(!refused.isEmpty && refused.allSatisfy { $0.reason == .connectionRefused && $0.at < 56.1 })
        #expect(try #require(outcome.ups(at: "A").last) > 56)
        #expect(try #require(outcome.figure(.recovery)) < 3)
    }

    @Test("a machine whose power fails while its process is down waits for both")
    func powerFailsWhileDown() throws {
        let outcome = try TwoHosts(
            transport: "connect_timeout: 3s", duration: .seconds(120),
            faults: [
                .kill(1, at: .seconds(20), down: .seconds(60)),
                .powerLoss(of: 1, at: .seconds(30), for: .seconds(20)),
            ]
        ).run()
        let reasons = { (from: Double, to: Double) in
            Set(outcome.failures(at: "A").filter { $0.at > from && $0.at < to }.map(\.reason))
        }
        #expect(reasons(21, 30) == [.connectionRefused])
        #expect(reasons(34, 50) == [.connectTimeout])
        #expect(reasons(53, 80) == [.connectionRefused])
        #expect(try #require(outcome.ups(at: "A").last) > 80)
    }

    @Test("a process that stood still reads what arrived before any of its timers")
    func stalled() throws {
        // B dials and pings: at 30.16 s, answered at 30.24 s, which would count as missed at 35.16 s.
        let outcome = try TwoHosts(
            links: "handshake: ack, direction: higher-address, passive_wait: unset",
            liveness: "use: ping-pong, ping-pong: {misses: 1, pinger: dialler}", duration: .seconds(120),
            faults: [.stall(1, at: .milliseconds(30_200), for: .seconds(20))]
        ).run()
        #expect(outcome.ends(at: "A").isEmpty)
        #expect(outcome.ends(at: "B").isEmpty)
        let resumed = outcome.inputs(of: "B").filter { $0.at >= 50 && $0.at < 50.3 }
        #expect(resumed.first.map { if case .received(_, .pong) = $0.input { true } else { false } } == true)
    }

    @Test("a connection that was opened and closed while the acceptor stood still leaves nothing behind")
    func stalledAcceptor() throws {
        let outcome = try TwoHosts(
            links: "handshake: verdict, direction: lower-address, passive_wait: unset",
            startAt: [.seconds(1), .zero], duration: .seconds(300),
            faults: [.stall(1, at: .milliseconds(500), for: .seconds(45))]
        ).run()
        let taken = outcome.inputs(of: "B").count { if case .accepted = $0.input { true } else { false } }
        let ended = outcome.events(of: "B").count { if case .linkEnded = $0.event { true } else { false } }
        #expect(taken - ended == 1)
        #expect(try #require(outcome.ups(at: "B").last) < 60)
        // Four dials timed out in silence; what they left is gone as soon as the process has read it.
        let late = outcome.events(of: "B").filter { record in
            if case .linkEnded(_, _, _, .handshakeTimeout, .us, _, _) = record.event { true } else { false }
        }
        #expect(late.isEmpty)
    }

    @Test("a full send queue ends the link once, and nothing that was done is done again")
    func fullQueue() throws {
        let outcome = try TwoHosts(
            liveness: "use: ping-pong, ping-pong: {interval: 10ms, timeout: 600s, misses: 100, pinger: dialler}",
            transport: "send_queue: 64KiB", duration: .seconds(200), faults: [.powerLoss(of: 1, at: .seconds(5))],
            network: { $0.sendBufferBytes = 4096 }
        ).run()
        #expect(outcome.ends(at: "A").map(\.reason) == [.queueFull])
        let nonces = outcome.effects(of: "A").compactMap { record -> UInt64? in
            if case .send(_, .ping(let nonce)) = record.effect { nonce } else { nil }
        }
        #expect(Set(nonces).count == nonces.count)
        let closes = outcome.effects(of: "A").compactMap { record -> UInt64? in
            if case .close(let link, _) = record.effect { link.number } else { nil }
        }
        #expect(Set(closes).count == closes.count)
    }
}
