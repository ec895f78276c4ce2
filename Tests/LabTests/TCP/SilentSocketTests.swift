import Kernel
import Testing
import Wire

@testable import Lab

/// The measured cases again, through whole hosts and sockets.
struct SilentSocketTests {
    private func keepalive(_ options: String) -> String { "use: tcp-keepalive, tcp-keepalive: {\(options)}" }

    private let short = "idle: 3s, interval: 1s, probes: 3, user_timeout: unset"
    private let busy = Scenario.Traffic(requestBytes: 100, replyBytes: 100, interval: .seconds(10))

    /// Seconds from the last segment that A heard, or failing that sent, to the end of its link.
    private func silence(_ outcome: TwoHosts.Outcome, before end: Double) throws -> Double {
        let heard = outcome.inputs(of: "A").last { record in
            if case .received = record.input { record.at < end } else { false }
        }
        return end - (try #require(heard).at)
    }

    @Test("3/1/3, the machine loses power: 6 s and the slack of the timers")
    func powerLoss() throws {
        let outcome = try TwoHosts(
            liveness: keepalive(short), duration: .seconds(60), faults: [.powerLoss(of: 1, at: .seconds(1))]
        ).run()
        let end = try #require(outcome.ends(at: "A").first)
        #expect(end.reason == .timedOut)
        #expect(abs(try silence(outcome, before: end.at) - 6.09) <= 0.05 * 6.09)
    }

    @Test("3/1/3, only the answers are lost: the same as silence")
    func answersLost() throws {
        let outcome = try TwoHosts(
            liveness: keepalive(short), duration: .seconds(60), faults: [.drop(from: 1, to: 0, at: .seconds(1))]
        ).run()
        let end = try #require(outcome.ends(at: "A").first)
        #expect(end.reason == .timedOut)
        #expect(abs(try silence(outcome, before: end.at) - 6.07) <= 0.05 * 6.07)
    }

    @Test("a probe is no sign of life to the end that is probed: both ends notice that answers are lost one way")
    func bothEndsProbe() throws {
        let reasons = try (1...10).map { (seed: UInt64) -> Reason in
            let outcome = try TwoHosts(
                liveness: keepalive(short), duration: .seconds(60), faults: [.drop(from: 1, to: 0, at: .seconds(1))]
            ).run(seed: seed)
            return try #require(outcome.ends(at: "B").first).reason
        }
        // The end whose timers are first gives up by itself; if that is A, its RST gets through.
        #expect(reasons.contains(.timedOut) && reasons.allSatisfy { [.timedOut, .reset].contains($0) }, "\(reasons)")
    }

    @Test("the user timeout replaces the count of probes")
    func userTimeout() throws {
        let outcome = try TwoHosts(
            liveness: keepalive("idle: 3s, interval: 1s, probes: 3, user_timeout: 5s"), duration: .seconds(60),
            faults: [.powerLoss(of: 1, at: .seconds(1))]
        ).run()
        let end = try #require(outcome.ends(at: "A").first)
        #expect(abs(try silence(outcome, before: end.at) - 5.03) <= 0.05 * 5.03)
    }

    @Test(
        "with data unacknowledged keepalive is silent, and the retransmission limit rules",
        arguments: [(15, 939), (5, 13.4)])
    func unacknowledged(_ retries: Int, _ seconds: Double) throws {
        let outcome = try TwoHosts(
            liveness: keepalive(short), duration: .seconds(1300), latency: .microseconds(35), tcpRetries: retries,
            traffic: busy,
            faults: [.powerLoss(of: 1, at: .seconds(105))]
        ).run()
        let end = try #require(outcome.ends(at: "A").first)
        let lost = try #require(
            outcome.effects(of: "A").first {
                $0.effect.isRequest && $0.at > 105
            }
        )
        #expect(end.reason == .timedOut)
        #expect(abs(end.at - lost.at - seconds) <= 0.05 * seconds)
    }

    @Test("with data unacknowledged a user timeout bounds the wait")
    func unacknowledgedBounded() throws {
        let outcome = try TwoHosts(
            liveness: keepalive("idle: 30s, interval: 10s, probes: 3, user_timeout: 5s"), duration: .seconds(300),
            latency: .microseconds(35), traffic: busy, faults: [.powerLoss(of: 1, at: .seconds(105))]
        ).run()
        let end = try #require(outcome.ends(at: "A").first)
        let lost = try #require(
            outcome.effects(of: "A").first {
                $0.effect.isRequest && $0.at > 105
            }
        )
        #expect(abs(end.at - lost.at - 5.51) <= 0.1 * 5.51)
    }

    @Test("without an option an idle link to a dead machine stays for ever")
    func noOption() throws {
        let outcome = try TwoHosts(
            duration: .seconds(86_000), faults: [.powerLoss(of: 1, at: .seconds(1))]
        ).run()
        #expect(outcome.ends(at: "A").isEmpty)
    }

    @Test("a machine that is back without its sockets answers the first probe with a reset")
    func resetAtProbe() throws {
        let outcome = try TwoHosts(
            liveness: keepalive(short), duration: .seconds(60),
            faults: [.powerLoss(of: 1, at: .seconds(1), for: .seconds(1))]
        ).run()
        let end = try #require(outcome.ends(at: "A").first)
        #expect(end.reason == .reset)
        #expect(abs(try silence(outcome, before: end.at) - 3.0) <= 0.25)
    }

    @Test("a stalled process is invisible to keepalive: its kernel answers")
    func stalled() throws {
        let outcome = try TwoHosts(
            liveness: keepalive(short), duration: .seconds(600),
            faults: [.stall(1, at: .seconds(1), for: .seconds(500))]
        ).run()
        #expect(outcome.ends(at: "A").isEmpty)
    }

    @Test("a killed process is known as fast as its end of stream travels")
    func killed() throws {
        let outcome = try TwoHosts(duration: .seconds(60), faults: [.kill(1, at: .seconds(30), down: .seconds(300))])
            .run()
        let end = try #require(outcome.ends(at: "A").first)
        #expect(end.reason == .endOfStream)
        #expect(end.at == 30.04)
    }

    @Test("data that a black hole held back arrives after it heals, in order, and nothing is lost")
    func blackHole() throws {
        let outcome = try TwoHosts(
            duration: .seconds(400),
            traffic: .init(requestBytes: 100, replyBytes: 100, interval: .seconds(1)),
            faults: [.drop(from: 0, to: 1, bothWays: true, at: .seconds(100), for: .seconds(60))]
        ).run()
        #expect(outcome.ends(at: "A").isEmpty)
        let asked = outcome.effects(of: "A").compactMap { record -> UInt64? in
            record.effect.sentLoad?.requestID
        }
        let heard = outcome.inputs(of: "B").compactMap { record -> UInt64? in
            record.input.receivedLoad?.requestID
        }
        #expect(asked.count > 300)
        #expect(heard.count >= asked.count - 1)
        #expect(heard == Array(asked.prefix(heard.count)))
    }
}
