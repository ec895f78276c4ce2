import Kernel
import Testing
import Wire

@testable import Lab

/// What happens to a host, beside what happens to its sockets.
struct HostModelTests {
    private let pings = "use: ping-pong, ping-pong: {pinger: dialler}"

    @Test("a machine that slept goes on where it stopped: its timers have not aged, its link is still there")
    func suspend() throws {
        let outcome = try TwoHosts(
            liveness: "use: none", traffic: .init(requestBytes: 10, replyBytes: 10, interval: .seconds(10)),
            faults: [.suspend(1, at: .seconds(100), for: .seconds(30))]
        ).run()
        #expect(outcome.ends(at: "A").isEmpty && outcome.ends(at: "B").isEmpty)
        let rounds = outcome.effects(of: "B").filter {
            $0.effect.isRequest
        }.map(\.at)
        // By its own clock, which a trace has, nothing has happened.
        #expect(rounds.count > 20)
        #expect(zip(rounds, rounds.dropFirst()).allSatisfy { abs($1 - $0 - 10) < 0.002 })
        // By its peer's, a round that was due in the middle of the sleep came as much later as the sleep was long.
        let heard = outcome.inputs(of: "A").filter {
            $0.input.receivedLoad?.kind == .request
        }.map(\.at)
        #expect(!heard.contains { $0 > 100.1 && $0 < 130 })
        let gaps = zip(heard, heard.dropFirst()).map { $1 - $0 }
        #expect(gaps.filter { abs($0 - 40) < 0.002 }.count == 1)
    }

    @Test("a machine that sleeps is silent: its peer's user timeout ends the link, and a probe finds a reset later")
    func suspendedIsSilent() throws {
        let outcome = try TwoHosts(
            liveness: "use: tcp-keepalive, tcp-keepalive: {idle: 3s, interval: 1s, user_timeout: 5s}",
            faults: [.suspend(1, at: .seconds(100), for: .seconds(60))]
        ).run()
        let end = try #require(outcome.ends(at: "A").first)
        #expect(end.reason == .timedOut)
        #expect(end.at > 103 && end.at < 107)
        // It fell asleep at 100 s by its clock, and by its clock no time has passed since.
        let late = try #require(outcome.ends(at: "B").first).at
        #expect(late >= 100 && late < 104)
    }

    @Test("a fault's end does not end another one that still lasts")
    func overlap() throws {
        let outcome = try TwoHosts(
            liveness: pings,
            faults: [
                .stall(1, at: .seconds(100), for: .seconds(20)), .stall(1, at: .seconds(110), for: .seconds(40)),
                .drop(from: 0, to: 1, at: .seconds(200), for: .seconds(5)),
                .drop(from: 0, to: 1, at: .seconds(203), for: .seconds(20)),
            ]
        ).run()
        let pongs = outcome.effects(of: "B").filter {
            if case .send(_, .pong) = $0.effect { true } else { false }
        }.map(\.at)
        #expect(!pongs.contains { $0 > 100 && $0 < 150 })
        #expect(pongs.contains { $0 >= 150 && $0 < 151 })
        #expect(!pongs.contains { $0 > 205 && $0 < 222 })
    }

    @Test("a killed process is not brought back by the end of a stall that it no longer knows")
    func killDuringStall() throws {
        let outcome = try TwoHosts(
            faults: [
                .stall(1, at: .seconds(100), for: .seconds(100)), .kill(1, at: .seconds(110), down: .seconds(20)),
            ]
        ).run()
        let starts = outcome.inputs(of: "B").filter { if case .start = $0.input { true } else { false } }.map(\.at)
        #expect(starts == [0, 130])
        // The process that took its place runs at once.
        #expect(outcome.ups(at: "B").contains { $0 > 130 && $0 < 135 })
    }

    @Test("a wall clock that is set forward moves slots, and no timer")
    func clock() throws {
        let plain = try TwoHosts(duration: .seconds(100), slotInterval: .seconds(10)).run()
        let moved = try TwoHosts(
            duration: .seconds(100),
            faults: [
                Scenario.Fault(at: .seconds(50), kind: .clock(.index(0), by: .seconds(40), duration: nil)),
                Scenario.Fault(at: .seconds(50), kind: .clock(.index(1), by: .seconds(40), duration: nil)),
            ], slotInterval: .seconds(10)
        ).run()
        #expect(plain.figure(.blocksProduced) == 9)
        #expect(try #require(moved.figure(.blocksProduced)) <= 10)
        let last = moved.events(of: "A").compactMap {
            if case .blockProduced(_, _, let slot) = $0.event { slot } else { nil }
        }
        #expect(try #require(last.max()) >= 12)
    }

