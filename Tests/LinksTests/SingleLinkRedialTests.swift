import Profile
import Testing
import Wire

@testable import Kernel
@testable import Links

/// What follows when a link ends, or when two ends see a link differently.
struct SingleLinkRedialTests {
    private func rig(
        _ wishes: [Wish] = [Fixture.wish(1)], direction: String = "none", passEvery: Duration? = nil,
        _ change: (Options) -> Options = { $0 }
    ) throws -> Rig {
        let rig = Rig(
            try Fixture.singleLink {
                change($0.setting("handshake", to: .string("ack")).setting("direction", to: .string(direction)))
            },
            wishes: wishes, passEvery: passEvery
        )
        rig.start()
        return rig
    }

    /// Node 0's dial to node 1 is answered and up.
    private func linked(_ rig: Rig) throws -> LinkID {
        let link = try #require(rig.dial(to: 1))
        rig.feed(.opened(link, identity: nil))
        rig.receive(.helloAck(Fixture.ack(from: 1)), over: link)
        #expect(rig.isUp(link))
        return link
    }

    @Test("a link that lived long enough is redialled within half the first wait")
    func stableLink() throws {
        let rig = try rig()
        let link = try linked(rig)
        rig.advance(by: .seconds(60))
        rig.feed(.ended(link, .failed(.reset)))
        #expect(try #require(rig.waitForDial(to: 1, atMost: .seconds(5))) <= .milliseconds(251))
    }

    @Test("a link that hardly lived counts as a failure")
    func shortLink() throws {
        let rig = try rig()
        rig.feed(.ended(try linked(rig), .failed(.reset)))
        let wait = try #require(rig.waitForDial(to: 1, atMost: .seconds(5)))
        #expect((Duration.milliseconds(250)...Duration.milliseconds(501)).contains(wait))
    }

