import Kernel
import Testing
import Wire

@testable import Links

/// What a node makes of what its peers say of how it can be dialled.
struct SingleLinkDialabilityTests {
    private let unreached = Dialability(endpoint: Fixture.endpoint(0), reason: .connectTimeout)
    private let reached = Dialability(endpoint: Fixture.endpoint(0), reason: nil)

    private func rig(_ peers: [Int]) throws -> Rig {
        let rig = Rig(
            try Fixture.singleLink { $0.setting("direction", to: .string("none")) },
            wishes: peers.map { Fixture.wish($0) }, passEvery: .seconds(30))
        rig.start()
        return rig
    }

    private func verdicts(_ rig: Rig) -> [Event] {
        rig.events.filter { if case .dialability = $0 { true } else { false } }
    }

    @Test("two peers have to say that they cannot dial this node; it is told to the outside once")
    func two() throws {
        let rig = try rig([1, 2, 3])
        let links = try (1...3).map { try #require(SignedPeer(number: $0).accept(rig)) }
        rig.receive(.dialability(unreached), over: links[0])
        rig.advance(by: .seconds(100))
        rig.receive(.dialability(unreached), over: links[0])
        #expect(verdicts(rig).isEmpty)
        rig.receive(.dialability(unreached), over: links[1])
        rig.receive(.dialability(unreached), over: links[2])
        #expect(verdicts(rig) == [.dialability(unreached, peers: 2)])
    }

    @Test("where one peer is linked, that one has to")
    func one() throws {
        let rig = try rig([1])
        let link = try #require(SignedPeer(number: 1).accept(rig))
        rig.receive(.dialability(unreached), over: link)
        #expect(verdicts(rig) == [.dialability(unreached, peers: 1)])
    }

    @Test("one that got through outweighs the others, and who dials this node got through")
    func change() throws {
        let rig = try rig([1, 2, 3])
        let links = try (1...3).map { try #require(SignedPeer(number: $0).accept(rig)) }
        for link in links { rig.receive(.dialability(unreached), over: link) }
        rig.advance(by: .seconds(61))
        rig.receive(.dialability(reached), over: links[2])
        #expect(verdicts(rig) == [.dialability(unreached, peers: 2), .dialability(reached, peers: 1)])
        _ = try #require(SignedPeer(number: 4).dial(rig))
        #expect(verdicts(rig).count == 2)
        let other = try self.rig([])
        _ = try #require(SignedPeer(number: 4).dial(other))
        #expect(verdicts(other) == [.dialability(reached, peers: 1)])
    }

    @Test("evidence of hours ago does not count any more")
    func old() throws {
        let rig = try rig([1, 2])
        _ = try #require(SignedPeer(number: 4).dial(rig))
        let links = try (1...2).map { try #require(SignedPeer(number: $0).accept(rig)) }
        rig.advance(by: .seconds(7300))
        for link in links { rig.receive(.dialability(unreached), over: link) }
        #expect(verdicts(rig) == [.dialability(reached, peers: 1), .dialability(unreached, peers: 2)])
    }

    @Test("a peer that dialled us has no say, and one that talks all the time is heard once a minute")
    func noSay() throws {
        let rig = try rig([1])
        let theirs = try #require(SignedPeer(number: 4).dial(rig))
        rig.receive(.dialability(unreached), over: theirs)
        let ours = try #require(SignedPeer(number: 1).accept(rig))
        for number in 0..<100 {
            let word = Dialability(endpoint: Fixture.endpoint(0), reason: number % 2 == 0 ? .reset : nil)
            rig.receive(.dialability(word), over: ours)
        }
        #expect(verdicts(rig) == [.dialability(reached, peers: 1)] && rig.isUp(theirs) && rig.isUp(ours))
    }

    @Test("before a link is up the message ends it")
    func early() throws {
        let rig = try rig([])
        let link = rig.accept(from: 7)
        rig.receive(.dialability(reached), over: link)
        #expect(rig.endReason(of: link) == .unexpectedMessage)
    }
}
