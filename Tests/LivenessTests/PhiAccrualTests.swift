import Foundation
import Kernel
import Profile
import Testing
import Wire

@testable import Liveness

@Suite("The normal tail of phi-accrual") struct NormalTailTests {
    /// -log₁₀(erfc(z ÷ √2) ÷ 2), computed with mpmath 1.3 at 60 digits.
    @Test(
        "phi is the exact normal tail to 0.00002",
        arguments: [
            (-3.7, 4.68193530021e-5), (-1, 0.0750260129578), (-0.1, 0.267744723959), (0, 0.301029995664),
            (0.3, 0.417835944954), (1, 0.799545541492), (1.2816, 1.00003691618), (2.5, 2.2069318058),
            (3.09023, 2.99999662767), (4.75342, 5.9999907402), (5.612, 7.99999687666), (7.0345, 12.0000503762),
            (8.2, 15.9201189624), (9.99, 23.0742194533), (11.997, 32.7346993856),
        ] as [(Double, Double)])
    func vectors(z: Double, phi: Double) {
        #expect(abs(Double(NormalTail.phi(at: Int64((z * 1e6).rounded()))) / 1e6 - phi) <= 2e-5)
    }

    @Test(
        "the crossing of phi is that of the exact tail to a hundredth of a thousandth of a deviation",
        arguments: [
            (0.5, 0.478273532376), (1, 1.28155156554), (2, 2.32634787404), (3, 3.09023230617), (5, 4.26489079392),
            (8, 5.61200124417), (12, 7.0344838253), (16, 8.22208221613), (20, 9.2623400898),
        ] as [(Double, Double)])
    func crossings(phi: Double, z: Double) {
        #expect(abs(Double(NormalTail.crossing(Int64(phi * 1e6))) / 1e6 - z) <= 3e-5)
    }

    /// The moments at which a mean of 1000 ms and a deviation of 100 ms reach phi, in milliseconds.
    @Test(
        "phi is that of the exact normal tail on vectors of others, to the resolution they are stated to",
        arguments: [(1, 1128.2), (2, 1232.6), (3, 1309.0), (5, 1426.5), (8, 1561.2), (12, 1703.4)] as [(Int64, Double)])
    func statedVectors(phi: Int64, milliseconds: Double) {
        #expect(abs(1000 + 100 * Double(NormalTail.crossing(phi * 1_000_000)) / 1e6 - milliseconds) <= 0.05)
    }

    @Test("between all places of the table phi stays within 0.00002 of erfc")
    func everywhere() {
        var worst = 0.0
        for step in stride(from: Int64(-4_000_000), through: 12_000_000, by: 1_733) {
            let exact = -log10(erfc(Double(step) / 1e6 / 2.0.squareRoot()) / 2)
            worst = max(worst, abs(Double(NormalTail.phi(at: step)) / 1e6 - exact))
        }
        #expect(worst <= 2e-5)
        #expect(worst > 1e-6)
    }

    @Test("phi never falls, and beyond the table stays at its ends")
    func monotonous() {
        var last: Int64 = -1
        for z in stride(from: Int64(-5_000_000), through: 13_000_000, by: 997) {
            let phi = NormalTail.phi(at: z)
            #expect(phi >= last)
            last = phi
        }
        #expect(NormalTail.phi(at: .min) == 14)
        #expect(NormalTail.phi(at: .max) == 32_750_439)
        #expect(NormalTail.crossing(0) == -4_000_000)
        #expect(NormalTail.crossing(.max) == 12_000_000)
    }
}

@Suite("phi-accrual") struct PhiAccrualTests {
    private func policy(_ change: (Options) -> Options = { $0 }) throws -> PhiAccrual {
        PhiAccrual(options: PhiAccrualOptions(change(try Options.defaults(of: PhiAccrualOptions.spec))))
    }

