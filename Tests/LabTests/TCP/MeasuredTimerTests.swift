import Kernel
import Testing

@testable import Lab

/// The model's timers beside what Linux 6.18 with 250 ticks a second did when a peer fell silent.
///
/// What a timer really takes depends on the phase of the kernel's clock. Each measured time has to lie within 2 % of a
/// time that the model gives for some phase, and the model's times for all other phases within 10 % of it.
struct MeasuredTimerTests {
    /// One measured case.
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let seconds: Double
        var idle = 3
        var interval = 1
        var probes: Int?
        var userTimeout: Double?
        /// How long the last thing heard was ago when the peer fell silent.
        var heardBefore = 0.0

        var testDescription: String { name }
    }

    static let idleCases = [
        Case(name: "A: 3/1/3, silent right after a byte", seconds: 6.09, probes: 3),
        Case(name: "A2: the same 2 s after an answered probe", seconds: 4.15, probes: 3, heardBefore: 2),
        Case(name: "B: 3/1/3 and a user timeout of 5 s", seconds: 5.03, probes: 3, userTimeout: 5),
        Case(name: "B2: 3/1/3 and a user timeout of 4 s", seconds: 4.00, probes: 3, userTimeout: 4),
        Case(name: "H and N: 3/1/3, only the answers lost", seconds: 6.07, probes: 3),
        Case(name: "O3: 3/1, count unset", seconds: 12.25),
        Case(name: "O2: 30/10/3", seconds: 62.7, idle: 30, interval: 10, probes: 3),
        Case(name: "O2 again: 30/10/3, eight of eight connections", seconds: 60.93, idle: 30, interval: 10, probes: 3),
        Case(name: "O1: 30/10, count unset", seconds: 124.1, idle: 30, interval: 10),
        Case(name: "O1 again: 30/10, count unset", seconds: 122.2, idle: 30, interval: 10),
        Case(
            name: "15/5 and a user timeout of 30 s", seconds: 30.47, idle: 15, interval: 5, probes: 3, userTimeout: 30),
        Case(
            name: "10/5 and a user timeout of 20 s", seconds: 20.49, idle: 10, interval: 5, probes: 3, userTimeout: 20),
    ]

    @Test("an idle connection is given up when the kernel gave it up", arguments: idleCases)
    func idle(_ measured: Case) {
        let times = stride(from: Int64(0), to: 4096, by: 7).map { giveUp(measured, wheel: TimerWheel(phase: $0)) }
        expect(times, near: measured.seconds)
    }

    private func expect(_ times: [Double], near seconds: Double) {
        #expect(times.map { abs($0 - seconds) }.min() ?? .infinity <= 0.02 * seconds)
        #expect(times.map { abs($0 - seconds) }.max() ?? .infinity <= 0.1 * seconds)
    }

    @Test("the spread over the phases of the clock holds the measured range")
    func spread() throws {
        let measured = Case(name: "", seconds: 0, idle: 30, interval: 10, probes: 3)
        let times = (Int64(0)..<4096).map { giveUp(measured, wheel: TimerWheel(phase: $0)) }
        let (least, most) = (try #require(times.min()), try #require(times.max()))
        #expect(least >= 60)
        #expect(least <= 60.93)
        #expect(most >= 62.7)
        #expect(most < 63)
    }

    /// Seconds from the silence to the end of the connection; the timer was armed when the last byte was heard.
    private func giveUp(_ measured: Case, wheel: TimerWheel) -> Double {
        var timer = KeepaliveTimer(
            SocketOptions.Keepalive(
                idle: .seconds(measured.idle), interval: .seconds(measured.interval), probes: measured.probes
            ),
            userTimeout: measured.userTimeout.map { .seconds($0) }
        )
        var now: Int64 = 0
        var next = wheel.firing(setAt: 0, after: timer.idle)
        while true {
            now = next
            switch timer.fire(silence: now, hasUnacknowledgedData: false) {
            case .wait(let delay): next = wheel.firing(setAt: now, after: delay)
            case .probe(let delay): next = wheel.firing(setAt: now, after: delay)
            case .giveUp: return Double(now) / 1e9 - measured.heardBefore
            }
        }
    }

    static let busyCases = [
        Case(name: "C: a user timeout of 5 s, 100 bytes unacknowledged", seconds: 5.51, userTimeout: 5),
        Case(name: "15/5 and 30 s, a byte after 14.9 s", seconds: 30.03, userTimeout: 30),
        Case(name: "10/5 and 20 s, a byte after 9.9 s", seconds: 20.05, userTimeout: 20),
    ]

    @Test("unacknowledged data is given up at the user timeout, a first retransmission later", arguments: busyCases)
    func busy(_ measured: Case) {
        expect(retransmissionTimes(userTimeout: measured.userTimeout, retries: 15), near: measured.seconds)
    }

    @Test(
        "without a user timeout tcp_retries2 rules: 13.4 s for 5 retries, 939 s for 15",
        arguments: [(5, 13.4), (15, 939)])
    func retries(_ retries: Int, _ seconds: Double) {
        expect(retransmissionTimes(userTimeout: nil, retries: retries), near: seconds)
    }

    /// Seconds from the first lost segment to the end, for many phases of the clock, over 70 µs of round trip.
    private func retransmissionTimes(userTimeout: Double?, retries: Int) -> [Double] {
        let roundTrip: Int64 = 70_000
        return stride(from: Int64(0), to: 4096, by: 31).map { phase in
            let wheel = TimerWheel(phase: phase)
            var timer = Retransmission(roundTrip: roundTrip)
            var now = wheel.firing(setAt: 0, after: timer.firstDelay(roundTrip: roundTrip))
            while case .sendAgain(let next) = timer.fire(
                at: now, userTimeout: userTimeout.map { Int64($0 * 1e9) }, retries: retries
            ) {
                now = wheel.firing(setAt: now, after: next)
            }
            return Double(now) / 1e9
        }
    }

    @Test("no probe goes out while data is unacknowledged")
    func silentWhileBusy() {
        var timer = KeepaliveTimer(
            SocketOptions.Keepalive(idle: .seconds(3), interval: .seconds(1), probes: 3), userTimeout: nil
        )
        for second in 3..<900 {
            #expect(
                timer.fire(silence: Int64(second) * 1_000_000_000, hasUnacknowledgedData: true) == .wait(timer.idle))
        }
        #expect(timer.unanswered == 0)
    }

    @Test("an answer begins the count of probes anew")
    func answered() {
        var timer = KeepaliveTimer(
            SocketOptions.Keepalive(idle: .seconds(3), interval: .seconds(1), probes: 2), userTimeout: nil
        )
        #expect(timer.fire(silence: 3_000_000_000, hasUnacknowledgedData: false) == .probe(next: timer.interval))
        timer.heard()
        #expect(timer.fire(silence: 1_000_000_000, hasUnacknowledgedData: false) == .wait(2_000_000_000))
        for step in [KeepaliveTimer.Step.probe(next: timer.interval), .probe(next: timer.interval), .giveUp] {
            #expect(timer.fire(silence: 9_000_000_000, hasUnacknowledgedData: false) == step)
        }
    }
}

struct TimerWheelTests {
    @Test("a timer fires never early, and late by an eighth of its delay and a few ticks at most")
    func bounds() {
        var random = RandomStream(seed: 6, name: "wheel")
        for _ in 0..<20_000 {
            let wheel = TimerWheel(phase: Int64(random.below(4096)))
            let now = Int64(random.below(1 << 40))
            let delay = Int64(random.below(1 << UInt64(20 + random.below(20))))
            let late = wheel.firing(setAt: now, after: delay) - now - delay
            #expect(late >= 0)
            #expect(late <= delay / 7 + 3 * TimerWheel.tick)
        }
    }

    @Test("a delay of nothing, or of less, fires by the next tick", arguments: [0, -5_000_000_000] as [Int64])
    func immediate(delay: Int64) {
        let wheel = TimerWheel(phase: 9)
        for now in stride(from: Int64(0), to: 50_000_000, by: 1_234_567) {
            #expect((0...2 * TimerWheel.tick).contains(wheel.firing(setAt: now, after: delay) - now))
        }
    }
}
