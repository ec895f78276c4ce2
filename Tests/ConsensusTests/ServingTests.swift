import Kernel
import Store
import Testing
import Wire

@testable import Consensus

@Suite("slot-leader: serving and restarting")
struct ServingTests {
    let network = TestNetwork(4)

    private func rig(
        holding blocks: [Block] = [], store: MemoryStore = MemoryStore(),
        options: SlotLeaderOptions = SlotLeaderOptions()
    ) -> Rig {
        let rig = Rig(3, of: network, options: options, store: store, wallAfterGenesis: .seconds(10_000))
        rig.start()
        for peer in 0..<2 { rig.link(to: peer) }
        for block in blocks { rig.receive(.block(block), from: 0) }
        rig.sent = []
        return rig
    }

    private func blocks(_ rig: Rig, from: UInt64, limit: UInt32) -> [Block]? {
        rig.receive(.getBlocks(from: from, limit: limit), from: 1)
        return rig.takeSent(to: 1).last?.blocks
    }

    @Test("blocks are served from memory")
    func memory() {
        let chain = network.chain(slots: 0..<20)
        let rig = rig(holding: chain)
        #expect(blocks(rig, from: 5, limit: 3) == Array(chain[4..<7]))
        #expect(blocks(rig, from: 19, limit: 100) == Array(chain[18...]))
        #expect(blocks(rig, from: 0, limit: 2) == Array(chain[..<2]))
        #expect(blocks(rig, from: 21, limit: 2) == [])
        #expect(blocks(rig, from: .max, limit: .max) == [])
        #expect(blocks(rig, from: 1, limit: 0) == [])
    }

    @Test("blocks below the window are served from the store")
    func store() {
        let chain = network.chain(slots: 0..<60)
        let rig = rig(holding: chain, options: SlotLeaderOptions(window: 16))
        #expect(blocks(rig, from: 5, limit: 50) == Array(chain[4..<54]))
    }

    @Test("one peer has one request at the store at a time; the others are answered at once, with nothing")
    func oneRead() {
        let chain = network.chain(slots: 0..<60)
        let rig = rig(holding: chain, options: SlotLeaderOptions(window: 16))
        rig.answersByItself = false
        for _ in 0..<3 { rig.receive(.getBlocks(from: 5, limit: 5), from: 1) }
        #expect(rig.answers.count == 1)
        #expect(rig.takeSent(to: 1) == [.blocks([]), .blocks([])])
        rig.answer()
        #expect(rig.takeSent(to: 1).count == 1)
    }

    @Test("an answer never outgrows its frame")
    func frame() throws {
        let chain = network.chain(slots: 0..<10, payload: Array(repeating: 7, count: 1_000_000))
        let rig = rig(holding: chain)
        let answer = Message.blocks(try #require(blocks(rig, from: 1, limit: 10)))
        #expect(answer.blocks?.count == 4)
        #expect(answer.isEncodable)
    }

    @Test("a restarted node continues from its store")
    func restart() {
        let chain = network.chain(slots: 0..<40)
        let store = MemoryStore()
        _ = rig(holding: chain, store: store, options: SlotLeaderOptions(window: 16))
        let again = rig(store: store, options: SlotLeaderOptions(window: 16))
        #expect(again.tip == chain[39].tip)
        let next = network.block(after: chain[39], slot: 44)
        again.receive(.block(next), from: 0)
        #expect(again.tip == next.tip)
        #expect(blocks(again, from: 1, limit: 100)?.count == 41)
    }

    @Test("a store whose last rows are damaged gives the chain below them")
    func damaged() throws {
        let chain = network.chain(slots: 0..<5)
        let store = MemoryStore()
        var batch = StoreBatch()
        for block in chain { batch.put(BlockRecord.key(block.height), BlockRecord.encode(block)) }
        batch.put(BlockRecord.key(5), [1, 2, 3])
        try store.apply(batch, in: Rig.space)
        let rig = rig(store: store)
        #expect(rig.tip == chain[3].tip)
        #expect(rig.events.contains { if case .note(.error, let text) = $0 { text.contains("row 5") } else { false } })
    }

    @Test("the state survives as JSON, and a module that is given it goes on without reading the store")
    func snapshot() throws {
        let chain = network.chain(slots: 0..<20)
        let rig = rig(holding: chain)
        let copy = try SlotLeader.State.copied(rig.consensusState)
        var module = SlotLeader(options: SlotLeaderOptions(window: 16))
        module.state = copy
        #expect(module.status == rig.status)
    }
}
