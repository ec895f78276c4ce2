import Kernel
import Testing
import Wire

@testable import Discovery

@Suite("discovery gossip: beside the other modules")
struct GossipCompositionTests {
    @Test("masternode-priority wants a masternode where it says it is, and asks nobody else")
    func masternodes() {
        let rig = GossipRig(beside: [MasternodePriority(options: .init())])
        rig.start()
        #expect(rig.wanted.allSatisfy { $0.wishes.isEmpty })
        rig.tell([GossipRig.record(2)], over: rig.accept(1))
        #expect(
            rig.wanted.last?.wishes
                == [Wish(identity: Rig.identity(2), endpoint: GossipRig.endpoint(2), isMasternode: true)])
    }

    @Test("a masternode with two addresses is wanted at the next one after a dial in vain")
    func twoAddresses() {
        let rig = GossipRig(beside: [MasternodePriority(options: .init())])
        rig.start()
        let both = [GossipRig.endpoint(60), GossipRig.endpoint(61)]
        rig.tell([GossipRig.record(2) { $0.endpoints = both }], over: rig.accept(1))
        #expect(rig.wanted.last?.wishes.map(\.endpoint) == [both[0]])
        rig.fail(both[0])
        #expect(rig.wanted.last?.wishes.map(\.endpoint) == [both[1]])
        rig.advance(by: .seconds(2))
        rig.fail(both[1], .connectTimeout)
        #expect(rig.wanted.last?.wishes.map(\.endpoint) == [both[0]])
    }

    @Test("a masternode with two addresses that refuse is dialled once in two seconds, whatever links does at once")
    func refusing() {
        let rig = GossipRig(beside: [MasternodePriority(options: .init())])
        rig.start()
        let both = [GossipRig.endpoint(60), GossipRig.endpoint(61)]
        rig.tell([GossipRig.record(2) { $0.endpoints = both }], over: rig.accept(1))
        rig.clear()
        for _ in 0..<1000 {
            for endpoint in both { rig.fail(endpoint) }
            rig.advance(by: .milliseconds(10))
        }
        // Ten seconds: one turn at once, and one every two seconds; the passes are two minutes apart.
        let turns = (0..<6).map { [both[($0 + 1) % 2]] }
        #expect(rig.wanted.map { $0.wishes.map(\.endpoint) } == turns)
    }

    @Test("peer-fill tries a stranger's other addresses, once in two seconds")
    func strangersAddresses() {
        let rig = GossipRig(beside: [PeerFill(options: .init(slots: 3))])
        rig.start()
        let three = (60..<63).map { GossipRig.endpoint($0) }
        rig.tell([GossipRig.record(40) { $0.endpoints = three }], over: rig.accept(1))
        rig.advance(by: .seconds(121))
        #expect(rig.wanted.last?.wishes.map(\.endpoint) == [three[0]])
        for next in [1, 2, 0] {
            rig.fail(three[(next + 2) % 3])
            rig.advance(by: .seconds(2))
            #expect(rig.wanted.last?.wishes.map(\.endpoint) == [three[next]])
        }
    }

    @Test("peer-fill fills its slots with strangers, never with masternodes or ourselves")
    func strangers() {
        let rig = GossipRig(beside: [PeerFill(options: .init(slots: 3))])
        rig.start()
        let link = rig.accept(1)
        rig.tell((2..<4).map { GossipRig.record($0) } + (40..<50).map { GossipRig.record($0) }, over: link)
        rig.advance(by: .seconds(121))
        let wishes = rig.wanted.last?.wishes ?? []
        #expect(wishes.count == 2, "one of three slots is taken by the link")
        #expect(wishes.allSatisfy { wish in (40..<50).contains { Rig.identity($0) == wish.identity } })
        #expect(wishes.allSatisfy { !$0.isMasternode })
    }
}
