import Kernel
import Testing
import Wire

@testable import Discovery

@Suite("discovery static")
struct StaticPeersTests {
    private func rig(_ peers: [Int]) -> Rig {
        Rig(
            StaticPeers(options: .init(peers: peers.map { .init(identity: nil, endpoint: Rig.endpoint($0)) })),
            masternodes: 3)
    }

    @Test("the listed addresses are wanted in their order, without ourselves; masternodes by name")
    func start() {
        let rig = rig([9, 1, 0])
        rig.start()
        #expect(
            rig.calls.map(\.wishes) == [
                [
                    Wish(identity: nil, endpoint: Rig.endpoint(9), isMasternode: false),
                    Wish(identity: Rig.identity(1), endpoint: Rig.endpoint(1), isMasternode: true),
                ]
            ]
        )
    }

    @Test("a peer that is listed with its identity is wanted where the profile says, whatever the network file does")
    func elsewhere() {
        let peers = [
            StaticPeersOptions.Peer(identity: Rig.identity(2), endpoint: Rig.endpoint(70)),
            StaticPeersOptions.Peer(identity: Rig.identity(0), endpoint: Rig.endpoint(72)),
        ]
        let rig = Rig(StaticPeers(options: .init(peers: peers)), masternodes: 3)
        rig.start()
        #expect(
            rig.calls.map(\.wishes) == [
                [Wish(identity: Rig.identity(2), endpoint: Rig.endpoint(70), isMasternode: true)]
            ]
        )
    }

    @Test("every interval the same are wanted again")
    func periodic() {
        let rig = rig([2])
        rig.start()
        rig.advance(by: .seconds(240))
        #expect(rig.calls.map(\.pass) == [.start, .periodic, .periodic])
        #expect(rig.calls.allSatisfy { $0.wishes == rig.calls[0].wishes })
    }
}
