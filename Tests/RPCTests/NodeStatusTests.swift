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

    @Test("what was measured of a link stands with its peer, and nothing stands with a peer that was not measured")
    func measured() throws {
        let links = [
            Fixture.link(2, Fixture.friend, Fixture.endpoint(2), .up, upAt: .zero),
            Fixture.link(3, Fixture.other, Fixture.endpoint(3), .up, upAt: .zero),
        ]
        let path = LinkMeasurement.Path(
            roundTrip: .microseconds(20_450), variation: .microseconds(900), leastRoundTrip: .microseconds(20_110),
            calm: LinkMeasurement.Path.Calm(roundTrip: .microseconds(20_200), variation: .microseconds(210)),
            segmentsSent: 812, retransmitted: 3, heardAt: Fixture.seconds(58)
        )
        let status = Fixture.status(
            links: links, measured: [LinkMeasurement(link: LinkID(number: 2), incarnation: 0x1f, path: path)]
        )
        let json = try JSONEncoder().encode(status)
        #expect(try JSONDecoder().decode(NodeStatus.self, from: json) == status)
        #expect(status.incarnation == "00000000000000ab")
        #expect(status.slotIntervalSeconds == 10)
        #expect(status.peers[0].incarnation == "000000000000001f")
        #expect(status.peers[0].path?.roundTripMicroseconds == 20_450)
        #expect(status.peers[0].path?.silentSeconds == 2)
        #expect(status.peers[1].path == nil && status.peers[1].incarnation == nil)
        #expect(String(decoding: json, as: UTF8.self).components(separatedBy: "silent_seconds").count == 2)
    }

    @Test("a status of a program that measured nothing is read as one")
    func olderStatus() throws {
        let json = try JSONEncoder().encode(Fixture.status())
        var members = try #require(try JSONSerialization.jsonObject(with: json) as? [String: Any])
        for key in ["wall_ms", "incarnation", "slot_interval_seconds", "loop"] { members[key] = nil }
        let status = try JSONDecoder().decode(
            NodeStatus.self, from: try JSONSerialization.data(withJSONObject: members)
        )
        #expect(status.wallMilliseconds == nil && status.loop == nil && status.incarnation == nil)
    }

    @Test("the last sixteen stalls are kept, all are counted, and a short delay is none")
    func stalls() {
        var loop = LoopStatus()
        loop.note(late: .milliseconds(999), wall: WallTime(milliseconds: 5_000))
        #expect(loop == LoopStatus())
        for second in Int64(1)...20 { loop.note(late: .seconds(second), wall: WallTime(milliseconds: 50_000)) }
        #expect(loop.stallsSeen == 20)
        #expect(loop.stalls.map(\.lastedMilliseconds) == (Int64(5)...20).map { $0 * 1_000 })
        #expect(loop.stalls.last?.beganMilliseconds == 30_000)
    }
}
