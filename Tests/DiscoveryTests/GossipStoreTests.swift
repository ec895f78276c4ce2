import Kernel
import Store
import Testing
import Wire

@testable import Discovery

@Suite("discovery gossip: what it leaves in the store")
struct GossipStoreTests {
    @Test("a store that could not be read is left as it is, so that the next run has what it holds")
    func unread() {
        let store = MemoryStore()
        let first = GossipRig(store: store)
        first.start()
        first.tell([GossipRig.record(2)], over: first.accept(1))
        first.shutDown()
        #expect(store.count == 2)

        let broken = GossipRig(store: store, seed: 7)
        broken.isStoreBroken = true
        broken.start()
        broken.isStoreBroken = false
        broken.tell([GossipRig.record(3)], over: broken.accept(1))
        broken.advance(by: .seconds(120))
        broken.shutDown()
        #expect(store.count == 2)

        let last = GossipRig(store: store)
        last.start()
        #expect(last.offers.first?.map(\.identity) == [Rig.identity(2)])
    }

    @Test("what was learnt while a write was under way is written at the end")
    func underWay() {
        let store = MemoryStore()
        let rig = GossipRig(store: store)
        rig.start()
        let link = rig.accept(1)
        rig.tell([GossipRig.record(2)], over: link)
        rig.holdsWrites = true
        rig.advance(by: .seconds(31))
        #expect(store.count == 2)
        rig.tell([GossipRig.record(3)], over: link)
        rig.shutDown()
        #expect(store.count == 3)
    }

    @Test("more than fits one write is written at the end all the same")
    func manyRows() {
        let store = MemoryStore()
        let rig = GossipRig(store: store)
        rig.start()
        for teller in 0..<10 {
            let first = 1000 + 64 * teller
            rig.tell((first..<first + 64).map { GossipRig.record($0) }, over: rig.accept(900 + teller))
        }
        let held = 640 - rig.refusals.count
        #expect(held > 257)
        rig.holdsWrites = true
        rig.shutDown()
        #expect(store.count == held + 1, "the head and everybody who was taken in")
    }
}

@Suite("discovery gossip: when its profile changes")
struct GossipReloadTests {
    @Test("what others should dial from now on is told at once, and no more where there is nothing")
    func advertised() throws {
        let (here, there) = (GossipRig.endpoint(77), GossipRig.endpoint(78))
        let rig = GossipRig(endpoint: try #require(Endpoint("0.0.0.0:24100")))
        rig.start()
        let link = rig.accept(1)
        #expect(rig.records(to: link).isEmpty)
        try rig.reload(GossipOptions(advertise: [here]))
        let first = try #require(rig.records(to: link).last?.first)
        #expect(first.endpoints == [here])
        try rig.reload(GossipOptions(advertise: [there]))
        let second = try #require(rig.records(to: link).last?.first)
        #expect(second.endpoints == [there] && second.sequence > first.sequence)

        rig.clear()
        try rig.reload(GossipOptions(advertise: [there]))
        #expect(rig.records(to: link).isEmpty)
        try rig.reload(GossipOptions())
        rig.receive(.getAddresses(limit: 64), over: link)
        rig.advance(by: .seconds(86_400))
        #expect(rig.records(to: link).isEmpty)
    }
}