    @Test("what the disk had not answered for when the power went may be lost, what it had is not")
    func disk() throws {
        // A disk that takes half a second: the leader's own block is known to nobody before it is durable.
        let slow = Scenario.Fault(
            at: .zero, kind: .disk(.all, delay: .milliseconds(500), isFull: false, duration: nil))
        let outcome = try TwoHosts(duration: .seconds(60), faults: [slow], slotInterval: .seconds(10)).run()
        for host in ["A", "B"] {
            // The own block is the one row that is written before anybody hears of it.
            let saved = outcome.effects(of: host).filter {
                guard case .persist(_, let batch, _) = $0.effect, case .put(let key, _)? = batch.changes.first else {
                    return false
                }
                return key == [2]
            }
            let made = outcome.events(of: host).filter { if case .blockProduced = $0.event { true } else { false } }
            #expect(!made.isEmpty)
            for (saved, made) in zip(saved, made) { #expect(made.at - saved.at > 0.5) }
        }
        let full = Scenario.Fault(at: .seconds(15), kind: .disk(.all, delay: .zero, isFull: true, duration: nil))
        let stopped = try TwoHosts(duration: .seconds(60), faults: [full], slotInterval: .seconds(10)).run()
        #expect(try #require(stopped.figure(.blocksProduced)) <= 2)
        #expect(
            stopped.inputs(of: "A").contains { if case .persistFailed = $0.input { true } else { false } }
                || stopped.inputs(of: "B").contains { if case .persistFailed = $0.input { true } else { false } })
    }

    @Test("a loop that one message keeps busy answers what came behind it later, in order")
    func service() throws {
        var hosts = TwoHosts(
            duration: .seconds(100), traffic: .init(requestBytes: 10, replyBytes: 10, interval: .seconds(10)))
        hosts.network = { $0.service = ServiceCost(message: .milliseconds(250)) }
        let outcome = try hosts.run()
        let waits = outcome.events(of: "A").compactMap { record -> Double? in
            if case .requestAnswered(_, let wait) = record.event { wait.seconds } else { nil }
        }
        // 80 ms of travel, 250 ms at each end.
        #expect(!waits.isEmpty)
        #expect(waits.allSatisfy { $0 >= 0.58 && $0 < 1.2 })
    }

    @Test("a large message takes the time that the uplink needs for it")
    func bandwidth() throws {
        var hosts = TwoHosts(
            duration: .seconds(100), traffic: .init(requestBytes: 125_000, replyBytes: 1, interval: .seconds(20)))
        hosts.network = { $0.bandwidth = Bandwidth(bitsPerSecond: 1_000_000) }
        let outcome = try hosts.run()
        let waits = outcome.events(of: "A").compactMap { record -> Double? in
            if case .requestAnswered(_, let wait) = record.event { wait.seconds } else { nil }
        }
        #expect(!waits.isEmpty)
        // A megabit at a megabit a second, and 80 ms of travel.
        #expect(waits.allSatisfy { abs($0 - 1.08) < 0.02 })
    }

    @Test("an uplink that is offered more than it carries drops load, and holds no more than its buffers")
    func uplinkIsFull() throws {
        var hosts = TwoHosts(
            transport: "send_queue: 64KiB", duration: .seconds(300),
            traffic: .init(requestBytes: 100_000, replyBytes: 1, interval: .milliseconds(10)))
        hosts.network = {
            $0.bandwidth = Bandwidth(bitsPerSecond: 1000)
            $0.sendBufferBytes = 4096
        }
        let outcome = try hosts.run()
        let sent = outcome.effects(of: "A").count { $0.effect.isRequest }
        #expect(sent > 20_000)
        #expect(try #require(outcome.figure(.usefulReplies)) < 0.01)
    }

