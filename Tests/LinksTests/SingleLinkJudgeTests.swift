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
        peer.process = incarnation.map { SingleLink.PeerProcess(incarnation: $0) }
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

    /// In a handshake that proves which process speaks, unless said otherwise.
    private func judge(
        _ claim: SingleLink.Claim, against peer: SingleLink.Peer, provesProcess: Bool = true
    ) -> SingleLink.Verdict {
        SingleLink.judge(claim, against: peer, own: own, over: link, provesProcess: provesProcess)
    }

    @Test("a peer without a link is accepted", arguments: [true, false])
    func fresh(winning: Bool) throws {
        let peer = try peer(winning: winning)
        #expect(judge(claim(peer), against: known(peer, incarnation: nil)) == .accept)
        #expect(judge(claim(peer, incarnation: 2), against: known(peer)) == .accept)
    }

    @Test("a new process takes over whatever its predecessor left", arguments: [LinkDirection.dialled, .accepted])
    func newProcess(direction: LinkDirection) throws {
        for winning in [true, false] {
            let peer = try peer(winning: winning)
            let verdict = judge(claim(peer, incarnation: 2, dial: 1), against: known(peer, up: direction))
            #expect(verdict == .takeOver(.superseded))
        }
    }

    @Test("without proof of the process, one that was replaced before is refused: two of them share a key")
    func unprovenFormer() throws {
        let peer = try peer(winning: true)
        var record = known(peer, up: .accepted, incarnation: 2)
        record.formerProcesses = [former(1)]
        for isUp in [true, false] {
            if !isUp { record.up = nil }
            #expect(judge(claim(peer, dial: 50), against: record, provesProcess: false) == .refuse(.identityInUse))
        }
    }

    @Test("a proven process that was replaced before is let in where the one that replaced it has no link any more")
    func formerComesBack() throws {
        let peer = try peer(winning: true)
        var record = known(peer, incarnation: 2)
        record.formerProcesses = [former(1)]
        #expect(judge(claim(peer, dial: 50), against: record) == .accept)
        record.incarnationSince = LinkID(number: 10)
        #expect(judge(claim(peer, dial: 50), against: record) == .refuse(.staleDial))
    }

    @Test("of two proven processes with one key the one that started first keeps the link, whichever comes again")
    func twoProcesses() throws {
        let peer = try peer(winning: true)
        for (mine, other, wins) in [(5, 9, true), (9, 5, false), (5, 5, true)] as [(Int64, Int64, Bool)] {
            var record = known(peer, up: .accepted, incarnation: 2)
            record.process?.statement = ProcessStatement(started: other, said: 0, signature: .none)
            record.formerProcesses = [former(1)]
            var newcomer = claim(peer)
            newcomer.statement = ProcessStatement(started: mine, said: 0, signature: .none)
            // Of one moment, the lower incarnation counts as the first: here 1 beside 2.
            let expected: SingleLink.Verdict = wins ? .takeOver(.identityInUse) : .refuse(.identityInUse)
            #expect(judge(newcomer, against: record) == expected)
        }
    }

    @Test("without statements the process that was known first keeps the link")
    func twoSilentProcesses() throws {
        let peer = try peer(winning: true)
        var record = known(peer, up: .accepted, incarnation: 2)
        record.formerProcesses = [former(1)]
        #expect(judge(claim(peer), against: record) == .takeOver(.identityInUse))
    }

    private func former(_ incarnation: UInt64) -> SingleLink.FormerProcess {
        SingleLink.FormerProcess(process: SingleLink.PeerProcess(incarnation: incarnation), endedSequence: 0)
    }

    @Test(
        "a later dial over the peer's own link takes over, an earlier or equal one is stale", arguments: [true, false])
    func laterDial(winning: Bool) throws {
        let peer = try peer(winning: winning)
        let record = known(peer, up: .accepted, sequence: 3)
        #expect(judge(claim(peer, dial: 4), against: record) == .takeOver(.superseded))
        #expect(judge(claim(peer, dial: 3), against: record) == .refuse(.staleDial))
        #expect(judge(claim(peer, dial: 2), against: record) == .refuse(.staleDial))
    }

    @Test("a peer that has seen our link end takes over", arguments: [true, false])
    func sawItEnd(winning: Bool) throws {
        let peer = try peer(winning: winning)
        let record = known(peer, up: .dialled, sequence: 3)
        #expect(
            judge(claim(peer, ended: 3), against: record) == .takeOver(.superseded))
        #expect(
            judge(claim(peer, ended: 4), against: record) == .takeOver(.superseded))
    }

    @Test("a dial that crossed our link is settled by the pair's hash")
    func crossedUp() throws {
        let (winner, loser) = (try peer(winning: true), try peer(winning: false))
        let crossed = { (peer: Identity) in
            judge(self.claim(peer, ended: 2), against: self.known(peer, up: .dialled))
        }
        #expect(crossed(winner) == .takeOver(.glare))
        #expect(crossed(loser) == .refuse(.glare))
    }

    @Test("a dial that crossed ours is settled by the pair's hash once our Hello is out")
    func crossedDial() throws {
        let (winner, loser) = (try peer(winning: true), try peer(winning: false))
        let crossed = { (peer: Identity, isGreeted: Bool) in
            judge(self.claim(peer), against: self.dialling(peer, isGreeted: isGreeted))
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
        let late = judge(claim(peer, incarnation: 2), against: record)
        #expect(late == .refuse(.staleDial))
        record.incarnationSince = LinkID(number: 9)
        let fresh = judge(claim(peer, incarnation: 2), against: record)
        #expect(fresh == .takeOver(.superseded))
    }
}
