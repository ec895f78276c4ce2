import Profile
import Testing
import Wire

@testable import Kernel
@testable import Links

/// Each option of the historical policy does what its line says; each fault is there on purpose.
struct SplitRegistryTests {
    /// Node 0 stands above node 1 by address as number: in text order it accepts, and peers 1 to 9 dial it.
    private func rig(
        _ wishes: [Wish] = [], passEvery: Duration? = nil, _ change: (Options) -> Options = { $0 }
    ) throws -> Rig {
        let rig = Rig(try Fixture.splitRegistry(change), wishes: wishes, passEvery: passEvery)
        rig.start()
        return rig
    }

    private func linked(_ rig: Rig, to number: Int = 1) throws -> LinkID {
        let link = try #require(rig.dial(to: number))
        rig.feed(.opened(link, identity: nil))
        rig.receive(.helloAck(Fixture.ack(from: number)), over: link)
        #expect(rig.isUp(link))
        return link
    }

    private func answersRequest(_ rig: Rig, over link: LinkID) -> LinkID? { rig.node.replyRoute(for: link) }

    @Test("an accepted writer takes the place of a dialled one, whose end of stream goes out on the surviving link")
    func overwrittenWriter() throws {
        let rig = try rig([Fixture.wish(1)])
        let ours = try linked(rig)
        let theirs = rig.acceptLinked(1)
        // Node 0 comes first, so it acknowledges the duplicate and then closes it: the new writer stays behind.
        #expect(rig.sent(over: theirs).count == 1)
        #expect(rig.endReason(of: theirs) == .duplicate)
        #expect(rig.hasSentEnd(over: ours))
        #expect(rig.isUp(ours))
        #expect(!rig.isClosed(theirs))
        #expect(rig.node.route(to: Fixture.identity(1)) == theirs)
        rig.receive(.ping(nonce: 1), over: theirs)
        #expect(!rig.isClosed(theirs))
    }

    @Test("duplicate: close ends the incoming dial without an answer and spares the writer")
    func closeDuplicate() throws {
        let rig = try rig([Fixture.wish(1)]) { $0.setting("duplicate", to: .string("close")) }
        let ours = try linked(rig)
        let theirs = rig.acceptLinked(1)
        #expect(rig.sent(over: theirs).isEmpty)
        #expect(rig.isClosed(theirs))
        #expect(!rig.hasSentEnd(over: ours))
        #expect(rig.node.route(to: Fixture.identity(1)) == ours)
    }

    @Test("duplicate: drop-before-handshake closes at the accept, while our dial is still under way")
    func dropDuplicate() throws {
        let rig = try rig([Fixture.wish(1)]) { $0.setting("duplicate", to: .string("drop-before-handshake")) }
        #expect(rig.isClosed(rig.accept(from: 1)))
        #expect(!rig.isClosed(rig.accept(from: 2)))
    }

    @Test("where the other end's dial is preferred, our mark goes and both links stand")
    func bothLinks() throws {
        let rig = try rig([Fixture.wish(1)]) { $0.setting("direction", to: .string("higher-address")) }
        let ours = try linked(rig)
        let theirs = rig.acceptLinked(1)
        #expect(rig.isUp(ours))
        #expect(rig.isUp(theirs))
        #expect(rig.hasSentEnd(over: ours))
    }

    @Test("answers over an accepted link: address finds the writer, address-and-port finds none")
    func replyKey() throws {
        let good = try rig()
        let link = good.acceptLinked(1)
        #expect(answersRequest(good, over: link) == link)
        let bad = try rig { $0.setting("reply_key", to: .string("address-and-port")) }
        #expect(answersRequest(bad, over: bad.acceptLinked(1)) == nil)
    }

    @Test("answers over a dialled link go back over it, whatever the key", arguments: ["address", "address-and-port"])
    func replyOverDialled(key: String) throws {
        let rig = try rig([Fixture.wish(1)]) { $0.setting("reply_key", to: .string(key)) }
        let link = try linked(rig)
        #expect(answersRequest(rig, over: link) == link)
    }

