import Profile
import Testing
import Wire

@testable import Kernel
@testable import Links

/// The faults of other months than December 2025, each behind an option; by default none of them is there.
struct SplitRegistryHistoryTests {
    private func rig(
        _ wishes: [Wish] = [], passEvery: Duration? = nil, _ change: (Options) -> Options
    ) throws -> Rig {
        let rig = Rig(try Fixture.splitRegistry(change), wishes: wishes, passEvery: passEvery)
        rig.start()
        return rig
    }

    private func linked(_ rig: Rig, to number: Int = 1) throws -> LinkID {
        let link = try #require(rig.dial(to: number))
        rig.feed(.opened(link, identity: nil))
        rig.receive(.helloAck(Fixture.ack(from: number)), over: link)
        return link
    }

    private func choice(_ key: String, _ word: String) -> (Options) -> Options {
        { $0.setting(key, to: .string(word)) }
    }

    @Test("direction_test: inside-task never dials, and says so again every five seconds")
    func insideTask() throws {
        let rig = try rig([Fixture.wish(1)]) {
            $0.setting("direction_tested_at", to: .list([.string("start-masternodes")]))
                .setting("direction", to: .string("higher-address"))
                .setting("direction_test", to: .string("inside-task"))
        }
        rig.advance(by: .seconds(3600))
        #expect(rig.dialCount(to: 1) == 0)
        let left = Event.dialLeftToPeer(Fixture.endpoint(1), own: Fixture.endpoint(0))
        #expect(rig.events.count { $0 == left } == 1 + 720)
    }

    @Test("own_address: unspecified ranks below every peer: with it a node dials where it would not, and the reverse")
    func unknownAddress() throws {
        // Below node 0's 192.0.2.0, as text and as a number.
        let peer = Endpoint(ip: IPAddress(version4: 0x0a00_0001), port: 24_100)
        for (direction, asKnown) in [("higher-address", 1), ("lower-address", 0), ("lower-address-text", 0)] {
            for (word, dials) in [("known", asKnown), ("unspecified", 1 - asKnown)] {
                let wish = Wish(identity: Fixture.identity(1), endpoint: peer, isMasternode: true)
                let rig = try rig([wish]) {
                    $0.setting("direction_tested_at", to: .list([.string("start-masternodes")]))
                        .setting("direction", to: .string(direction)).setting("own_address", to: .string(word))
                }
                let count = rig.events.count { if case .dialStarted = $0 { true } else { false } }
                #expect(count == dials, "\(direction) \(word)")
            }
        }
    }

    @Test("duplicate: keep-existing refuses a peer that dialled us before, and one that we have dialled, whoever ranks")
    func keepExisting() throws {
        let rig = try rig([Fixture.wish(1)]) {
            $0.setting("duplicate", to: .string("keep-existing")).setting("direction", to: .string("higher-address"))
        }
        let ours = try linked(rig)
        let crossed = rig.acceptLinked(1)
        #expect(rig.isClosed(crossed))
        #expect(!rig.hasSentEnd(over: ours))
        let first = rig.acceptLinked(2)
        let second = rig.acceptLinked(2)
        #expect(rig.isUp(first))
        #expect(rig.isClosed(second))
        #expect(rig.sent(over: second).isEmpty)
        #expect(rig.endReason(of: second) == .duplicate)
    }

    @Test("cleanup: the late end of an old session spares the newer one, or takes its writer with any-session")
    func lateCleanup() throws {
        for (cleanup, isSpared) in [("own-session", true), ("any-session", false)] {
            let rig = try rig([], choice("cleanup", cleanup))
            let old = rig.acceptLinked(1)
            let new = rig.acceptLinked(1)
            rig.feed(.ended(old, .failed(.reset)))
            #expect(rig.hasSentEnd(over: new) != isSpared, "\(cleanup)")
            #expect((rig.node.route(to: Fixture.identity(1)) == new) == isSpared, "\(cleanup)")
        }
    }

    @Test("cleanup: none leaves a lost peer marked as connected: no task and no pass dials it again")
    func noCleanup() throws {
        for (cleanup, isRedialled) in [("own-session", true), ("none", false)] {
            let rig = try rig([Fixture.wish(1)], passEvery: .seconds(120), choice("cleanup", cleanup))
            rig.feed(.ended(try linked(rig), .endOfStream))
            #expect((rig.waitForDial(to: 1, atMost: .seconds(3600)) != nil) == isRedialled, "\(cleanup)")
        }
    }

