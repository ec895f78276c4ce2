import Foundation
import Kernel
import Profile
import Testing
import Wire

@testable import Liveness

/// An echo after 30 s of silence, suspicion 10 s later, the end 60 s after the echo: 90 s from the last word of a process.
@Suite("layered") struct LayeredTests {
    private func rig(_ change: (Options) -> Options = { $0 }) throws -> Rig {
        Rig(Layered(options: LayeredOptions(change(try Options.defaults(of: LayeredOptions.spec)))))
    }

    private static let traffic = Message.module(RawEnvelope(channel: .application, scope: 1, kind: 1, body: [1]))

    @Test("a process that never speaks is asked at 30 s and at 40 s and cut at 90 s, as silent")
    func neverSpeaks() throws {
        let rig = try rig()
        let link = rig.accept()
        rig.advance(by: .milliseconds(89_999))
        #expect(rig.pings.map(\.at) == [.zero + .seconds(30), .zero + .seconds(40)])
        #expect(rig.deaths.isEmpty)
        rig.advance(by: .milliseconds(1))
        #expect(rig.deaths.map(\.link) == [link])
        #expect(rig.deaths.map(\.reason) == [.silent])
    }

    @Test(
        "a death is noticed within three echo intervals, and none before a process has had all of hung_after",
        arguments: [0, 1, 14, 29, 30, 31, 59])
    func bound(second: Int) throws {
        let rig = try rig()
        _ = rig.accept()
        rig.answersAfter = .milliseconds(50)
        rig.advance(by: .seconds(200 + second))
        rig.answersAfter = nil
        let died = rig.now
        rig.advance(by: .seconds(120))
        let wait = try #require(rig.deaths.first).at - died
        #expect(wait <= .milliseconds(90_050))
        #expect(wait >= .milliseconds(59_900))
    }

    @Test("a process that works for less than hung_after without a word costs no link, whenever it begins")
    func work() throws {
        for second in 0..<31 {
            let rig = try rig()
            let link = rig.accept()
            rig.answersAfter = .milliseconds(50)
            rig.advance(by: .seconds(200 + second))
            // What it was asked it answers in the end.
            rig.answersAfter = nil
            let asked = rig.pings.count
            rig.advance(by: .milliseconds(59_900))
            for ping in rig.pings.dropFirst(asked) { rig.receive(.pong(nonce: ping.nonce), over: link) }
            rig.answersAfter = .milliseconds(50)
            rig.advance(by: .seconds(300))
            #expect(rig.deaths.isEmpty)
        }
    }

