import Kernel
import Testing
import Wire

@testable import Links

/// What the explorer of all orders found, each as a story of one node.
struct SingleLinkGlareTests {
    private func rig(_ style: String, wishes: [Wish] = []) throws -> Rig {
        let rig = Rig(
            try Fixture.singleLink {
                $0.setting("handshake", to: .string(style)).setting("direction", to: .string("none"))
            },
            wishes: wishes
        )
        rig.start()
        return rig
    }

    private func hello(_ rig: Rig, over link: LinkID) -> Hello? {
        rig.sent(over: link).compactMap { if case .hello(let hello) = $0 { hello } else { nil } }.first
    }

    @Test("the last words of a process that ended do not take over from the one that runs")
    func lateWords() throws {
        let rig = try rig("ack")
        let old = rig.accept(from: 1)
        let new = rig.acceptLinked(1, incarnation: 2)
        #expect(rig.isUp(new))
        rig.receive(.hello(Fixture.hello(from: 1, incarnation: 1, dial: 7)), over: old)
        #expect(rig.isUp(new) && rig.endReason(of: old) == .staleDial)
        // And what runs can come again.
        #expect(rig.isUp(rig.acceptLinked(1, incarnation: 2, dial: 2)))
    }

    @Test("a process that is new is taken over a connection that is new")
    func newProcess() throws {
        let rig = try rig("ack")
        let early = rig.accept(from: 1)
        let first = rig.acceptLinked(1, incarnation: 1)
        rig.receive(.hello(Fixture.hello(from: 1, incarnation: 2)), over: early)
        #expect(rig.endReason(of: early) == .staleDial && rig.isUp(first))
        let again = rig.acceptLinked(1, incarnation: 2, dial: 2)
        #expect(rig.isUp(again) && rig.endReason(of: first) == .superseded)
    }

    @Test("verdict: a dialler may count on a link whose last word never came, so its end is told")
    func verdictWithoutReady() throws {
        let rig = try rig("verdict", wishes: [Fixture.wish(1)])
        let own = try #require(rig.dial(to: 1))
        rig.feed(.openFailed(own, .connectionRefused))
        let link = rig.accept(from: 1)
        rig.receive(.hello(Fixture.hello(from: 1, dial: 5)), over: link)
        rig.feed(.ended(link, .failed(.timedOut)))
        let wait = rig.waitForDial(to: 1, atMost: .seconds(5))
        #expect(wait != nil)
        let dial = try #require(rig.dial(to: 1))
        rig.feed(.opened(dial, identity: nil))
        #expect(hello(rig, over: dial)?.endedSequence == 5)
    }

    @Test("verdict: a Hello of a new process says that its old link is dead, even if its last word never comes")
    func verdictOfNewProcess() throws {
        let rig = try rig("verdict", wishes: [Fixture.wish(1)])
        let own = try #require(rig.dial(to: 1))
        rig.feed(.openFailed(own, .connectionRefused))
        let old = rig.accept(from: 1)
        rig.receive(.hello(Fixture.hello(from: 1)), over: old)
        rig.receive(.ready, over: old)
        #expect(rig.isUp(old))
        let new = rig.accept(from: 1)
        rig.receive(.hello(Fixture.hello(from: 1, incarnation: 2)), over: new)
        #expect(rig.isUp(old))
        rig.feed(.ended(new, .failed(.timedOut)))
        #expect(rig.endReason(of: old) == .superseded)
        #expect(rig.waitForDial(to: 1, atMost: .seconds(5)) != nil)
    }

    @Test("verdict: it is told so even if our own dial stands at that moment")
    func verdictBesideOwnDial() throws {
        let rig = try rig("verdict", wishes: [Fixture.wish(1)])
        let incoming = rig.accept(from: 1)
        rig.receive(.hello(Fixture.hello(from: 1, dial: 5)), over: incoming)
        // The crossing is decided while the peer's last word is on its way.
        let own = try #require(rig.dial(to: 1))
        rig.feed(.opened(own, identity: nil))
        rig.feed(.ended(incoming, .failed(.timedOut)))
        rig.receive(.helloAck(Fixture.ack(from: 1, refusal: .glare)), over: own)
        let next = rig.waitForDial(to: 1, atMost: .seconds(15))
        #expect(next != nil)
        let dial = try #require(rig.dial(to: 1))
        rig.feed(.opened(dial, identity: nil))
        #expect(hello(rig, over: dial)?.endedSequence == 5)
    }

