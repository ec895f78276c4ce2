import Kernel
import Testing
import Wire

@testable import TimenodeCommands

@Suite("peers --why") struct PeerReportTests {
    private static func identity(_ number: UInt64) -> Identity { Identity(key: Bytes32(number, 0, 0, 0)) }

    private static func endpoint(_ host: UInt32, _ port: UInt16 = 24_100) -> Endpoint {
        Endpoint(ip: IPAddress(version4: 10 << 24 | host), port: port)
    }

    private static let network = NetworkView(
        name: "test", genesis: WallTime(milliseconds: 0), slotInterval: .seconds(10), minimumMasternodes: 2,
        masternodes: (1...3).map { number in
            NetworkView.Masternode(
                name: "node\(number)", identity: identity(UInt64(number)), endpoint: endpoint(UInt32(number))
            )
        }
    )

    private func peers() -> [PeerStatus] {
        var ledger = StatusLedger(network: Self.network)
        func record(_ event: Event, _ second: Int64) {
            ledger.record(event, at: .zero, wall: WallTime(milliseconds: 1_765_941_780_000 + second * 1_000))
        }
        let (peer, place) = (Self.identity(2), Self.endpoint(2))
        record(.dialStarted(LinkID(number: 1), place, peer), 0)
        record(.dialFailed(LinkID(number: 1), place, .connectionRefused), 1)
        record(.linkUp(LinkID(number: 2), peer, place, .dialled), 2)
        record(.blockRejected(peer, .badSignature), 3)
        record(.linkEnded(LinkID(number: 2), peer, place, .duplicate, .peer, wasUp: true, direction: .dialled), 4)
        record(.refused(LinkID(number: 3), peer, Self.endpoint(2, 50_000), .identityInUse), 5)
        return NodeStatus(
            identity: Self.identity(1), address: Self.endpoint(1), version: "1", network: Self.network,
            chain: ChainStatus(height: 0, hash: .genesis, activeMasternodes: 1), links: [], ledger: ledger, now: .zero
        ).peers
    }

    @Test("each end stands there with its reason and who decided, oldest first") func table() {
        let expected = """
            node2 (10.0.0.2:24100): down; 1 dials, 1 came up, 1 lost, 1 refused
              WHEN                  WHAT             REASON                WHO DECIDED  LINK
              2025-12-17T03:23:01Z  dial-failed      connection-refused    the network  #1, dialled
              2025-12-17T03:23:03Z  block not taken  bad-signature         we           -
              2025-12-17T03:23:04Z  lost             peer said: duplicate  the peer     #2, dialled
              2025-12-17T03:23:05Z  refused          identity-in-use       we           #3, accepted

            node3 (10.0.0.3:24100): down; 0 dials, 0 came up, 0 lost, 0 refused
              nothing has ended

            """
        #expect(PeerReport.text(peers()) == expected)
    }

    @Test(
        "a peer is meant by its name, its address, or the first digits of its identity",
        arguments: [
            ("node2", true), ("10.0.0.2:24100", true), ("10.0.0.2", true), ("0000000000000002", true), ("node", false),
            ("000", false), ("10.0.0.3", false), ("", false),
        ])
    func called(_ word: String, _ isMeant: Bool) throws {
        let peer = try #require(peers().first)
        #expect(PeerReport.isCalled(word, peer) == isMeant)
    }
}