    @Test("the driver gets the options of tcp-keepalive, a write deadline and a limit to the host's silence, once")
    func kernel() throws {
        let rig = try rig()
        let link = rig.accept()
        rig.answersAfter = .milliseconds(50)
        rig.advance(by: .seconds(3600))
        #expect(rig.options.map(\.link) == [link])
        #expect(
            rig.options.map(\.options) == [
                SocketOptions(
                    keepalive: .init(idle: .seconds(5), interval: .seconds(2), probes: 3), userTimeout: .seconds(15),
                    writeDeadline: .seconds(30), hostSilence: .seconds(15)
                )
            ]
        )
    }

    @Test("a link that is up gets the options of a profile that is read anew, and keeps the patience it has")
    func reloaded() throws {
        let rig = try rig()
        let (first, second) = (rig.accept(peer: 1), rig.accept(peer: 2))
        rig.receive(.busy(milliseconds: 50_000), over: second)
        let options = try Options.defaults(of: LayeredOptions.spec).setting("silent_after", to: .duration(.seconds(20)))
        let layered = Layered(options: LayeredOptions(options))
        try rig.reload(layered)
        #expect(rig.options.suffix(2).map(\.link) == [first, second])
        #expect(rig.options.suffix(2).map(\.options) == [layered.options.sockets, layered.options.patientSockets])
        #expect(rig.options.suffix(2).map(\.options.hostSilence) == [.seconds(20), .seconds(20)])
    }

    @Test("a busy link carries no echo, whatever it is that arrives")
    func busy() throws {
        let rig = try rig()
        let link = rig.accept()
        for _ in 0..<360 {
            rig.advance(by: .seconds(10))
            rig.receive(Self.traffic, over: link)
        }
        #expect(rig.pings.isEmpty)
        rig.advance(by: .seconds(30))
        #expect(rig.pings.count == 1)
    }

    @Test("a long message that comes bit by bit is life, although none of it can be read yet")
    func progress() throws {
        let rig = try rig()
        let link = rig.accept()
        rig.advance(by: .seconds(89))
        for _ in 0..<600 {
            rig.feedProgress(of: link)
            rig.advance(by: .seconds(1))
        }
        #expect(rig.deaths.isEmpty)
        #expect(rig.pings.count == 2)
    }

    @Test("on an idle link an answered echo is followed by the next one interval after the answer")
    func idle() throws {
        let rig = try rig()
        _ = rig.accept()
        rig.answersAfter = .seconds(1)
        rig.advance(by: .seconds(140))
        #expect(rig.pings.map(\.at) == [30, 61, 92, 123].map { .zero + .seconds($0) })
        #expect(rig.deaths.isEmpty)
    }

    @Test("a suspected peer that is heard is cleared, by an echo or by anything else", arguments: [true, false])
    func cleared(byEcho: Bool) throws {
        let rig = try rig()
        let link = rig.accept()
        rig.advance(by: .milliseconds(89_999))
        let echo = Message.pong(nonce: try #require(rig.pings.first).nonce)
        rig.receive(byEcho ? echo : Self.traffic, over: link)
        rig.advance(by: .milliseconds(89_999))
        #expect(rig.deaths.isEmpty)
        #expect(rig.notes.contains { $0.contains("heard again") })
        rig.advance(by: .milliseconds(1))
        #expect(rig.deaths.count == 1)
    }

    @Test("pings of others are answered")
    func answers() throws {
        let rig = try rig()
        let link = rig.accept()
        rig.receive(.ping(nonce: 77), over: link)
        #expect(rig.sent == [.pong(nonce: 77)])
    }

    // MARK: Our own sleep

    @Test("a deadline that passed while we stood still moves by as much as we were late, once")
    func ownStall() throws {
        let rig = try rig()
        _ = rig.accept()
        // Suspected at 40 s; the verdict is due at 90 s and we are 7 s late.
        rig.advance(by: .seconds(82))
        rig.stall(for: .seconds(15))
        #expect(rig.deaths.isEmpty)
        rig.advance(by: .milliseconds(6999))
        #expect(rig.deaths.isEmpty)
        rig.advance(by: .milliseconds(1))
        #expect(rig.deaths.map(\.at) == [.zero + .seconds(104)])
    }

    @Test("after a long sleep a stage begins anew: the peer gets all of its time once more, and no more")
    func longStall() throws {
        let rig = try rig()
        _ = rig.accept()
        rig.advance(by: .seconds(82))
        rig.stall(for: .seconds(1000))
        rig.advance(by: .milliseconds(49_999))
        #expect(rig.deaths.isEmpty)
        rig.advance(by: .milliseconds(1))
        #expect(rig.deaths.map(\.at) == [.zero + .seconds(1132)])
    }

    @Test("deadlines of other links that lie ahead move as well")
    func otherLinks() throws {
        let rig = try rig()
        let first = rig.accept()
        rig.advance(by: .seconds(5))
        let second = rig.accept()
        // The first link's verdict is due at 90 s, the second's at 95 s; we stand still from 89 s to 92 s.
        rig.advance(by: .seconds(84))
        rig.stall(for: .seconds(3))
        rig.advance(by: .seconds(30))
        #expect(rig.deaths.map(\.link) == [first, second])
        #expect(rig.deaths.map(\.at) == [.zero + .seconds(94), .zero + .seconds(97)])
    }

    @Test("a loop that is always late still finds the dead, at most one stage later each")
    func alwaysLate() throws {
        let rig = try rig()
        _ = rig.accept()
        for _ in 0..<600 where rig.deaths.isEmpty { rig.stall(for: .seconds(1)) }
        let death = try #require(rig.deaths.first)
        #expect(death.at - .zero <= .seconds(30 + 2 * 10 + 2 * 50 + 3))
    }

    @Test("lateness within the tolerance changes nothing")
    func tolerance() throws {
        let rig = try rig()
        _ = rig.accept()
        rig.advance(by: .milliseconds(89_950))
        rig.stall(for: .milliseconds(150))
        #expect(rig.deaths.map(\.at) == [.zero + .milliseconds(90_100)])
    }

    @Test("ticks that a stall swallowed are skipped: one echo follows")
    func skipped() throws {
        let rig = try rig()
        _ = rig.accept()
        rig.answersAfter = .milliseconds(10)
        rig.stall(for: .seconds(3000))
        #expect(rig.pings.count == 1)
        rig.advance(by: .seconds(30))
        #expect(rig.pings.count == 1)
        rig.advance(by: .milliseconds(11))
        #expect(rig.pings.count == 2)
    }

    // MARK: Announced work

    @Test("announced work puts the echo off: cut hung_after after the announced end, never before")
    func announced() throws {
        let rig = try rig()
        let link = rig.accept()
        rig.receive(.busy(milliseconds: 45_000), over: link)
        rig.advance(by: .milliseconds(44_999))
        #expect(rig.pings.isEmpty)
        rig.advance(by: .milliseconds(1))
        #expect(rig.pings.count == 1)
        rig.advance(by: .milliseconds(59_999))
        #expect(rig.deaths.isEmpty)
        rig.advance(by: .milliseconds(1))
        #expect(rig.deaths.map(\.at) == [.zero + .seconds(105)])
    }

    @Test("an announcement beyond busy_limit counts as busy_limit, and one of a suspected peer clears it")
    func limit() throws {
        let rig = try rig()
        let link = rig.accept()
        rig.advance(by: .seconds(89))
        rig.receive(.busy(milliseconds: .max), over: link)
        rig.advance(by: .seconds(300))
        #expect(rig.deaths.map(\.at) == [.zero + .seconds(89 + 60 + 60)])
    }

    @Test("the sockets are patient until the peer is heard after its work, not until the minute it was announced for")
    func patientSockets() throws {
        let rig = try rig()
        let link = rig.accept()
        rig.receive(.busy(milliseconds: 10_000), over: link)
        rig.receive(.busy(milliseconds: 30_000), over: link)
        // What was on its way is no sign that the work is over.
        rig.advance(by: .seconds(1))
        rig.receive(Self.traffic, over: link)
        rig.advance(by: .seconds(59))
        #expect(rig.options.map(\.options.userTimeout) == [.seconds(15), .seconds(135)])
        #expect(rig.options.last?.options.writeDeadline == .seconds(150))
        // Its host answers all the time, whatever its process does.
        #expect(rig.options.map(\.options.hostSilence) == [.seconds(15), .seconds(15)])
        rig.receive(Self.traffic, over: link)
        #expect(rig.options.map(\.options.userTimeout) == [.seconds(15), .seconds(135), .seconds(15)])
        rig.receive(Self.traffic, over: link)
        #expect(rig.options.count == 3)
        #expect(rig.deaths.isEmpty)
    }

    @Test("work that is done earlier is said to be done, and everything is as before")
    func done() throws {
        let rig = try rig()
        let link = rig.accept()
        rig.receive(.busy(milliseconds: 50_000), over: link)
        rig.advance(by: .seconds(5))
        rig.receive(.busy(milliseconds: 0), over: link)
        #expect(rig.options.map(\.options.userTimeout) == [.seconds(15), .seconds(135), .seconds(15)])
        rig.advance(by: .seconds(90))
        #expect(rig.deaths.map(\.at) == [.zero + .seconds(95)])
    }

    @Test("our own work is announced on every link, rounded up to the millisecond")
    func ownWork() throws {
        let rig = try rig()
        let links = [rig.accept(), rig.accept(peer: 2)]
        rig.announceWork(upTo: .microseconds(30_000_001))
        rig.announceWork(upTo: .zero)
        #expect(rig.spoken.map(\.link) == links + links)
        let expected: [UInt32] = [30_001, 30_001, 0, 0]
        #expect(rig.spoken.map(\.message) == expected.map { .busy(milliseconds: $0) })
    }

    // MARK: The rest

    @Test("a profile in which a death could take longer than three intervals, or a well host is cut, is refused")
    func check() throws {
        let options = try Options.defaults(of: LayeredOptions.spec)
        #expect(LayeredOptions.spec.check?(options) ?? [] == [])
        let faults: [(String, Duration)] = [
            ("hung_after", .seconds(61)), ("echo_timeout", .seconds(60)), ("silent_after", .seconds(91)),
            ("silent_after", .milliseconds(8_999)),
        ]
        for (key, value) in faults {
            let problems = LayeredOptions.spec.check?(options.setting(key, to: .duration(value))) ?? []
            #expect(problems.count == 1)
            #expect(problems.first?.hasPrefix("\(key): ") == true)
        }
        let limits: [(String, Duration)] = [
            ("hung_after", .seconds(60)), ("silent_after", .seconds(90)), ("silent_after", .seconds(9)),
        ]
        for (key, value) in limits {
            #expect(LayeredOptions.spec.check?(options.setting(key, to: .duration(value))) ?? [] == [])
        }
    }

    @Test("a link that ends leaves no timer and no state")
    func ended() throws {
        let rig = try rig()
        let link = rig.accept()
        rig.stall(for: .seconds(95))
        rig.stall(for: .seconds(15))
        rig.end(link)
        #expect(rig.nextDeadline == nil)
    }

    @Test("the state survives JSON")
    func snapshot() throws {
        var state = Layered.State()
        state.links[LinkID(number: 3)] = Layered.Watched(
            stage: .suspected, peer: Rig.identity(1), heardAt: .zero, echoAfter: .seconds(30), due: .zero + .seconds(1),
            moved: .milliseconds(3), busyUntil: .never,
            isPatient: true
        )
        state.extendedAt = .zero
        state.paces[Rig.identity(1)] = Layered.Pace(
            probeAfter: .seconds(1), last: .init(kind: .closed, quiet: .seconds(9), at: .zero), repeats: 2)
        let copy = try JSONDecoder().decode(Layered.State.self, from: JSONEncoder().encode(state))
        #expect(String(describing: copy) == String(describing: state))
    }
}
