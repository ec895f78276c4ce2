import Kernel
import Testing
import Wire

@testable import Links

/// Each row of the table of `SingleLink.judge`.
struct SingleLinkJudgeTests {
    private let own = Fixture.identity(0)
    /// The connection that the claim comes over.
    private let link = LinkID(number: 10)

    /// A peer that wins, or loses, a crossed dial against node 0.
    private func peer(winning: Bool) throws -> Identity {
        try #require(
            (1..<100).map { Fixture.identity($0) }.first {
                (PairHash.chosen(of: own, $0, purpose: .glare) == $0) == winning
            }
        )
    }

    private func claim(
        _ identity: Identity, incarnation: UInt64 = 1, dial: UInt64 = 1, ended: UInt64 = 0
    ) -> SingleLink.Claim {
        SingleLink.Claim(
            identity: identity, incarnation: incarnation, dialSequence: dial, endedSequence: ended,
            listen: Fixture.endpoint(1)
        )
    }

    private func known(
        _ identity: Identity, up direction: LinkDirection? = nil, sequence: UInt64 = 3, incarnation: UInt64? = 1
    ) -> SingleLink.Peer {
        var peer = SingleLink.Peer(identity: identity, endpoint: Fixture.endpoint(1))
        peer.incarnation = incarnation
        peer.up = direction.map {
            SingleLink.Established(link: LinkID(number: 9), since: .zero, direction: $0, sequence: sequence)
        }
        return peer
    }

    private func dialling(_ identity: Identity, isGreeted: Bool) -> SingleLink.Peer {
        var peer = known(identity)
        peer.dialling = SingleLink.Attempt(link: LinkID(number: 9), sequence: 3, isGreeted: isGreeted)
        return peer
    }

    @Test("a peer without a link is accepted", arguments: [true, false])
    func fresh(winning: Bool) throws {
        let peer = try peer(winning: winning)
        #expect(SingleLink.judge(claim(peer), against: known(peer, incarnation: nil), own: own, over: link) == .accept)
        #expect(SingleLink.judge(claim(peer, incarnation: 2), against: known(peer), own: own, over: link) == .accept)
    }

    @Test("a new process takes over whatever its predecessor left", arguments: [LinkDirection.dialled, .accepted])
    func newProcess(direction: LinkDirection) throws {
        for winning in [true, false] {
            let peer = try peer(winning: winning)
            let verdict = SingleLink.judge(
                claim(peer, incarnation: 2, dial: 1), against: known(peer, up: direction), own: own, over: link
            )
            #expect(verdict == .takeOver(.superseded))
        }
    }

    @Test("a process that was replaced before is refused: two of them share a key")
    func identityInUse() throws {
        let peer = try peer(winning: true)
        var record = known(peer, up: .accepted, incarnation: 2)
        record.formerIncarnations = [1]
        #expect(
            SingleLink.judge(claim(peer, dial: 50), against: record, own: own, over: link) == .refuse(.identityInUse))
        record.up = nil
        #expect(
            SingleLink.judge(claim(peer, dial: 50), against: record, own: own, over: link) == .refuse(.identityInUse))
    }

    @Test(
        "a later dial over the peer's own link takes over, an earlier or equal one is stale", arguments: [true, false])
    func laterDial(winning: Bool) throws {
        let peer = try peer(winning: winning)
        let record = known(peer, up: .accepted, sequence: 3)
        #expect(SingleLink.judge(claim(peer, dial: 4), against: record, own: own, over: link) == .takeOver(.superseded))
        #expect(SingleLink.judge(claim(peer, dial: 3), against: record, own: own, over: link) == .refuse(.staleDial))
        #expect(SingleLink.judge(claim(peer, dial: 2), against: record, own: own, over: link) == .refuse(.staleDial))
    }

    @Test("a peer that has seen our link end takes over", arguments: [true, false])
    func sawItEnd(winning: Bool) throws {
        let peer = try peer(winning: winning)
        let record = known(peer, up: .dialled, sequence: 3)
        #expect(
            SingleLink.judge(claim(peer, ended: 3), against: record, own: own, over: link) == .takeOver(.superseded))
        #expect(
            SingleLink.judge(claim(peer, ended: 4), against: record, own: own, over: link) == .takeOver(.superseded))
    }

    @Test("a dial that crossed our link is settled by the pair's hash")
    func crossedUp() throws {
        let (winner, loser) = (try peer(winning: true), try peer(winning: false))
        let crossed = { (peer: Identity) in
            SingleLink.judge(
                self.claim(peer, ended: 2), against: self.known(peer, up: .dialled), own: self.own, over: self.link)
        }
        #expect(crossed(winner) == .takeOver(.glare))
        #expect(crossed(loser) == .refuse(.glare))
    }

    @Test("a dial that crossed ours is settled by the pair's hash once our Hello is out")
    func crossedDial() throws {
        let (winner, loser) = (try peer(winning: true), try peer(winning: false))
        let crossed = { (peer: Identity, isGreeted: Bool) in
            SingleLink.judge(
                self.claim(peer), against: self.dialling(peer, isGreeted: isGreeted), own: self.own, over: self.link
            )
        }
        #expect(crossed(winner, true) == .accept)
        #expect(crossed(loser, true) == .refuse(.glare))
        #expect(crossed(winner, false) == .accept)
        #expect(crossed(loser, false) == .accept)
    }

    @Test("another incarnation over a connection from before the record is the last word of a process that ended")
    func lateWords() throws {
        let peer = try peer(winning: true)
        var record = known(peer, up: .accepted)
        record.incarnationSince = LinkID(number: 10)
        let late = SingleLink.judge(claim(peer, incarnation: 2), against: record, own: own, over: link)
        #expect(late == .refuse(.staleDial))
        record.incarnationSince = LinkID(number: 9)
        let fresh = SingleLink.judge(claim(peer, incarnation: 2), against: record, own: own, over: link)
        #expect(fresh == .takeOver(.superseded))
    }
}