    /// Heartbeats of exactly one second, so that the least deviation of 100 ms holds.
    private func regular(_ threshold: Double, pause: Duration = .zero) throws -> (rig: Rig, death: Instant) {
        let rig = Rig(
            try policy {
                $0.setting("threshold", to: .ratio(threshold)).setting("acceptable_pause", to: .duration(pause))
            }
        )
        _ = rig.accept()
        rig.answersAfter = .milliseconds(40)
        // The two seeds leave the window of 1000 samples with time. The last heartbeat goes out at 2000 s.
        rig.advance(by: .seconds(2000))
        rig.answersAfter = nil
        let heard = Instant.zero + .seconds(2000) + .milliseconds(40)
        rig.advance(by: .seconds(100))
        return (rig, Instant.zero + (try #require(rig.deaths.first).at - heard))
    }

    @Test(
        "a mean of 1000 ms and a deviation of 100 ms cross phi at the exact tail's moments, on the millisecond",
        arguments: [(1, 1129), (2, 1233), (3, 1310), (5, 1427), (8, 1562), (12, 1704)] as [(Double, Int64)])
    func crossing(threshold: Double, milliseconds: Int64) throws {
        let (rig, death) = try regular(threshold)
        #expect(death == .zero + .milliseconds(milliseconds))
        #expect(rig.deaths.map(\.reason) == [.silent])
    }

    @Test("the first answer, which comes a round trip after the link did, teaches nothing of the time between answers")
    func firstAnswer() throws {
        let rig = Rig(try policy { $0.setting("acceptable_pause", to: .duration(.zero)) })
        rig.answersAfter = .milliseconds(1)
        _ = rig.accept()
        rig.advance(by: .milliseconds(500))
        rig.answersAfter = nil
        rig.advance(by: .seconds(10))
        // As before any answer: mean 1 s, deviation 0.25 s, counted from the answer.
        #expect(rig.deaths.map(\.at) == [.zero + .milliseconds(2404)])
    }

    @Test("the acceptable pause is added to the mean")
    func pause() throws {
        #expect(try regular(8, pause: .seconds(3)).death == .zero + .milliseconds(4562))
    }

    @Test("a peer that never answers is found dead from the first estimate alone")
    func neverAnswers() throws {
        let rig = Rig(try policy { $0.setting("acceptable_pause", to: .duration(.zero)) })
        _ = rig.accept()
        // Mean 1 s, deviation 0.25 s: 1 s + 5.61200 · 0.25 s.
        rig.advance(by: .milliseconds(2402))
        #expect(rig.deaths.isEmpty)
        rig.advance(by: .milliseconds(1))
        #expect(rig.deaths.count == 1)
    }

    @Test("an irregular peer gets more patience than a regular one")
    func irregular() throws {
        let rig = Rig(try policy { $0.setting("acceptable_pause", to: .duration(.zero)) })
        _ = rig.accept()
        for beat in 0..<1200 {
            rig.answersAfter = beat % 2 == 0 ? .milliseconds(10) : .milliseconds(410)
            rig.advance(by: .seconds(1))
        }
        rig.answersAfter = nil
        let last = rig.now + .milliseconds(410)
        rig.advance(by: .seconds(60))
        // Intervals of 1400 and 600 ms: mean 1000 ms, deviation 400 ms.
        let wait = try #require(rig.deaths.first).at - last
        #expect(abs((wait - .milliseconds(3245)).nanoseconds) <= 3_000_000)
    }

    @Test("phi rises with silence and reaches the threshold when the link is cut")
    func phi() throws {
        var policy = try policy { $0.setting("acceptable_pause", to: .duration(.zero)) }
        let link = LinkID(number: 1)
        policy.state.links[link] = PhiAccrual.Pulse(
            base: 0, heardAt: .zero, arrivals: ArrivalWindow(capacity: 10, estimate: .seconds(1))
        )
        #expect(policy.phi(of: link, at: .zero + .seconds(1)) == NormalTail.phi(at: 0))
        #expect(try #require(policy.phi(of: link, at: .zero + .milliseconds(2402))) < 8_000_000)
        #expect(try #require(policy.phi(of: link, at: .zero + .milliseconds(2404))) >= 8_000_000)
        #expect(policy.phi(of: LinkID(number: 2), at: .zero) == nil)
    }

    @Test("an answer to another link's ping, to none, or for the second time counts for nothing")
    func foreign() throws {
        let rig = Rig(try policy())
        let (first, second) = (rig.accept(), rig.accept(peer: 2))
        for _ in 0..<20 {
            rig.advance(by: .milliseconds(500))
            for ping in rig.pings where ping.link == first { rig.receive(.pong(nonce: ping.nonce), over: second) }
            rig.receive(.pong(nonce: 12_345), over: second)
            if let ping = rig.pings.first { rig.receive(.pong(nonce: ping.nonce), over: first) }
        }
        #expect(rig.deaths.map(\.link) == [second, first])
    }

    @Test("ticks that a stall swallowed are skipped")
    func stall() throws {
        let rig = Rig(try policy { $0.setting("acceptable_pause", to: .duration(.seconds(3600))) })
        _ = rig.accept()
        rig.answersAfter = .milliseconds(10)
        rig.advance(by: .milliseconds(1500))
        rig.stall(for: .seconds(300))
        #expect(rig.pings.count == 3)
        rig.advance(by: .milliseconds(999))
        #expect(rig.pings.count == 3)
    }

    @Test("a reload to rarer heartbeats cuts nobody who answers, and who falls silent is still found dead")
    func reloaded() throws {
        let rig = Rig(try policy())
        _ = rig.accept()
        rig.answersAfter = .milliseconds(40)
        rig.advance(by: .seconds(60))
        let rarer = try policy {
            $0.setting("interval", to: .duration(.seconds(10))).setting("first_estimate", to: .duration(.seconds(10)))
        }
        try rig.reload(rarer)
        let before = rig.pings.count
        rig.advance(by: .seconds(100))
        #expect(rig.deaths.isEmpty)
        #expect(rig.pings.count - before == 10)
        rig.answersAfter = nil
        rig.advance(by: .seconds(60))
        #expect(rig.deaths.map(\.reason) == [.silent])
    }

    @Test("pings of others are answered, and a link that ends leaves no timer")
    func answersAndEnds() throws {
        let rig = Rig(try policy())
        let link = rig.accept()
        rig.receive(.ping(nonce: 5), over: link)
        #expect(rig.sent == [.pong(nonce: 5)])
        rig.end(link)
        #expect(rig.nextDeadline == nil)
    }
}

@Suite("The window of heartbeats") struct ArrivalWindowTests {
    @Test("mean and deviation are those of the newest samples, the oldest going first")
    func figures() {
        var window = ArrivalWindow(capacity: 4, estimate: .seconds(1))
        #expect(window.mean == .seconds(1))
        #expect(window.standardDeviation == .milliseconds(250))
        for seconds in [2, 4, 4, 6] { window.add(.seconds(seconds)) }
        #expect(window.mean == .seconds(4))
        // √2 s to a tenth of a millisecond over four.
        #expect(abs((window.standardDeviation - .nanoseconds(1_414_213_562)).nanoseconds) <= 25_000)
        for _ in 0..<4 { window.add(.milliseconds(100)) }
        #expect(window.standardDeviation == .zero)
    }

    @Test("the longest samples in the largest window overflow nothing")
    func limits() {
        var window = ArrivalWindow(capacity: 5000, estimate: .seconds(1))
        for _ in 0..<3000 { window.add(.seconds(1_000_000)) }
        #expect(window.mean == .seconds(300))
        #expect(window.standardDeviation == .zero)
        for _ in 0..<500 { window.add(.seconds(-5)) }
        #expect(window.mean == .seconds(150))
        #expect(window.standardDeviation == .seconds(150))
    }
}
