import Testing
import Wire

@testable import Kernel

@Suite struct StatusLedgerTests {
    typealias Fixture = StatusFixture

    private var ledger = StatusLedger(network: Fixture.network)

    private mutating func record(_ event: Event, at second: Int64 = 1) {
        ledger.record(event, at: Fixture.seconds(second), wall: WallTime(milliseconds: second * 1_000))
    }

    @Test("a failed dial of a masternode's address is filed under its identity")
    mutating func failedDial() {
        record(.dialStarted(LinkID(number: 1), Fixture.endpoint(2), nil))
        record(.dialFailed(LinkID(number: 1), Fixture.endpoint(2), .connectionRefused))
        let peer = ledger.peer(.identity(Fixture.friend))
        #expect(peer?.tallies.dials == 1)
        #expect(peer?.tallies.dialFailures == 1)
        #expect(peer?.outcomes.map(\.reason) == [.connectionRefused])
        #expect(peer?.outcomes.first?.ender == .transport)
    }

    @Test("a dial to a bare address that reaches somebody is merged into that peer")
    mutating func mergedAddress() {
        let address = Fixture.endpoint(77)
        record(.dialStarted(LinkID(number: 1), address, nil))
        record(.dialFailed(LinkID(number: 1), address, .unreachable))
        record(.dialStarted(LinkID(number: 2), address, nil))
        record(.linkUp(LinkID(number: 2), Fixture.stranger, address, .dialled))
        #expect(ledger.peer(.address(address)) == nil)
        let peer = ledger.peer(.identity(Fixture.stranger))
        #expect(peer?.tallies.dials == 2)
        #expect(peer?.tallies.linksUp == 1)
        #expect(peer?.outcomes.map(\.reason) == [.unreachable])
    }

    @Test("a lost link says who ended it and why")
    mutating func lostLink() {
        let (id, address) = (LinkID(number: 5), Fixture.endpoint(2))
        record(.linkUp(id, Fixture.friend, address, .accepted))
        record(
            .linkEnded(id, Fixture.friend, address, .endOfStream, .peer, wasUp: true, direction: .accepted), at: 9
        )
        let outcome = ledger.peer(.identity(Fixture.friend))?.outcomes.last
        #expect(outcome?.kind == .lost)
        #expect(outcome?.ender == .peer)
        #expect(outcome?.at == WallTime(milliseconds: 9_000))
        #expect(outcome?.inWords == "lost: end-of-stream (by peer)")
        #expect(ledger.counters.linksLost == 1)
    }

    @Test("a refusal and the end of the refused link are one piece of news")
    mutating func refusalOnce() {
        let (id, address) = (LinkID(number: 5), Fixture.endpoint(2, port: 51_000))
        record(.refused(id, Fixture.friend, address, .duplicate))
        record(.linkEnded(id, Fixture.friend, address, .duplicate, .us, wasUp: false, direction: .accepted))
        let peer = ledger.peer(.identity(Fixture.friend))
        #expect(peer?.outcomes.map(\.kind) == [.refused])
        #expect(peer?.tallies.refusals == 1)
        #expect(ledger.counters.refusals == 1)
        #expect(ledger.counters.linksFailed == 1)
    }

    @Test("a connection that broke unseen is news, also behind one that was turned away")
    mutating func brokenUnseen() {
        let address = Fixture.endpoint(200, port: 50_000)
        record(.refused(.unknown, nil, address, .tooFast))
        record(.linkEnded(.unknown, nil, address, .reset, .transport, wasUp: false, direction: .accepted))
        let outcomes = ledger.peer(.address(Endpoint(ip: address.ip, port: 0)))?.outcomes
        #expect(outcomes?.map(\.inWords) == ["refused: too-fast (by us)", "failed: reset (by transport)"])
    }

    @Test("callers without a name are filed under their host, whatever port they call from")
    mutating func namelessCallers() {
        for port in 50_000..<50_003 {
            let address = Fixture.endpoint(200, port: UInt16(port))
            record(.refused(LinkID(number: UInt64(port)), nil, address, .handshakeTimeout))
        }
        let host = PeerKey.address(Endpoint(ip: Fixture.endpoint(200).ip, port: 0))
        #expect(ledger.peers.map(\.key) == [host])
        #expect(ledger.peer(host)?.tallies.refusals == 3)
    }

    @Test("sixteen outcomes of a peer are remembered, the newest")
    mutating func boundedOutcomes() {
        for number in 1...40 {
            record(.dialFailed(LinkID(number: UInt64(number)), Fixture.endpoint(2), .connectTimeout))
        }
        let outcomes = ledger.peer(.identity(Fixture.friend))?.outcomes ?? []
        #expect(outcomes.map(\.link.number) == Array(25...40))
    }

    @Test("ten thousand strangers neither grow the ledger nor push a masternode out")
    mutating func boundedPeers() {
        record(.dialFailed(LinkID(number: 1), Fixture.endpoint(2), .connectTimeout), at: 0)
        for number in 0..<10_000 {
            let address = Fixture.endpoint(10_000 + UInt32(number))
            record(.refused(LinkID(number: UInt64(number + 2)), nil, address, .wrongNetwork), at: Int64(number + 1))
        }
        let least = StatusLedger.peerLimit - StatusLedger.forgottenAtOnce
        #expect((least...StatusLedger.peerLimit).contains(ledger.peers.count))
        #expect(ledger.peer(.identity(Fixture.friend)) != nil)
        // Whoever was heard of last is remembered.
        for host in (20_000 - UInt32(least) + 1)..<20_000 {
            #expect(ledger.peer(.address(Endpoint(ip: Fixture.endpoint(host).ip, port: 0))) != nil)
        }
        #expect(ledger.counters.refusals == 10_000)
    }

    @Test("a ledger full of masternodes forgets one of them for somebody new, and the only stranger before any of them")
    mutating func fullOfMasternodes() {
        let members = (1...UInt32(StatusLedger.peerLimit)).map { number in
            NetworkView.Masternode(
                name: "m\(number)", identity: Fixture.identity(UInt64(number)), endpoint: Fixture.endpoint(number)
            )
        }
        ledger.network = NetworkView(
            name: "test", genesis: WallTime(milliseconds: 0), slotInterval: .seconds(10), minimumMasternodes: 2,
            masternodes: members
        )
        for (index, member) in members.enumerated() {
            let endpoint = member.endpoint ?? Fixture.endpoint(0)
            record(.dialFailed(LinkID(number: UInt64(index + 1)), endpoint, .connectTimeout), at: Int64(index))
        }
        #expect(ledger.peers.count == StatusLedger.peerLimit)
        for (index, host) in [20_001, 20_002].enumerated() as EnumeratedSequence<[UInt32]> {
            let link = LinkID(number: UInt64(5_000 + index))
            record(.refused(link, nil, Fixture.endpoint(host), .wrongNetwork), at: Int64(5_000 + index))
        }
        #expect(ledger.peers.count == StatusLedger.peerLimit)
        #expect(ledger.peer(.identity(members[0].identity)) == nil)
        #expect(ledger.peer(.identity(members[1].identity)) != nil)
        #expect(ledger.peer(.address(Endpoint(ip: Fixture.endpoint(20_001).ip, port: 0))) == nil)
        #expect(ledger.peer(.address(Endpoint(ip: Fixture.endpoint(20_002).ip, port: 0))) != nil)
    }
}