    @Test(
        "failed dials of a masternode wait longer each time, up to 2 s; of another peer up to 30 s",
        arguments: [true, false])
    func growth(isMasternode: Bool) throws {
        let rig = try rig([Fixture.wish(1, isMasternode: isMasternode)])
        var waits: [Duration] = []
        for _ in 0..<9 {
            rig.feed(.openFailed(try #require(rig.dial(to: 1)), .connectionRefused))
            waits.append(try #require(rig.waitForDial(to: 1, atMost: .seconds(60))))
        }
        for (index, wait) in waits.enumerated() {
            let window = min(isMasternode ? .seconds(2) : .seconds(30), Duration.milliseconds(500) * (1 << index))
            #expect(wait >= window / 2)
            #expect(wait <= window + .milliseconds(1))
        }
    }

    @Test(
        "a masternode whose host goes on refusing is dialled less and less, as others are, and silence is no refusal"
    )
    func absent() throws {
        let rig = try rig([Fixture.wish(1, isMasternode: true)])
        func wait(after reason: Reason) throws -> Duration {
            rig.feed(.openFailed(try #require(rig.dial(to: 1)), reason))
            return try #require(rig.waitForDial(to: 1, atMost: .seconds(120)))
        }
        for _ in 0..<30 { #expect(try wait(after: .connectTimeout) <= .milliseconds(2001)) }
        for _ in 0..<10 { #expect(try wait(after: .connectionRefused) <= .milliseconds(2001)) }
        for window in [4, 8, 16, 30, 30] as [Double] {
            let wait = try wait(after: .connectionRefused)
            #expect(wait >= .seconds(window / 2) && wait <= .seconds(window) + .milliseconds(1))
        }
        #expect(try wait(after: .connectTimeout) <= .milliseconds(2001))
    }

    @Test(
        "a refusal that waiting does not change is retried at the longest wait",
        arguments: [Reason.wrongNetwork, .identityInUse])
    func hopeless(reason: Reason) throws {
        let rig = try rig()
        let link = try #require(rig.dial(to: 1))
        rig.feed(.opened(link, identity: nil))
        rig.receive(.helloAck(Fixture.ack(from: 1, refusal: reason)), over: link)
        #expect(rig.waitForDial(to: 1, atMost: .seconds(60)) == .seconds(30))
    }

    @Test("an end without the turn waits passive_wait, then dials; unset, it never does")
    func passiveWait() throws {
        let patient = try rig(direction: "higher-address")
        #expect(patient.waitForDial(to: 1, atMost: .seconds(60)) == .seconds(3))
        let never = try rig(direction: "higher-address", passEvery: .seconds(20)) {
            $0.setting("passive_wait", to: .none)
        }
        #expect(never.waitForDial(to: 1, atMost: .seconds(600)) == nil)
    }

    @Test("a dial out of turn stays silent for `out_of_turn_delay`, and gives way to the peer's own")
    func outOfTurnDelay() throws {
        let rig = try rig(direction: "higher-address")
        _ = rig.waitForDial(to: 1, atMost: .seconds(5))
        let dial = try #require(rig.dial(to: 1))
        rig.feed(.opened(dial, identity: nil))
        #expect(rig.sent(over: dial).isEmpty)
        let theirs = rig.acceptLinked(1)
        #expect(rig.isUp(theirs))
        #expect(rig.isClosed(dial))
        rig.advance(by: .seconds(60))
        #expect(rig.node.table.entries.map(\.id) == [theirs])
    }

    @Test("a silent dial speaks after `out_of_turn_delay`")
    func outOfTurnDelayOver() throws {
        let rig = try rig(direction: "higher-address")
        _ = rig.waitForDial(to: 1, atMost: .seconds(5))
        let dial = try #require(rig.dial(to: 1))
        rig.feed(.opened(dial, identity: nil))
        rig.advance(by: .milliseconds(500))
        #expect(rig.sent(over: dial).count == 1)
    }

    @Test(
        "an end that hears nothing more redials at once, out of turn, silently at first, and says which link has ended",
        arguments: [Reason.timedOut, .silent, .pingTimeout])
    func silence(reason: Reason) throws {
        let rig = try rig(direction: "higher-address")
        let dead = rig.acceptLinked(1, dial: 7)
        rig.advance(by: .seconds(60))
        if reason == .timedOut {
            rig.feed(.ended(dead, .failed(.timedOut)))
        } else {
            rig.receive(SilentLiveness.word(reason), over: dead)
        }
        #expect(try #require(rig.waitForDial(to: 1, atMost: .seconds(5))) <= .milliseconds(251))
        let dial = try #require(rig.dial(to: 1))
        rig.feed(.opened(dial, identity: nil))
        #expect(rig.sent(over: dial).isEmpty)
        rig.advance(by: .milliseconds(500))
        guard case .hello(let hello)? = rig.sent(over: dial).first else {
            Issue.record("no Hello was sent")
            return
        }
        #expect(hello.endedSequence == 7)
    }

    @Test("after any other end, and after the peer's own word, the peer has its turn first")
    func noSilence() throws {
        for end in [StreamEnd.failed(.reset), .endOfStream, nil] {
            let rig = try rig(direction: "higher-address")
            let lost = rig.acceptLinked(1)
            rig.advance(by: .seconds(60))
            if let end { rig.feed(.ended(lost, end)) } else { rig.receive(.goodbye(.pingTimeout), over: lost) }
            #expect(rig.waitForDial(to: 1, atMost: .seconds(60)) == .seconds(3))
        }
    }

    @Test("where the redial after silence fails, the next waits as any dial out of turn does")
    func silenceOfTheDead() throws {
        let rig = try rig(direction: "higher-address")
        let dead = rig.acceptLinked(1)
        rig.advance(by: .seconds(60))
        rig.feed(.ended(dead, .failed(.timedOut)))
        #expect(rig.waitForDial(to: 1, atMost: .seconds(5)) != nil)
        for _ in 0..<5 {
            rig.feed(.openFailed(try #require(rig.dial(to: 1)), .connectTimeout))
            #expect(try #require(rig.waitForDial(to: 1, atMost: .seconds(60))) >= .seconds(1.5))
        }
    }

    @Test("an end that never dials out of turn does not after silence either")
    func silenceForEver() throws {
        let rig = try rig(direction: "higher-address") { $0.setting("passive_wait", to: .none) }
        let dead = rig.acceptLinked(1)
        rig.advance(by: .seconds(60))
        rig.feed(.ended(dead, .failed(.timedOut)))
        #expect(rig.waitForDial(to: 1, atMost: .seconds(600)) == nil)
    }

    @Test("a restarted peer takes over at once the link that its predecessor left")
    func restart() throws {
        let rig = try rig()
        let dead = try linked(rig)
        let fresh = rig.acceptLinked(1, incarnation: 2)
        #expect(rig.isUp(fresh))
        #expect(rig.endReason(of: dead) == .superseded)
        #expect(rig.node.route(to: Fixture.identity(1)) == fresh)
        #expect(rig.events.contains { $0 == .takeover(old: dead, new: fresh, Fixture.identity(1)) })
    }

    @Test("a peer that lost our link and comes back takes over, although ours still stands here")
    func deadHere() throws {
        let rig = try rig()
        let dead = try linked(rig)
        let fresh = rig.acceptLinked(1, dial: 1, ended: 1)
        #expect(rig.isUp(fresh))
        #expect(rig.endReason(of: dead) == .superseded)
    }

    @Test("two processes that share a key: the one that was replaced stays out, with the reason")
    func identityInUse() throws {
        let rig = try rig([])
        _ = rig.acceptLinked(1, incarnation: 1)
        let second = rig.acceptLinked(1, incarnation: 2)
        for dial in 2...4 {
            let first = rig.acceptLinked(1, incarnation: 1, dial: UInt64(dial))
            #expect(rig.endReason(of: first) == .identityInUse)
            #expect(
                rig.sent(over: first) == [
                    .helloAck(
                        HelloAck(
                            refusal: .identityInUse, identity: Fixture.identity(0), incarnation: rig.node.incarnation,
                            nonce: 0, signature: .none
                        )
                    )
                ])
        }
        #expect(rig.isUp(second))
    }

    @Test("a link that the peer found dead is redialled")
    func dead() throws {
        let rig = try rig()
        let link = try linked(rig)
        rig.advance(by: .seconds(20))
        rig.feed(.received(link, .goodbye(.pingTimeout)))
        #expect(rig.endReason(of: link) == .pingTimeout)
        #expect(rig.waitForDial(to: 1, atMost: .seconds(1)) != nil)
    }

    @Test("a bare address learns its peer, and is redialled after a loss")
    func bareAddress() throws {
        let rig = try rig([Fixture.wish(1, isNamed: false)])
        let link = try linked(rig)
        #expect(rig.node.route(to: Fixture.identity(1)) == link)
        rig.advance(by: .seconds(60))
        rig.feed(.ended(link, .failed(.reset)))
        #expect(rig.waitForDial(to: 1, atMost: .seconds(1)) != nil)
    }

    @Test("a bare address where somebody else answers than before is for whoever is there now")
    func bareMoved() throws {
        let rig = try rig([Fixture.wish(1, isNamed: false)])
        rig.feed(.ended(try linked(rig), .failed(.reset)))
        #expect(rig.waitForDial(to: 1, atMost: .seconds(5)) != nil)
        let second = try #require(rig.dial(to: 1))
        #expect(rig.node.table[second]?.expected == Fixture.identity(1))
        rig.feed(.openFailed(second, .wrongIdentity))
        let wait = try #require(rig.waitForDial(to: 1, atMost: .seconds(60)))
        #expect(wait == .seconds(30))
        let third = try #require(rig.dial(to: 1))
        #expect(rig.node.table[third]?.expected == nil)
        rig.feed(.opened(third, identity: nil))
        rig.receive(.helloAck(Fixture.ack(from: 8)), over: third)
        #expect(rig.isUp(third) && rig.node.table[third]?.peer == Fixture.identity(8))
        rig.feed(.ended(third, .failed(.reset)))
        #expect(rig.waitForDial(to: 1, atMost: .seconds(5)) != nil)
        #expect(rig.dial(to: 1).flatMap { rig.node.table[$0]?.expected } == Fixture.identity(8))
    }

    @Test("an address that the network file names a masternode at stays that masternode's, whoever answers there")
    func namedMoved() throws {
        let rig = try rig([Fixture.wish(1)])
        rig.feed(.openFailed(try #require(rig.dial(to: 1)), .wrongIdentity))
        #expect(rig.waitForDial(to: 1, atMost: .seconds(60)) == .seconds(30))
        #expect(rig.dial(to: 1).flatMap { rig.node.table[$0]?.expected } == Fixture.identity(1))
    }

    @Test("a bare address whose peer is linked already ends as a duplicate, and stays wanted")
    func bareDuplicate() throws {
        let rig = try rig([Fixture.wish(1, isNamed: false)], passEvery: .seconds(30))
        let dial = try #require(rig.dial(to: 1))
        let theirs = rig.acceptLinked(1)
        rig.feed(.opened(dial, identity: nil))
        rig.receive(.helloAck(Fixture.ack(from: 1)), over: dial)
        #expect(rig.endReason(of: dial) == .duplicate)
        #expect(rig.isUp(theirs))
        rig.advance(by: .seconds(100))
        #expect(rig.dialCount(to: 1) == 1)
        rig.feed(.ended(theirs, .failed(.reset)))
        #expect(rig.waitForDial(to: 1, atMost: .seconds(5)) != nil)
    }

    @Test("a bare address that turns out to be a known peer is dialled as that peer at once, whoever has the turn")
    func bareKnown() throws {
        // The peer has the turn, and this end would wait for three seconds.
        let rig = try rig([Fixture.wish(1, isNamed: false)], direction: "higher-address") {
            $0.setting("passive_wait", to: .duration(.seconds(3)))
        }
        let theirs = rig.acceptLinked(1)
        rig.feed(.ended(theirs, .failed(.reset)))
        #expect(rig.waitForDial(to: 1, atMost: .seconds(4)) != nil)
        let bare = try #require(rig.dial(to: 1))
        rig.feed(.opened(bare, identity: nil))
        rig.advance(by: .seconds(1))
        rig.receive(.helloAck(Fixture.ack(from: 1, refusal: .glare)), over: bare)
        #expect(rig.dialCount(to: 1) == 2)
    }

    @Test("a peer that is no longer wanted keeps its link and is not redialled")
    func notWanted() throws {
        let rig = try rig([])
        let link = rig.acceptLinked(1)
        rig.feed(.ended(link, .endOfStream))
        #expect(rig.waitForDial(to: 1, atMost: .seconds(600)) == nil)
    }

    @Test("the state survives JSON: a node of the copy behaves the same")
    func snapshot() throws {
        let rig = try rig()
        let link = try linked(rig)
        _ = rig.accept(from: 2)
        let state = try #require((rig.node.machine.links as? SingleLink)?.state)
        let copy = try JSONCopy.of(state)
        #expect(String(describing: copy) == String(describing: state))
        #expect(copy.peers[0].up?.link == link)
    }
}