    @Test("failed dials wait 10, 20, 40, 80, 160, 300, 300 … seconds, and a masternode's task gives up at the 20th")
    func retries() throws {
        let rig = try rig([Fixture.wish(1)])
        var waits: [Duration] = []
        for _ in 1..<20 {
            rig.feed(.openFailed(try #require(rig.dial(to: 1)), .connectionRefused))
            waits.append(try #require(rig.waitForDial(to: 1, atMost: .seconds(400))))
        }
        #expect(waits == ([10, 20, 40, 80, 160] + Array(repeating: 300, count: 14)).map { .seconds($0) })
        rig.feed(.openFailed(try #require(rig.dial(to: 1)), .connectionRefused))
        #expect(rig.waitForDial(to: 1, atMost: .seconds(100_000)) == nil)
    }

    @Test("another peer's task gives up at the 10th failure")
    func peerAttempts() throws {
        let rig = try rig([Fixture.wish(1, isMasternode: false)])
        for _ in 1..<10 {
            rig.feed(.openFailed(try #require(rig.dial(to: 1)), .connectionRefused))
            _ = try #require(rig.waitForDial(to: 1, atMost: .seconds(400)))
        }
        rig.feed(.openFailed(try #require(rig.dial(to: 1)), .connectionRefused))
        #expect(rig.waitForDial(to: 1, atMost: .seconds(100_000)) == nil)
    }

    @Test("five seconds after an orderly end the task dials again, and its count starts anew")
    func orderlyEnd() throws {
        let rig = try rig([Fixture.wish(1)])
        rig.feed(.openFailed(try #require(rig.dial(to: 1)), .connectionRefused))
        _ = rig.waitForDial(to: 1, atMost: .seconds(20))
        rig.feed(.ended(try linked(rig), .endOfStream))
        #expect(rig.waitForDial(to: 1, atMost: .seconds(60)) == .seconds(5))
        rig.feed(.openFailed(try #require(rig.dial(to: 1)), .connectionRefused))
        #expect(rig.waitForDial(to: 1, atMost: .seconds(60)) == .seconds(10))
    }

    @Test("a reset of a link that was up counts as an error")
    func resetLink() throws {
        let rig = try rig([Fixture.wish(1)])
        rig.feed(.ended(try linked(rig), .failed(.reset)))
        #expect(rig.waitForDial(to: 1, atMost: .seconds(60)) == .seconds(10))
    }

    @Test("a session that ends leaves its writer: the socket stays open until the next one is registered")
    func lingeringWriter() throws {
        let rig = try rig([Fixture.wish(1)])
        let first = try linked(rig)
        rig.feed(.ended(first, .endOfStream))
        #expect(!rig.isClosed(first))
        #expect(rig.node.route(to: Fixture.identity(1)) == first)
        _ = rig.waitForDial(to: 1, atMost: .seconds(60))
        let second = try linked(rig)
        #expect(rig.isClosed(first))
        #expect(rig.node.route(to: Fixture.identity(1)) == second)
    }

    @Test("without an acknowledgement the dialler goes on after ten seconds all the same")
    func missingAcknowledgement() throws {
        let rig = try rig([Fixture.wish(1)])
        let link = try #require(rig.dial(to: 1))
        rig.feed(.opened(link, identity: nil))
        rig.advance(by: .milliseconds(9_999))
        #expect(!rig.isUp(link))
        rig.advance(by: .milliseconds(1))
        #expect(rig.isUp(link))
    }

    @Test(
        "retry_stops: a task that wakes up ends where the peer has dialled us, or dials all the same",
        arguments: [true, false])
    func retryStops(eitherWay: Bool) throws {
        let rig = try rig([Fixture.wish(1)]) {
            $0.setting("retry_stops", to: .string(eitherWay ? "linked-either-way" : "linked-outbound"))
        }
        rig.feed(.openFailed(try #require(rig.dial(to: 1)), .connectionRefused))
        _ = rig.acceptLinked(1)
        #expect((rig.waitForDial(to: 1, atMost: .seconds(60)) == nil) == eitherWay)
    }

    @Test(
        "bookkeeping: the periodic pass dials a peer that has dialled us, unless it counts both directions",
        arguments: [true, false])
    func bookkeeping(both: Bool) throws {
        let rig = try rig([Fixture.wish(1)], passEvery: .seconds(120)) {
            $0.setting("bookkeeping", to: .string(both ? "both-directions" : "outbound-only"))
                .setting("direction_tested_at", to: .list([.string("start-masternodes")]))
                .setting("direction", to: .string("higher-address"))
        }
        _ = rig.acceptLinked(1)
        #expect((rig.waitForDial(to: 1, atMost: .seconds(130)) == nil) == both)
    }

    @Test("a dial site that tests the direction leaves the dial to the other end, and says so")
    func testedSite() throws {
        let rig = try rig([Fixture.wish(1)], passEvery: .seconds(120)) {
            $0.setting(
                "direction_tested_at", to: .list([.string("start-masternodes"), .string("periodic-masternodes")])
            )
            .setting("direction", to: .string("higher-address"))
        }
        rig.advance(by: .seconds(600))
        #expect(rig.dialCount(to: 1) == 0)
        let left = Event.dialLeftToPeer(Fixture.endpoint(1), own: Fixture.endpoint(0))
        #expect(rig.events.count { $0 == left } == 6)
    }

    @Test("the dials of the pass at start follow each other at dial_gap")
    func dialGap() throws {
        let rig = try rig([Fixture.wish(1), Fixture.wish(2), Fixture.wish(3)])
        #expect([1, 2, 3].map { rig.dialCount(to: $0) } == [1, 0, 0])
        rig.advance(by: .milliseconds(100))
        #expect([1, 2, 3].map { rig.dialCount(to: $0) } == [1, 1, 0])
        rig.advance(by: .milliseconds(100))
        #expect([1, 2, 3].map { rig.dialCount(to: $0) } == [1, 1, 1])
    }

    @Test("while a task sleeps, the periodic pass starts a second one beside it")
    func secondTask() throws {
        let rig = try rig([Fixture.wish(1)], passEvery: .seconds(5))
        rig.feed(.openFailed(try #require(rig.dial(to: 1)), .connectionRefused))
        #expect(rig.waitForDial(to: 1, atMost: .seconds(60)) == .seconds(5))
    }

    @Test("a link that breaks the protocol ends its session: the peer can be dialled again")
    func brokenProtocol() throws {
        let rig = try rig([Fixture.wish(1)], passEvery: .seconds(120)) {
            $0.setting("bookkeeping", to: .string("both-directions"))
        }
        let link = try linked(rig)
        rig.receive(.ready, over: link)
        #expect(rig.endReason(of: link) == .unexpectedMessage)
        #expect(rig.waitForDial(to: 1, atMost: .seconds(600)) != nil)
        let other = try self.rig([Fixture.wish(1)], passEvery: .seconds(120)) {
            $0.setting("bookkeeping", to: .string("both-directions"))
                .setting("direction_tested_at", to: .list([.string("start-masternodes")]))
                .setting("direction", to: .string("higher-address"))
        }
        other.receive(.ready, over: other.acceptLinked(1))
        #expect(other.waitForDial(to: 1, atMost: .seconds(600)) != nil)
    }

    @Test("an early message of another role does not stop the task for ever")
    func earlyMessage() throws {
        let rig = try rig([Fixture.wish(1)], passEvery: .seconds(120))
        let link = try #require(rig.dial(to: 1))
        rig.feed(.opened(link, identity: nil))
        rig.receive(.ping(nonce: 1), over: link)
        #expect(rig.endReason(of: link) == .unexpectedMessage)
        #expect(rig.waitForDial(to: 1, atMost: .seconds(600)) == .seconds(10))
    }

    @Test("the state survives JSON")
    func snapshot() throws {
        let rig = try rig([Fixture.wish(1), Fixture.wish(2)])
        _ = try linked(rig)
        _ = rig.acceptLinked(3)
        let state = try #require((rig.node.machine.links as? SplitRegistry)?.state)
        #expect(String(describing: try JSONCopy.of(state)) == String(describing: state))
    }
}
