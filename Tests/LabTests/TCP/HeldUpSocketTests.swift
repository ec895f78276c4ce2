import Kernel
import Testing
import Wire

@testable import Lab

/// Receivers without room, filters that answer, and address translators, beside what Linux 6.18 did.
struct HeldUpSocketTests {
    private func keepalive(_ options: String) -> String { "use: tcp-keepalive, tcp-keepalive: {\(options)}" }

    /// Seeds: a kernel's timer comes late by what its clock's phase makes of it, and a measurement met one phase.
    private let phases: ClosedRange<UInt64> = 1...21

    private func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

    private func traffic(_ bytes: Int, every interval: Duration) -> Scenario.Traffic {
        Scenario.Traffic(requestBytes: bytes, replyBytes: 1, interval: interval)
    }

    /// Bytes that a host was told to send, up to a moment.
    private func bytesSent(by host: String, _ outcome: TwoHosts.Outcome, from start: Double, to end: Double) -> Int {
        outcome.effects(of: host).reduce(0) { sum, record in
            guard record.at >= start, record.at <= end, case .send(_, let message) = record.effect else { return sum }
            return sum + message.encodedSize
        }
    }

    @Test("a stalled process whose buffers are full: a user timeout of 3 s ends the link 3.4 s later")
    func zeroWindow() throws {
        let outcome = try TwoHosts(
            liveness: keepalive("idle: 30s, interval: 10s, probes: 3, user_timeout: 3s"),
            transport: "send_queue: 4MB", duration: .seconds(300), latency: .microseconds(35),
            traffic: traffic(30_000, every: .milliseconds(100)),
            faults: [.stall(1, at: .seconds(100), for: .seconds(150))]
        ).run()
        let end = try #require(outcome.ends(at: "A").first)
        #expect(end.reason == .timedOut)
        // Two requests of 30 kB fit into 64 KiB; the third finds no room.
        let full = try #require(
            outcome.effects(of: "A").filter {
                $0.effect.isRequest && $0.at > 100
            }.dropFirst(2).first
        )
        #expect(abs(end.at - full.at - 3.39) <= 0.05 * 3.39)
        #expect(bytesSent(by: "A", outcome, from: full.at, to: end.at) > 500_000)
    }

    @Test("a write deadline of 5 s ends a link 5 s after the sender's kernel is full, and not before")
    func writeDeadline() throws {
        let outcome = try TwoHosts(
            liveness: "use: layered, layered: {kernel: {user_timeout: unset}, write_deadline: 5s, echo_interval: 10m}",
            transport: "send_queue: 16MB", duration: .seconds(300), latency: .microseconds(35),
            traffic: traffic(30_000, every: .milliseconds(100)),
            faults: [.stall(1, at: .seconds(100), for: .seconds(150))]
        ).run()
        let end = try #require(outcome.ends(at: "A").first)
        #expect(end.reason == .timedOut)
        // Two requests of 30 kB fit into the receiver's 64 KiB, seventeen into the sender's 512 KiB, a tenth of a
        // second apart; the one after that waits.
        #expect(abs(end.at - (100 + 2.0 + 5)) <= 0.2)
    }

    @Test("a receiver that reads in time ends no write deadline")
    func writeDeadlineHeld() throws {
        let outcome = try TwoHosts(
            liveness: "use: layered, layered: {kernel: {user_timeout: unset}, write_deadline: 5s, echo_interval: 10m}",
            transport: "send_queue: 16MB", duration: .seconds(300), traffic: traffic(30_000, every: .milliseconds(100)),
            faults: (0..<10).map { .stall(1, at: .seconds(100 + 10 * $0), for: .milliseconds(6_500)) }
        ).run()
        #expect(outcome.ends(at: "A").isEmpty)
    }

    @Test("a message of a megabyte over 200 kbit/s, 40 s long, is no silence to either end, and no blocked write")
    func slowPath() throws {
        let liveness =
            "use: layered, layered: {write_deadline: 5s, echo_interval: 10s, echo_timeout: 3s, hung_after: 20s}"
        let outcome = try TwoHosts(
            liveness: liveness, duration: .seconds(300), traffic: traffic(1_000_000, every: .seconds(100)),
            network: { $0.bandwidth = Bandwidth(bitsPerSecond: 200_000) }
        ).run()
        #expect(outcome.ends(at: "A").isEmpty)
        #expect(outcome.ends(at: "B").isEmpty)
        let parts = outcome.inputs(of: "B").filter { if case .progress = $0.input { true } else { false } }
        // A part a second, but the last, of two to four messages.
        #expect(parts.count >= 2 * 39 && parts.count <= 4 * 40, "\(parts.count)")
    }

    @Test("a stalled process with room left keeps its links, whatever the user timeout")
    func room() throws {
        let outcome = try TwoHosts(
            liveness: keepalive("idle: 30s, interval: 10s, probes: 3, user_timeout: 3s"), duration: .seconds(300),
            traffic: traffic(1_000, every: .seconds(10)), faults: [.stall(1, at: .seconds(100), for: .seconds(150))]
        ).run()
        #expect(outcome.ends(at: "A").isEmpty)
    }

    @Test("what a full receiver held back arrives when it reads again, in order, and nothing is lost")
    func order() throws {
        let outcome = try TwoHosts(
            transport: "send_queue: 64MB", duration: .seconds(300), traffic: traffic(20_000, every: .milliseconds(500)),
            faults: [.stall(1, at: .seconds(100), for: .seconds(60))]
        ).run()
        #expect(outcome.ends(at: "A").isEmpty)
        let asked = outcome.effects(of: "A").compactMap { record -> UInt64? in
            record.effect.sentLoad?.requestID
        }
        let heard = outcome.inputs(of: "B").compactMap { record -> UInt64? in
            record.input.receivedLoad?.requestID
        }
        #expect(asked.count > 500)
        #expect(heard == Array(asked.prefix(heard.count)))
        #expect(heard.count >= asked.count - 1)
    }

    @Test("50 bytes each 200 ms into a black hole, a user timeout of 3 s: the write after 3.6 s fails")
    func trickle() throws {
        let hosts = TwoHosts(
            liveness: keepalive("idle: 30s, interval: 10s, probes: 3, user_timeout: 3s"), duration: .seconds(120),
            latency: .microseconds(35), traffic: traffic(50, every: .milliseconds(200)),
            faults: [.drop(from: 0, to: 1, bothWays: true, at: .milliseconds(60_100))]
        )
        let waits = try phases.map { seed in
            let outcome = try hosts.run(seed: seed)
            let end = try #require(outcome.ends(at: "A").first)
            let lost = try #require(
                outcome.effects(of: "A").first {
                    $0.effect.isRequest && $0.at > 60.1
                }
            )
            // Whoever was measured learnt of it by its next write.
            let write = try #require(
                outcome.inputs(of: "A").first { if case .wake = $0.input { $0.at > end.at } else { false } })
            return write.at - lost.at
        }
        #expect(abs(median(waits) - 3.60) <= 0.05 * 3.60, "\(waits.sorted())")
    }

    @Test("a filter that answers with a reset ends an idle link at the first probe (measured: 2.99 s)")
    func resetByFilter() throws {
        let hosts = TwoHosts(
            liveness: keepalive("idle: 3s, interval: 1s, probes: 3, user_timeout: unset"), duration: .seconds(60),
            latency: .microseconds(35),
            faults: [.drop(from: 0, to: 1, bothWays: true, at: .milliseconds(200), answer: .reset)]
        )
        let waits = try phases.map { seed in
            let outcome = try hosts.run(seed: seed)
            let end = try #require(outcome.ends(at: "A").first)
            #expect(end.reason == .reset)
            let heard = try #require(
                outcome.inputs(of: "A").last { if case .received = $0.input { $0.at < end.at } else { false } })
            return end.at - heard.at
        }
        #expect(abs(median(waits) - 2.99) <= 0.05 * 2.99, "\(waits.sorted())")
    }

    @Test("a filter that answers with ICMP ends no open link before its probes do (measured: 6.08 s)")
    func unreachable() throws {
        let outcome = try TwoHosts(
            liveness: keepalive("idle: 3s, interval: 1s, probes: 3, user_timeout: unset"), duration: .seconds(60),
            latency: .microseconds(35),
            faults: [.drop(from: 0, to: 1, bothWays: true, at: .milliseconds(200), answer: .unreachable)]
        ).run()
        let end = try #require(outcome.ends(at: "A").first)
        #expect(end.reason == .timedOut)
        let heard = try #require(
            outcome.inputs(of: "A").last { if case .received = $0.input { $0.at < end.at } else { false } })
        #expect(abs(end.at - heard.at - 6.08) <= 0.05 * 6.08)
    }

    // MARK: Address translators that forget a connection after 5 s

    private func translated(_ liveness: String, asking interval: Duration, for duration: Int) throws -> TwoHosts.Outcome
    {
        try TwoHosts(
            liveness: liveness, duration: .seconds(duration), latency: .microseconds(35),
            traffic: traffic(50, every: interval), faults: [.translate(0, idle: .seconds(5), at: .seconds(1))]
        ).run()
    }

    private func answers(_ outcome: TwoHosts.Outcome) -> Int {
        outcome.inputs(of: "A").count { $0.input.receivedLoad?.kind == .reply }
    }

    @Test("idle for 3 s: answered at once")
    func mappingLives() throws {
        let outcome = try translated("use: none", asking: .seconds(3), for: 60)
        #expect(answers(outcome) > 15)
        #expect(outcome.ends(at: "A").isEmpty)
    }

    @Test("idle for 8 s without keepalive: no answer, and no error either")
    func mappingDies() throws {
        let outcome = try translated("use: none", asking: .seconds(8), for: 60)
        #expect(answers(outcome) == 0)
        #expect(outcome.ends(at: "A").isEmpty)
        #expect(outcome.ends(at: "B").isEmpty)
    }

    @Test("idle for 8 s with a user timeout of 3 s: ETIMEDOUT after 3.4 s")
    func mappingDiesBounded() throws {
        let outcome = try translated(
            keepalive("idle: 3000s, interval: 10s, probes: 3, user_timeout: 3s"), asking: .seconds(8), for: 60)
        let end = try #require(outcome.ends(at: "A").first)
        let lost = try #require(
            outcome.effects(of: "A").last {
                $0.effect.isRequest && $0.at < end.at
            }
        )
        #expect(end.reason == .timedOut)
        #expect(abs(end.at - lost.at - 3.42) <= 0.05 * 3.42)
    }

    @Test("keepalive 3/1/3 keeps the mapping")
    func keepaliveKeepsMapping() throws {
        let outcome = try translated(
            keepalive("idle: 3s, interval: 1s, probes: 3, user_timeout: unset"), asking: .seconds(12), for: 120)
        #expect(answers(outcome) > 7)
        #expect(outcome.ends(at: "A").isEmpty)
    }

    @Test("a proxy that acknowledges for a dead host hides its death from every timer of TCP")
    func proxy() throws {
        let outcome = try TwoHosts(
            liveness: keepalive("idle: 3s, interval: 1s, probes: 3, user_timeout: 5s"), duration: .seconds(600),
            traffic: traffic(50, every: .seconds(10)),
            faults: [
                Scenario.Fault(at: .zero, kind: .proxy(.index(1), duration: nil)), .powerLoss(of: 1, at: .seconds(100)),
            ]
        ).run()
        #expect(outcome.ends(at: "A").isEmpty)
        let pinged = try TwoHosts(
            liveness: "use: ping-pong", duration: .seconds(600), traffic: traffic(50, every: .seconds(10)),
            faults: [
                Scenario.Fault(at: .zero, kind: .proxy(.index(1), duration: nil)), .powerLoss(of: 1, at: .seconds(100)),
            ]
        ).run()
        #expect(pinged.ends(at: "A").first?.reason == .pingTimeout)
    }
}