    @Test("a bad line delays every segment of its host, and loss delays some more")
    func weather() throws {
        let fault = Scenario.Fault(
            at: .seconds(50),
            kind: .weather(.index(1), latency: .milliseconds(300), lossPerMillion: 0, duration: .seconds(25)))
        let outcome = try TwoHosts(
            duration: .seconds(100), traffic: .init(requestBytes: 10, replyBytes: 10, interval: .seconds(5)),
            faults: [fault]
        ).run()
        let waits = outcome.events(of: "A").compactMap { record -> (at: Double, wait: Double)? in
            if case .requestAnswered(_, let wait) = record.event { (record.at, wait.seconds) } else { nil }
        }
        #expect(waits.filter { $0.at < 50 || $0.at > 80 }.allSatisfy { abs($0.wait - 0.08) < 1e-6 })
        #expect(waits.filter { $0.at > 51 && $0.at < 75 }.allSatisfy { abs($0.wait - 0.68) < 1e-6 })
    }

    @Test("a stalled process takes in as many connections as its backlog holds, and its kernel is silent to more")
    func backlog() throws {
        var hosts = TwoHosts(
            links: "handshake: ack, direction: lower-address, passive_wait: unset, handshake_timeout: 1s, "
                + "redial_initial: 100ms, masternode_redial_maximum: 100ms",
            duration: .seconds(120), faults: [.stall(1, at: .milliseconds(1), for: .seconds(100))])
        hosts.startAt = [.seconds(1), .zero]
        hosts.network = { $0.backlog = 3 }
        let outcome = try hosts.run()
        let opened = outcome.inputs(of: "A").filter {
            if case .opened = $0.input { $0.at < 100 } else { false }
        }
        #expect(opened.count == 3)
        #expect(outcome.failures(at: "A").contains { $0.reason == .connectTimeout })
        #expect(outcome.ups(at: "A").contains { $0 > 100 })
    }

    @Test("a reset ends every connection of two hosts at both ends")
    func reset() throws {
        let outcome = try TwoHosts(
            faults: [Scenario.Fault(at: .seconds(100), kind: .reset(.index(0), .index(1)))]
        ).run()
        #expect(outcome.ends(at: "A").map(\.reason) == [.reset])
        #expect(outcome.ends(at: "B").map(\.reason) == [.reset])
        #expect(outcome.ups(at: "A").contains { $0 > 100 })
    }

    @Test("the end of a slow disk does not empty a full one")
    func disksOverlap() throws {
        let full = Scenario.Fault(
            at: .seconds(15), kind: .disk(.all, delay: .zero, isFull: true, duration: .seconds(60)))
        let slow = Scenario.Fault(
            at: .seconds(20), kind: .disk(.all, delay: .milliseconds(1), isFull: false, duration: .seconds(5)))
        let outcome = try TwoHosts(duration: .seconds(70), faults: [full, slow], slotInterval: .seconds(10)).run()
        let written = ["A", "B"].flatMap { outcome.inputs(of: $0) }.filter {
            if case .persisted = $0.input { $0.at > 16 } else { false }
        }
        #expect(written.isEmpty)
    }

    @Test("a process that is killed while its machine sleeps says goodbye: its peer's link ends")
    func killedAsleep() throws {
        let outcome = try TwoHosts(
            duration: .seconds(200), traffic: .init(requestBytes: 10, replyBytes: 10, interval: .seconds(1)),
            faults: [
                .drop(from: 1, to: 0, at: .seconds(95), for: .seconds(50)),
                .suspend(1, at: .seconds(100), for: .seconds(60)), .kill(1, at: .seconds(130), down: .seconds(300)),
            ]
        ).run()
        #expect(!outcome.ends(at: "A").isEmpty)
    }

    @Test("a machine without power sends nothing, also of what its process had closed before")
    func deadIsSilent() throws {
        let outcome = try TwoHosts(
            duration: .seconds(300), traffic: .init(requestBytes: 10, replyBytes: 10, interval: .seconds(1)),
            faults: [
                .drop(from: 0, to: 1, at: .seconds(95), for: .seconds(60)),
                .kill(0, at: .seconds(100), down: .seconds(250)),
                .powerLoss(of: 0, at: .seconds(110)),
            ]
        ).run()
        #expect(
            !outcome.inputs(of: "B").contains {
                $0.at > 111 && { if case .received = $0 { true } else { false } }($0.input)
            })
    }
}
