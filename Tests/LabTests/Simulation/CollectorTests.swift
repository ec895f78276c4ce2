import Kernel
import Testing

@testable import Lab

/// Figures of runs so small that they can be computed by hand.
///
/// A dials B at 0 s; with 40 ms one way, B's end is up at 0.12 s and A's at 0.16 s.
struct CollectorTests {
    private let pings = "use: ping-pong, ping-pong: {pinger: dialler}"

    private func isNear(_ value: Double?, _ expected: Double) -> Bool {
        value.map { abs($0 - expected) < 1e-9 } ?? false
    }

    @Test("one link, and B loses power at 100 s for good")
    func powerLoss() throws {
        let outcome = try TwoHosts(liveness: pings, faults: [.powerLoss(of: 1, at: .seconds(100))]).run()
        // A pings at 0.16, 30.16 … 90.16 (answered), then at 120.16, 150.16 and 180.16; the third is missed at 185.16.
        #expect(outcome.ends(at: "A").map(\.at) == [185.16])
        let metrics = outcome.result.metrics
        #expect(metrics[.linkLifetime]?.values.count == 1)
        #expect(isNear(metrics[.linkLifetime]?.values.first, 185))
        #expect(metrics[.linkLifetime]?.censored == [])
        #expect(isNear(metrics[.detection]?.values.first, 85.16))
        #expect(isNear(outcome.figure(.detectionNever), 0))
        #expect(isNear(outcome.figure(.zombieLink), 85.16))
        // Useful from 10 s, where the warm-up ends, to 100 s of 300.
        #expect(isNear(outcome.figure(.pairAvailability), 90.0 / 290))
        #expect(isNear(outcome.figure(.connectedPeers), (175.16 / 290 + 1) / 2))
        #expect(isNear(outcome.figure(.connectedPeersMinimum), 0))
        #expect(isNear(metrics[.mesh]?.values.first, 0.16))
        #expect(isNear(outcome.figure(.reconnects), 0))
        #expect(isNear(outcome.figure(.handshakeSuccess), 1))
        #expect(isNear(outcome.figure(.falseDisconnects), 0))
        #expect(isNear(outcome.figure(.duplicateCloses), 0))
        #expect(metrics[.recovery] == nil)
    }

    @Test("one link, and B is killed at 100 s and back at 120 s")
    func kill() throws {
        let outcome = try TwoHosts(liveness: pings, faults: [.kill(1, at: .seconds(100), down: .seconds(20))]).run()
        let metrics = outcome.result.metrics
        let back = try #require(outcome.ups(at: "A").last)
        #expect(isNear(metrics[.linkLifetime]?.values.first, 99.88))
        #expect(isNear(metrics[.linkLifetime]?.censored.first, 300 - back))
        #expect(isNear(metrics[.detection]?.values.first, 0.04))
        #expect(isNear(outcome.figure(.zombieLink), 0.04))
        // One reconnect in five minutes, on two nodes.
        #expect(isNear(outcome.figure(.reconnects), 1 / (300.0 / 3600) / 2))
        #expect(isNear(outcome.figure(.reconnectsPerPairMaximum), 12))
        // After ten refusals A dials every two to four seconds.
        #expect(back < 124.2)
        #expect(isNear(metrics[.recovery]?.values.first, back - 120))
        #expect(isNear(outcome.figure(.pairAvailability), (90 + 300 - back) / 290))
    }

    @Test("of two nodes one makes all the dials")
    func dials() throws {
        let quiet = try TwoHosts(liveness: pings).run()
        #expect(isNear(quiet.figure(.dialsMaximum), 1) && isNear(quiet.figure(.dialsDeviation), 0.5))
        // Two nodes, five minutes.
        #expect(isNear(quiet.figure(.dials), 1 / (300.0 / 3600) / 2))
        let killed = try TwoHosts(liveness: pings, faults: [.kill(0, at: .seconds(100), down: .seconds(20))]).run()
        // What a node did before it was killed counts.
        #expect(isNear(killed.figure(.dialsMaximum), 2) && isNear(killed.figure(.dialsDeviation), 1))
    }

    @Test("a stall that the scenario calls healthy and a detector calls dead is a false disconnect")
    func falseDisconnect() throws {
        let stalled = TwoHosts(
            liveness: pings, healthyIfStallBelow: .seconds(200),
            faults: [.stall(1, at: .seconds(100), for: .seconds(100))]
        )
        let outcome = try stalled.run()
        #expect(outcome.ends(at: "A").map(\.at) == [185.16])
        #expect(isNear(outcome.figure(.falseDisconnects), 1 / (300.0 / 3600) / 2))
        #expect(outcome.result.metrics[.detection] == nil)
        var judged = stalled
        judged.healthyIfStallBelow = nil
        let strict = try judged.run()
        #expect(isNear(strict.figure(.falseDisconnects), 0))
        #expect(isNear(strict.result.metrics[.detection]?.values.first, 85.16))
    }

    @Test("a quiet run has no detection, no recovery and a link that is censored")
    func quiet() throws {
        let outcome = try TwoHosts(liveness: pings).run()
        let metrics = outcome.result.metrics
        #expect(metrics[.linkLifetime]?.values == [])
        #expect(isNear(metrics[.linkLifetime]?.censored.first, 299.84))
        #expect(metrics[.detection] == nil)
        #expect(metrics[.recovery] == nil)
        #expect(isNear(outcome.figure(.pairAvailability), 1))
        #expect(isNear(outcome.figure(.zombieLink), 0))
        #expect(metrics[.usefulReplies] == nil)
    }

    @Test("with every answer lost on the way nothing is useful, although the link stands")
    func oneWay() throws {
        let outcome = try TwoHosts(
            traffic: .init(requestBytes: 100, replyBytes: 100, interval: .seconds(10)),
            faults: [.drop(from: 1, to: 0, at: .seconds(10))]
        ).run()
        #expect(outcome.ends(at: "A").isEmpty)
        #expect(try #require(outcome.figure(.usefulReplies)) < 0.1)
        #expect(isNear(outcome.figure(.pairAvailability), 0))
        // B's end alone cannot deliver.
        #expect(isNear(outcome.figure(.zombieLink), 290))
    }
}