    @Test(
        "verdict: an answer of a process that ended does not make a former one of the process that runs",
        arguments: [false, true]
    )
    func lateAnswer(isFirst: Bool) throws {
        let rig = try rig("verdict", wishes: [Fixture.wish(1)])
        let own = try #require(rig.dial(to: 1))
        let incoming = rig.accept(from: 1)
        rig.receive(.hello(Fixture.hello(from: 1, incarnation: 2, dial: 5)), over: incoming)
        rig.feed(.opened(own, identity: nil))
        if !isFirst { rig.feed(.ended(incoming, .failed(.timedOut))) }
        rig.receive(.helloAck(Fixture.ack(from: 1, incarnation: 1)), over: own)
        if isFirst { rig.feed(.ended(incoming, .failed(.timedOut))) }
        #expect(!rig.isUp(own) && rig.endReason(of: own) == .staleDial)
        #expect(rig.waitForDial(to: 1, atMost: .seconds(15)) != nil)
        let dial = try #require(rig.dial(to: 1))
        rig.feed(.opened(dial, identity: nil))
        #expect(hello(rig, over: dial)?.endedSequence == 5)
        rig.receive(.helloAck(Fixture.ack(from: 1, incarnation: 2)), over: dial)
        #expect(rig.isUp(dial))
    }

    @Test("verdict: it is told so even if our own dial has been answered by then")
    func verdictBesideOwnLink() throws {
        var taken = 0
        for peer in 1...6 {
            let rig = try rig("verdict", wishes: [Fixture.wish(peer)])
            let first = try #require(rig.dial(to: peer))
            rig.feed(.openFailed(first, .connectionRefused))
            let incoming = rig.accept(from: peer)
            #expect(rig.waitForDial(to: peer, atMost: .seconds(5)) != nil)
            let own = try #require(rig.dial(to: peer))
            rig.feed(.opened(own, identity: nil))
            rig.receive(.hello(Fixture.hello(from: peer, dial: 5)), over: incoming)
            // Where the pair's hash has chosen ours, the peer counts on nothing.
            guard rig.endReason(of: incoming) == nil else { continue }
            taken += 1
            rig.receive(.helloAck(Fixture.ack(from: peer)), over: own)
            #expect(rig.isUp(own))
            rig.feed(.ended(incoming, .failed(.timedOut)))
            rig.receive(.goodbye(.glare), over: own)
            #expect(rig.waitForDial(to: peer, atMost: .seconds(15)) != nil)
            let dial = try #require(rig.dial(to: peer))
            rig.feed(.opened(dial, identity: nil))
            #expect(hello(rig, over: dial)?.endedSequence == 5)
        }
        #expect(taken > 0)
    }

    @Test("verdict: the last words of a process that ended, lost too, hide no end of its successor's link")
    func verdictOfTwoProcesses() throws {
        let rig = try rig("verdict", wishes: [Fixture.wish(1)])
        let own = try #require(rig.dial(to: 1))
        rig.feed(.openFailed(own, .connectionRefused))
        let old = rig.accept(from: 1)
        rig.receive(.hello(Fixture.hello(from: 1, incarnation: 1, dial: 7)), over: old)
        let new = rig.accept(from: 1)
        rig.receive(.hello(Fixture.hello(from: 1, incarnation: 2, dial: 3)), over: new)
        rig.feed(.ended(old, .failed(.reset)))
        rig.feed(.ended(new, .failed(.timedOut)))
        #expect(rig.waitForDial(to: 1, atMost: .seconds(15)) != nil)
        let dial = try #require(rig.dial(to: 1))
        rig.feed(.opened(dial, identity: nil))
        #expect(hello(rig, over: dial)?.endedSequence == 3)
    }
}
