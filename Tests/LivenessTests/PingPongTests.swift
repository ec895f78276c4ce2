import Foundation
import Kernel
import Profile
import Testing
import Wire

@testable import Liveness

/// The figures of 30 s between pings, 5 s for an answer and 3 misses, and of the historical ways to count.
struct PingPongTests {
    private func rig(_ change: (Options) -> Options = { $0 }) throws -> Rig {
        Rig(PingPong(options: try PingPongOptions(change(try Options.defaults(of: PingPongOptions.spec)))))
    }

    private func onTick(_ counts: String = "newest") throws -> Rig {
        try rig { $0.setting("verdict", to: .string("on-tick")).setting("counts", to: .string(counts)) }
    }

    @Test("a peer that never answers is found dead 65 s after the link came up")
    func neverAnswers() throws {
        let rig = try rig()
        let link = rig.accept()
        rig.advance(by: .milliseconds(64_999))
        #expect(rig.deaths.isEmpty)
        rig.advance(by: .milliseconds(1))
        #expect(rig.deaths.map(\.link) == [link])
        #expect(rig.deaths.first?.reason == .pingTimeout)
    }

    @Test(
        "silence is found after 65 to 95 s, never earlier or later, whenever it begins", arguments: [1, 7, 15, 24, 29])
    func bounds(second: Int) throws {
        let rig = try rig()
        _ = rig.accept()
        rig.answersAfter = .milliseconds(50)
        rig.advance(by: .seconds(300 + second))
        rig.answersAfter = nil
        let silentSince = rig.now
        rig.advance(by: .seconds(200))
        let wait = try #require(rig.deaths.first).at - silentSince
        #expect(wait >= .seconds(65))
        #expect(wait <= .seconds(95))
    }