    @Test("cleanup: none clears what never was a session: a dial that failed comes again")
    func failedDialLeavesNoMark() throws {
        let rig = try rig([Fixture.wish(1)], choice("cleanup", "none"))
        rig.feed(.openFailed(try #require(rig.dial(to: 1)), .connectionRefused))
        #expect(rig.waitForDial(to: 1, atMost: .seconds(60)) == .seconds(10))
    }

    @Test("session_end: close-socket closes what keep-writer leaves open")
    func sessionEnd() throws {
        for (word, isClosed) in [("keep-writer", false), ("close-socket", true)] {
            let rig = try rig([Fixture.wish(1)], choice("session_end", word))
            let link = try linked(rig)
            rig.feed(.ended(link, .endOfStream))
            #expect(rig.isClosed(link) == isClosed, "\(word)")
            #expect((rig.node.route(to: Fixture.identity(1)) == nil) == isClosed, "\(word)")
        }
    }

    @Test("beat_interval opens a connection of its own per peer and beat, and ends it with the answer")
    func beats() throws {
        let rig = try rig([Fixture.wish(1), Fixture.wish(2)]) {
            $0.setting("beat_interval", to: .duration(.seconds(10)))
        }
        let link = try linked(rig)
        rig.advance(by: .seconds(1))
        let others = rig.dialCount(to: 2)
        rig.advance(by: .seconds(9))
        let beat = try #require(rig.dial(to: 1))
        #expect(beat != link && rig.dialCount(to: 2) == others + 1)
        rig.feed(.opened(beat, identity: nil))
        #expect(rig.sent(over: beat).contains { if case .hello = $0 { true } else { false } })
        rig.receive(.helloAck(Fixture.ack(from: 1)), over: beat)
        #expect(rig.isClosed(beat) && rig.endReason(of: beat) == .notWanted)
        #expect(rig.isUp(link) && rig.node.route(to: Fixture.identity(1)) == link)
        let none = try self.rig([Fixture.wish(1)]) { $0 }
        let before = none.dialCount(to: 1)
        _ = try linked(none)
        none.advance(by: .seconds(60))
        #expect(none.dialCount(to: 1) == before)
    }

    @Test("however many strangers are wanted in the course of time, heartbeats go to 128 peers")
    func boundedBeats() throws {
        let wishes = (1...400).map { Fixture.wish($0) }
        let rig = try rig(wishes) { $0.setting("beat_interval", to: .duration(.seconds(10))) }
        rig.advance(by: .milliseconds(9_999))
        let before = (1...400).map { rig.dialCount(to: $0) }
        rig.advance(by: .milliseconds(1))
        let beats = (1...400).map { rig.dialCount(to: $0) - before[$0 - 1] }
        // Beside them a dial or two of its own is due.
        #expect(beats.reduce(0, +) < 128 + 10)
        #expect(beats.suffix(128).allSatisfy { $0 >= 1 })
    }

    @Test("network_check: cut-everybody cuts a peer of our own network as soon as it is linked")
    func networkCheck() throws {
        for (word, isSpared) in [("refuse-others", true), ("cut-everybody", false)] {
            let rig = try rig([], choice("network_check", word))
            let link = rig.acceptLinked(1)
            #expect(rig.isUp(link) == isSpared, "\(word)")
            #expect(rig.endReason(of: link) == (isSpared ? nil : .wrongNetwork), "\(word)")
        }
    }

    @Test("cooldown: from the third failure in a row every pass leaves the address alone; a link forgives all")
    func restingAddress() throws {
        let rig = try rig([Fixture.wish(1)], passEvery: .seconds(30)) {
            $0.setting("cooldown", to: .string("flat")).setting("masternode_attempts", to: .integer(1))
        }
        for wait in [30, 30, 600] {
            rig.feed(.openFailed(try #require(rig.dial(to: 1)), .connectionRefused))
            #expect(rig.waitForDial(to: 1, atMost: .seconds(7200)) == .seconds(wait))
        }
        rig.feed(.ended(try linked(rig), .endOfStream))
        #expect(rig.waitForDial(to: 1, atMost: .seconds(60)) == .seconds(5))
        rig.feed(.openFailed(try #require(rig.dial(to: 1)), .connectionRefused))
        #expect(try #require(rig.waitForDial(to: 1, atMost: .seconds(7200))) <= .seconds(30))
    }

    @Test("cooldown: 600 s doubles up to a day at the eleventh failure, flat stays, none never begins")
    func pauses() {
        let doubling = Cooldown(growth: .doubling, after: 3, initial: .seconds(600), limit: .seconds(86_400))
        #expect(
            (2...12).map { doubling.pause(failures: $0) }
                == [nil] + [600, 1200, 2400, 4800, 9600, 19_200, 38_400, 76_800, 86_400, 86_400].map { .seconds($0) }
        )
        var flat = doubling
        flat.growth = .flat
        #expect((2...5).map { flat.pause(failures: $0) } == [nil, .seconds(600), .seconds(600), .seconds(600)])
        var none = doubling
        none.growth = .none
        #expect(none.pause(failures: 1000) == nil)
    }
}
