import Kernel
import Testing
import Wire

@testable import Lab

/// What a process that stood still finds, and what its machine's clocks say.
struct StandstillTests {
    private func requests(_ outcome: TwoHosts.Outcome, sentBy sender: String, heardBy receiver: String)
        -> (sent: [UInt64], heard: [UInt64])
    {
        let sent = outcome.effects(of: sender).compactMap { record -> UInt64? in
            record.effect.sentLoad?.requestID
        }
        let heard = outcome.inputs(of: receiver).compactMap { record -> UInt64? in
            record.input.receivedLoad?.requestID
        }
        return (sent, heard)
    }

    @Test("what a busy loop had begun before it was stopped is finished once, and in order")
    func busyLoopIsStopped() throws {
        var hosts = TwoHosts(
            duration: .seconds(200), traffic: .init(requestBytes: 10, replyBytes: 10, interval: .milliseconds(300)),
            faults: [.stall(1, at: .milliseconds(100_450), for: .seconds(20))])
        hosts.network = { $0.service = ServiceCost(message: .milliseconds(140)) }
        let outcome = try hosts.run()
        let (sent, heard) = requests(outcome, sentBy: "A", heardBy: "B")
        #expect(heard.count > 300)
        #expect(heard == Array(sent.prefix(heard.count)))
        // A message costs 140 ms, whenever it came: none is worked off sooner after the one before it.
        let times = outcome.inputs(of: "B").filter { if case .received = $0.input { true } else { false } }.map(\.at)
        #expect(zip(times, times.dropFirst()).allSatisfy { $1 - $0 > 0.1399 })
    }

    @Test("timers of a loop with a standing queue still come, behind what was queued before them")
    func timersOfBusyLoop() throws {
        var hosts = TwoHosts(
            liveness: "use: ping-pong, ping-pong: {interval: 10s, timeout: 5s, misses: 3}", duration: .seconds(100),
            traffic: .init(requestBytes: 10, replyBytes: 10, interval: .milliseconds(100)))
        // More than it can do: the queue only grows.
        hosts.network = { $0.service = ServiceCost(message: .milliseconds(120)) }
        let outcome = try hosts.run()
        let ticks = outcome.inputs(of: "B").count { if case .wake = $0.input { true } else { false } }
        #expect(ticks > 20)
    }

    @Test("a stall that ends while the machine sleeps wakes nothing, and the end of the sleep no stalled process")
    func sleepAndStallOverlap() throws {
        let traffic = Scenario.Traffic(requestBytes: 10, replyBytes: 10, interval: .seconds(1))
        let asleepLonger = try TwoHosts(
            traffic: traffic,
            faults: [
                .stall(1, at: .seconds(100), for: .seconds(20)), .suspend(1, at: .seconds(110), for: .seconds(40)),
            ]
        ).run()
        let stalledLonger = try TwoHosts(
            traffic: traffic,
            faults: [
                .suspend(1, at: .seconds(100), for: .seconds(20)), .stall(1, at: .seconds(110), for: .seconds(40)),
            ]
        ).run()
        for outcome in [asleepLonger, stalledLonger] {
            let heard = outcome.inputs(of: "A").filter { if case .received = $0.input { true } else { false } }
            #expect(!heard.contains { $0.at > 100.1 && $0.at < 150 })
            #expect(heard.contains { $0.at > 150 && $0.at < 152 })
        }
    }

    @Test("a timer of TCP that was set before a sleep comes later by its length")
    func timersSleepToo() throws {
        // B's keepalive is set when the link comes up and due 30 s later; B sleeps for 20 of them.
        let outcome = try TwoHosts(
            liveness: "use: tcp-keepalive, tcp-keepalive: {idle: 30s, interval: 10s, user_timeout: 50s}",
            faults: [.suspend(1, at: .seconds(10), for: .seconds(20)), .powerLoss(of: 0, at: .seconds(31))]
        ).run()
        let end = try #require(outcome.ends(at: "B").first)
        #expect(end.reason == .timedOut)
        // By B's own clock A was last heard of at 0.12 s: the limit of 50 s counts from there, and from nothing slept.
        #expect(end.at > 50 && end.at < 64)
    }

    @Test("unacknowledged data is not given up for the time that its sender slept")
    func userTimeoutSleepsToo() throws {
        let outcome = try TwoHosts(
            liveness: "use: tcp-keepalive, tcp-keepalive: {idle: 300s, interval: 10s, user_timeout: 20s}",
            traffic: .init(requestBytes: 10, replyBytes: 10, interval: .seconds(1)),
            faults: [
                .drop(from: 0, to: 1, bothWays: true, at: .seconds(100), for: .seconds(70)),
                .suspend(0, at: .seconds(105), for: .seconds(60)),
            ]
        ).run()
        // Five seconds before the sleep and five after it: its own limit is not reached, B's is.
        #expect(outcome.ends(at: "A").map(\.reason) == [.reset])
        #expect(outcome.ends(at: "B").map(\.reason) == [.timedOut])
    }

    @Test("what was sent later does not overtake what a sleeping machine could not take")
    func nothingOvertakes() throws {
        let outcome = try TwoHosts(
            links: "handshake: ack, direction: lower-address, passive_wait: unset, handshake_timeout: 30s",
            duration: .seconds(200), latency: .seconds(2),
            traffic: .init(requestBytes: 10, replyBytes: 10, interval: .milliseconds(250)),
            // Shorter than what is under way: some of it finds the machine asleep, and some awake.
            faults: [.suspend(1, at: .seconds(100), for: .milliseconds(900))]
        ).run()
        let (sent, heard) = requests(outcome, sentBy: "A", heardBy: "B")
        #expect(heard.count > 500)
        #expect(heard == Array(sent.prefix(heard.count)))
    }

    @Test("with losses everything still arrives in order")
    func lossKeepsOrder() throws {
        let outcome = try TwoHosts(
            duration: .seconds(300), lossPerMillion: 200_000,
            traffic: .init(requestBytes: 10, replyBytes: 10, interval: .milliseconds(100)),
            faults: [
                .suspend(1, at: .seconds(100), for: .milliseconds(150)),
                .drop(from: 0, to: 1, at: .seconds(150), for: .milliseconds(300)),
                .stall(1, at: .seconds(200), for: .seconds(10)),
            ]
        ).run(seed: 3)
        let (sent, heard) = requests(outcome, sentBy: "A", heardBy: "B")
        #expect(heard.count > 1000)
        #expect(heard == Array(sent.prefix(heard.count)))
    }

    @Test("a lost request costs a second, as the kernel has it, and not a retransmission timeout")
    func lostRequest() throws {
        let waits = try (1...40).compactMap { seed -> Double? in
            let outcome = try TwoHosts(
                startAt: [.seconds(1), .zero], duration: .seconds(30), lossPerMillion: 300_000
            ).run(seed: UInt64(seed))
            return outcome.inputs(of: "A").first { if case .opened = $0.input { true } else { false } }?.at
        }
        // Nothing lost, or whole seconds more.
        #expect(waits.contains { $0 < 1.09 })
        #expect(waits.contains { $0 > 2 })
        #expect(!waits.contains { $0 > 1.09 && $0 < 2.08 })
    }
}