    @Test("two misses and an answer begin the count anew")
    func recovered() throws {
        let rig = try rig()
        let link = rig.accept()
        rig.advance(by: .seconds(50))
        rig.receive(.pong(nonce: try #require(rig.pings.last).nonce), over: link)
        rig.advance(by: .seconds(74))
        #expect(rig.deaths.isEmpty)
        rig.advance(by: .seconds(2))
        #expect(rig.deaths.count == 1)
    }

    @Test("counted on ticks: 90 s where no answer ever came, 120 s where the last ping was answered")
    func ticks() throws {
        let never = try onTick()
        _ = never.accept()
        never.advance(by: .milliseconds(89_999))
        #expect(never.deaths.isEmpty)
        never.advance(by: .milliseconds(1))
        #expect(never.deaths.count == 1)

        let answered = try onTick()
        let link = answered.accept()
        answered.receive(.pong(nonce: try #require(answered.pings.last).nonce), over: link)
        answered.advance(by: .milliseconds(119_999))
        #expect(answered.deaths.isEmpty)
        answered.advance(by: .milliseconds(1))
        #expect(answered.deaths.count == 1)
    }

    @Test("counted on ticks, newest only: a constant delay of 29 s lives for ever, one of 31 s dies at 90 s")
    func constantDelay() throws {
        let slow = try onTick()
        slow.answersAfter = .seconds(29)
        _ = slow.accept()
        slow.advance(by: .seconds(3600))
        #expect(slow.deaths.isEmpty)
        let slower = try onTick()
        slower.answersAfter = .seconds(31)
        _ = slower.accept()
        slower.advance(by: .seconds(3600))
        #expect(slower.deaths.map(\.at) == [.zero + .seconds(90)])
    }

    @Test("where any answer counts, a constant delay of 31 s lives")
    func anyAnswer() throws {
        let rig = try onTick("any")
        rig.answersAfter = .seconds(31)
        _ = rig.accept()
        rig.advance(by: .seconds(3600))
        #expect(rig.deaths.isEmpty)
    }

    @Test("a ping forgotten at 120 s and counted at 300 s never fires; without forgetting it does")
    func forgetAfter() throws {
        let historical = { (options: Options) in
            options.setting("timeout", to: .duration(.seconds(300))).setting("misses", to: .integer(10))
                .setting("verdict", to: .string("on-tick"))
        }
        let forgetful = try rig { historical($0).setting("forget_after", to: .duration(.seconds(120))) }
        _ = forgetful.accept()
        forgetful.advance(by: .seconds(86_400))
        #expect(forgetful.deaths.isEmpty)
        let mindful = try rig(historical)
        _ = mindful.accept()
        mindful.advance(by: .seconds(86_400))
        #expect(mindful.deaths.map(\.at) == [.zero + .seconds(570)])
    }

    @Test("a time to answer that is longer than the interval still ends", arguments: [1, 2, 7, 30, 100])
    func longTimeout(seconds: Int) throws {
        let rig = try rig {
            $0.setting("interval", to: .duration(.seconds(1))).setting("timeout", to: .duration(.seconds(seconds)))
        }
        _ = rig.accept()
        rig.advance(by: .seconds(seconds + 10))
        #expect(rig.deaths.map(\.at) == [.zero + .seconds(seconds + 2)])
    }

    @Test("the dialler alone pings where the profile says so, and both ends answer")
    func dialler() throws {
        let rig = try rig { $0.setting("pinger", to: .string("dialler")) }
        let link = rig.accept()
        rig.advance(by: .seconds(600))
        #expect(rig.pings.isEmpty)
        #expect(rig.nextDeadline == nil)
        rig.receive(.ping(nonce: 77), over: link)
        #expect(rig.sent == [.pong(nonce: 77)])
    }

    @Test("ticks that a stall swallowed are skipped: one ping follows, and the next a whole interval later")
    func stall() throws {
        let rig = try rig()
        rig.answersAfter = .milliseconds(10)
        _ = rig.accept()
        rig.advance(by: .seconds(45))
        #expect(rig.pings.count == 2)
        rig.stall(for: .seconds(300))
        #expect(rig.pings.count == 3)
        rig.advance(by: .milliseconds(29_999))
        #expect(rig.pings.count == 3)
        rig.advance(by: .milliseconds(1))
        #expect(rig.pings.count == 4)
        #expect(rig.deaths.isEmpty)
    }

    @Test("late_ticks: replay sends every ping that a stall swallowed, in one moment")
    func replayedTicks() throws {
        let rig = try rig { $0.setting("late_ticks", to: .string("replay")).setting("misses", to: .integer(50)) }
        rig.answersAfter = .milliseconds(10)
        _ = rig.accept()
        rig.advance(by: .seconds(45))
        rig.stall(for: .seconds(300))
        // Due at 60, 90 … 330 s; the stall ends at 345 s.
        #expect(rig.pings.count == 2 + 10)
        #expect(rig.pings.suffix(10).allSatisfy { $0.at == rig.now })
        rig.advance(by: .seconds(15))
        #expect(rig.pings.count == 2 + 11)
    }

    @Test("ping_limit: the third ping beyond it within ten seconds ends the link; slow ones never do")
    func pingLimit() throws {
        let limited = try rig { $0.setting("ping_limit", to: .integer(6)) }
        let link = limited.accept()
        for nonce in 1...8 { limited.receive(.ping(nonce: UInt64(nonce)), over: link) }
        #expect(limited.deaths.isEmpty)
        limited.receive(.ping(nonce: 9), over: link)
        #expect(limited.deaths.map(\.reason) == [.tooManyMessages])
        let slow = try rig { $0.setting("ping_limit", to: .integer(6)).setting("pinger", to: .string("dialler")) }
        let other = slow.accept()
        for nonce in 1...200 {
            slow.receive(.ping(nonce: UInt64(nonce)), over: other)
            slow.advance(by: .seconds(2))
        }
        #expect(slow.deaths.isEmpty)
        let free = try rig()
        let third = free.accept()
        for nonce in 1...1000 { free.receive(.ping(nonce: UInt64(nonce)), over: third) }
        #expect(free.deaths.isEmpty)
    }

    @Test(
        "exempt: a masternode is pinged and never found dead, anybody else is", arguments: ["on-tick", "on-deadline"])
    func exemptMasternodes(verdict: String) throws {
        let change = { (options: Options) in
            options.setting("exempt", to: .string("masternodes")).setting("verdict", to: .string(verdict))
        }
        let pingPong = PingPong(options: try PingPongOptions(change(try Options.defaults(of: PingPongOptions.spec))))
        let masternode = Rig(pingPong, peerIsMasternode: true)
        _ = masternode.accept()
        masternode.advance(by: .seconds(86_400))
        #expect(masternode.deaths.isEmpty)
        #expect(masternode.pings.count == 1 + 2880)
        let stranger = Rig(pingPong)
        _ = stranger.accept()
        stranger.advance(by: .seconds(86_400))
        #expect(stranger.deaths.count == 1)
    }

    @Test("an answer to another link's ping, or to none, counts for nothing")
    func foreignAnswer() throws {
        let rig = try rig()
        let (first, second) = (rig.accept(), rig.accept())
        for _ in 0..<8 {
            rig.advance(by: .seconds(10))
            for ping in rig.pings where ping.link == first { rig.receive(.pong(nonce: ping.nonce), over: second) }
            rig.receive(.pong(nonce: 12_345), over: second)
        }
        #expect(rig.deaths.map(\.link) == [first, second])
    }

    @Test("a link that ends leaves no timer and no state")
    func ended() throws {
        let rig = try rig()
        rig.end(rig.accept())
        #expect(rig.nextDeadline == nil)
        rig.advance(by: .seconds(600))
        #expect(rig.pings.count == 1)
    }

    @Test("the state survives JSON")
    func snapshot() throws {
        var state = PingPong.State()
        state.links[LinkID(number: 3)] = PingPong.Pending(
            nextTick: .zero + .seconds(30), pings: [PingPong.Ping(nonce: .max, sentAt: .zero, isMissed: true)],
            misses: 1
        )
        let copy = try JSONDecoder().decode(PingPong.State.self, from: JSONEncoder().encode(state))
        #expect(String(describing: copy) == String(describing: state))
    }
}

struct TCPKeepaliveTests {
    private func asked(_ change: (Options) -> Options = { $0 }) throws -> [SocketOptions] {
        guard case .liveness(let make) = TCPKeepalive.descriptor.factory else { return [] }
        let policy = try make(change(try Options.defaults(of: TCPKeepalive.descriptor.spec.options)))
        guard let keepalive = policy as? TCPKeepalive else { return [] }
        let rig = Rig(keepalive)
        _ = rig.accept()
        rig.advance(by: .seconds(3600))
        #expect(rig.pings.isEmpty)
        return rig.options.map(\.options)
    }

    @Test("a link asks the host's TCP for exactly the options of the profile, once")
    func options() throws {
        let all = try asked {
            $0.setting("idle", to: .duration(.seconds(15))).setting("interval", to: .duration(.seconds(4)))
                .setting("probes", to: .integer(7)).setting("user_timeout", to: .duration(.seconds(30)))
        }
        #expect(
            all == [
                SocketOptions(
                    keepalive: .init(idle: .seconds(15), interval: .seconds(4), probes: 7), userTimeout: .seconds(30)
                )
            ]
        )
    }

    @Test("what is unset is left to the host")
    func unset() throws {
        let asked = try asked { $0.setting("probes", to: .none).setting("user_timeout", to: .none) }
        #expect(asked.first?.keepalive?.probes == nil)
        #expect(asked.first?.userTimeout == nil)
        #expect(asked.count == 1)
    }

    @Test("no detector asks for nothing and finds nothing")
    func none() {
        let rig = Rig(NoLiveness())
        _ = rig.accept()
        rig.advance(by: .seconds(86_400))
        #expect(rig.options.isEmpty)
        #expect(rig.pings.isEmpty)
        #expect(rig.deaths.isEmpty)
    }
}
