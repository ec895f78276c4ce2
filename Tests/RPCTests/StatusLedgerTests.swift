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
        let ends = ledger.callers(at: Fixture.seconds(1)).first?.ends ?? []
        #expect(ends.map(\.outcome) == [.refused, .failed])
        #expect(ends.map(\.reason) == [.tooFast, .reset])
        #expect(ends.map(\.ender) == [.us, .transport])
    }

    @Test(
        "callers without a proven name are filed by their network, whatever they claim and whatever port they call from"
    )
    mutating func unprovenCallers() {
        for number in 0..<300 {
            let caller = Fixture.endpoint(0x0200 + UInt32(number % 3), port: UInt16(50_000 + number))
            let claimed = number % 2 == 0 ? Fixture.identity(UInt64(1_000 + number)) : nil
            let link = LinkID(number: UInt64(number + 1))
            record(.refused(link, claimed, caller, .wrongNetwork), at: Int64(number))
            record(.linkEnded(link, claimed, caller, .wrongNetwork, .us, wasUp: false, direction: .accepted))
        }
        #expect(ledger.peers.isEmpty)
        let groups = ledger.callers(at: Fixture.seconds(300))
        #expect(groups.map(\.name) == ["10.0.2.0/24"])
        #expect(groups.map(\.attempts) == [300])
        #expect(groups.first?.ends.map(\.count) == [300])
        #expect(groups.first?.lastAddress == Fixture.endpoint(0x0202).ip)
        #expect(ledger.problems.isEmpty)
    }

    @Test("a masternode's name counts from its own address, and a stranger who claims it leaves no trace in its entry")
    mutating func claimedName() {
        record(.refused(LinkID(number: 1), Fixture.friend, Fixture.endpoint(2, port: 50_000), .badSignature))
        record(.refused(LinkID(number: 2), Fixture.friend, Fixture.endpoint(0x0201), .badSignature))
        #expect(ledger.peer(.identity(Fixture.friend))?.tallies.refusals == 1)
        #expect(ledger.callers(at: Fixture.seconds(1)).map(\.attempts) == [1])
    }

    @Test("a peer that was linked from an address before is known there by its name")
    mutating func returningPeer() {
        let address = Fixture.endpoint(0x0301, port: 50_000)
        record(.linkUp(LinkID(number: 1), Fixture.stranger, address, .accepted))
        record(
            .linkEnded(
                LinkID(number: 1), Fixture.stranger, address, .endOfStream, .peer, wasUp: true, direction: .accepted))
        record(.refused(LinkID(number: 2), Fixture.stranger, Fixture.endpoint(0x0301, port: 50_001), .banned))
        #expect(ledger.peer(.identity(Fixture.stranger))?.outcomes.map(\.reason) == [.endOfStream, .banned])
        #expect(ledger.callers(at: Fixture.seconds(1)).isEmpty)
    }

    @Test("groups of callers are forgotten an hour after their last call, and there are never more than 256")
    mutating func callersExpire() {
        record(.refused(LinkID(number: 1), nil, Fixture.endpoint(0x0100), .handshakeTimeout), at: 0)
        record(.refused(LinkID(number: 2), nil, Fixture.endpoint(0x0200), .handshakeTimeout), at: 60)
        #expect(ledger.callers(at: Fixture.seconds(3_599)).map(\.name) == ["10.0.2.0/24", "10.0.1.0/24"])
        #expect(ledger.callers(at: Fixture.seconds(3_601)).map(\.name) == ["10.0.2.0/24"])
        for number in UInt32(0)..<1_000 {
            record(.refused(LinkID(number: UInt64(number + 3)), nil, Fixture.endpoint(number << 8), .tooFast), at: 70)
        }
        let groups = ledger.callers(at: Fixture.seconds(70))
        #expect(groups.count == CallerGroups.limit)
        #expect(groups.contains { $0.network == Fixture.endpoint(999 << 8).ip })
    }

    @Test(
        "another process with this node's key is a problem, and so is a masternode of another network",
        arguments: [
            (Reason.identityInUse, LinkEnder.peer, UInt32(0x0301), StatusProblem.Code.identityInUse),
            (.identityInUse, .us, 2, .peerIdentityInUse), (.wrongNetwork, .peer, 2, .wrongNetwork),
            (.wrongNetwork, .us, 2, .wrongNetwork), (.differentAgreement, .peer, 2, .differentAgreement),
        ]
    )
    mutating func problems(reason: Reason, ender: LinkEnder, host: UInt32, code: StatusProblem.Code) {
        for number in 1...2 {
            record(
                .linkEnded(
                    LinkID(number: UInt64(number)), nil, Fixture.endpoint(host), reason, ender, wasUp: false,
                    direction: .dialled
                ),
                at: Int64(number)
            )
        }
        #expect(ledger.problems == [StatusProblem(code: code, at: WallTime(milliseconds: 2_000), count: 2)])
        #expect(!code.remedy.isEmpty)
    }

    @Test("what a peer holds otherwise is filed where it was dialled, or at the address of a masternode")
    mutating func differences() {
        let (dialled, caller) = (LinkID(number: 1), LinkID(number: 2))
        record(.dialStarted(dialled, Fixture.endpoint(77), Fixture.stranger))
        record(.agreementDiffers(dialled, nil, Fixture.endpoint(77), value: "slot_interval"))
        #expect(ledger.peer(.identity(Fixture.stranger))?.difference == "slot_interval")
        record(.agreementDiffers(caller, Fixture.friend, Fixture.endpoint(0x0301), value: "genesis"))
        #expect(ledger.peer(.identity(Fixture.friend))?.difference == nil)
        record(.agreementDiffers(caller, Fixture.friend, Fixture.endpoint(2, port: 51_000), value: "genesis"))
        #expect(ledger.peer(.identity(Fixture.friend))?.difference == "genesis")
    }

    @Test("strangers of other networks are no problem of this node")
    mutating func strangersOfOtherNetworks() {
        record(.refused(LinkID(number: 1), Fixture.stranger, Fixture.endpoint(0x0301), .wrongNetwork))
        record(.refused(LinkID(number: 2), Fixture.stranger, Fixture.endpoint(0x0301), .identityInUse))
        #expect(ledger.problems.isEmpty)
    }

    @Test("sixteen outcomes of a peer are remembered, the newest")
    mutating func boundedOutcomes() {
        for number in 1...40 {
            record(.dialFailed(LinkID(number: UInt64(number)), Fixture.endpoint(2), .connectTimeout))
        }
        let outcomes = ledger.peer(.identity(Fixture.friend))?.outcomes ?? []
        #expect(outcomes.map(\.link.number) == Array(25...40))
    }

    @Test("ten thousand proven strangers neither grow the ledger nor push a masternode out")
    mutating func boundedPeers() {
        record(.dialFailed(LinkID(number: 1), Fixture.endpoint(2), .connectTimeout), at: 0)
        for number in UInt64(0)..<10_000 {
            let address = Fixture.endpoint(10_000 + UInt32(number))
            record(
                .linkUp(LinkID(number: number + 2), Fixture.identity(100 + number), address, .accepted),
                at: Int64(number + 1)
            )
        }
        let least = StatusLedger.peerLimit - StatusLedger.forgottenAtOnce
        #expect((least...StatusLedger.peerLimit).contains(ledger.peers.count))
        #expect(ledger.peer(.identity(Fixture.friend)) != nil)
        // Those that were heard of last are remembered.
        for number in (10_100 - UInt64(least) + 1)..<10_100 {
            #expect(ledger.peer(.identity(Fixture.identity(number))) != nil)
        }
        #expect(ledger.counters.linksUp == 10_000)
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
        for number in UInt64(1)...2 {
            let identity = Fixture.identity(20_000 + number)
            record(
                .linkUp(LinkID(number: 5_000 + number), identity, Fixture.endpoint(20_000 + UInt32(number)), .accepted),
                at: Int64(5_000 + number)
            )
        }
        #expect(ledger.peers.count == StatusLedger.peerLimit)
        #expect(ledger.peer(.identity(members[0].identity)) == nil)
        #expect(ledger.peer(.identity(members[1].identity)) != nil)
        #expect(ledger.peer(.identity(Fixture.identity(20_001))) == nil)
        #expect(ledger.peer(.identity(Fixture.identity(20_002))) != nil)
    }
}
