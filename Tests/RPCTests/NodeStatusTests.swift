import Foundation
import Testing
import Wire

@testable import Kernel

@Suite struct NodeStatusTests {
    typealias Fixture = StatusFixture

    @Test("every other masternode is listed, also one that nothing is known of")
    func listsAllMasternodes() {
        let status = Fixture.status()
        #expect(status.peers.map(\.name) == ["two", "three"])
        #expect(status.peers.allSatisfy { $0.state == .down && $0.ageSeconds == nil })
        #expect(status.peers.first?.address == Fixture.endpoint(2))
        #expect(status.name == "one")
        #expect(status.connectedPeers == 0)
    }

    @Test("the best link of a peer speaks for it: up before handshaking, newest first")
    func bestLink() {
        let up = Fixture.seconds(20)
        let status = Fixture.status(links: [
            Fixture.link(3, Fixture.friend, Fixture.endpoint(2), .up, upAt: up),
            Fixture.link(4, Fixture.friend, Fixture.endpoint(2, port: 50_000), .handshaking, direction: .accepted),
        ])
        let peer = status.peers.first
        #expect(peer?.state == .up)
        #expect(peer?.link == 3)
        #expect(peer?.links == 2)
        #expect(peer?.ageSeconds == 40)
        #expect(peer?.direction == .dialled)
        #expect(status.connectedPeers == 1)
    }

    @Test("strangers come after the masternodes, with a link or without")
    func strangers() {
        var ledger = StatusLedger(network: Fixture.network)
        ledger.record(
            .dialFailed(LinkID(number: 1), Fixture.endpoint(99), .unreachable), at: .zero,
            wall: WallTime(milliseconds: 0)
        )
        let status = Fixture.status(
            links: [Fixture.link(2, Fixture.stranger, Fixture.endpoint(50), .up, upAt: .zero)], ledger: ledger
        )
        #expect(status.peers.map(\.identity) == [Fixture.friend, Fixture.other, Fixture.stranger, nil])
        #expect(status.peers.last?.address == Fixture.endpoint(99))
        #expect(status.peers.last?.last.map(\.reason) == [.unreachable])
        #expect(status.connectedPeers == 1)
    }

    @Test("a status survives its JSON")
    func roundTrip() throws {
        var ledger = StatusLedger(network: Fixture.network)
        ledger.record(
            .linkEnded(
                LinkID(number: 1), Fixture.friend, Fixture.endpoint(2), .pingTimeout, .us, wasUp: true,
                direction: .dialled
            ),
            at: .zero, wall: WallTime(milliseconds: 1_765_941_780_000)
        )
        let status = Fixture.status(
            links: [Fixture.link(2, Fixture.other, Fixture.endpoint(3), .up, upAt: .zero)], ledger: ledger
        )
        let json = try JSONEncoder().encode(status)
        #expect(try JSONDecoder().decode(NodeStatus.self, from: json) == status)
        let text = String(decoding: json, as: UTF8.self)
        #expect(text.contains(#""at":"2025-12-17T03:23:00Z""#))
        #expect(text.contains(#""ended_by":"us""#))
    }
}
