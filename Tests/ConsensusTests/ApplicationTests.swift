import Kernel
import Store
import Testing
import Wire

@testable import Consensus

@Suite("slot-leader: the application")
struct ApplicationTests {
    let network = TestNetwork(4)

    /// Node 3 in slot 50, linked with the three others, with an application.
    private func rig(store: MemoryStore = MemoryStore()) -> Rig {
        let rig = Rig(3, of: network, application: Tally(), store: store, wallAfterGenesis: .seconds(500))
        rig.start()
        for peer in 0..<3 { rig.link(to: peer) }
        rig.sent = []
        return rig
    }

    @Test("what was handed in stands in the next own block, and its state becomes durable in the block's batch")
    func proposes() throws {
        let rig = rig()
        rig.feed(.submitted(RequestID(number: 1), [7]))
        rig.feed(.submitted(RequestID(number: 2), [255]))
        rig.advance(toSlot: 51)
        let block = try #require(rig.storedChain.last)
        #expect(block.payload == [7])
        #expect(rig.tally == [7, 1])
        #expect(rig.answered.map { if case .accepted = $0 { true } else { false } } == [true, false])
        #expect(rig.batches.last?.changes.contains(.put([128, 1], [7])) == true)
    }

    @Test("blocks of others are applied, and a block that the application refuses joins no chain")
    func validates() {
        let rig = rig()
        let good = network.block(slot: 44, payload: [1, 2])
        let bad = network.block(after: good, slot: 45, payload: [255])
        let child = network.block(after: bad, slot: 46)
        for block in [good, bad, child] { rig.receive(.block(block), from: 0) }
        #expect(rig.tip == good.tip && rig.tally == [3, 1])
        #expect(rig.rejections.contains(.invalidPayload))
        let other = network.block(after: good, slot: 47, payload: [4])
        rig.receive(.block(other), from: 0)
        #expect(rig.tip == other.tip && rig.tally == [7, 2])
    }

    @Test("where the chain moves to another branch, what was applied is taken back")
    func reverts() {
        let rig = rig()
        let parent = network.block(slot: 40, payload: [1])
        let ours = network.chain(after: parent, slots: [41, 42], payload: [10])
        let theirs = network.chain(after: parent, slots: [43, 44, 45], payload: [20])
        for block in [parent] + ours { rig.receive(.block(block), from: 1) }
        #expect(rig.tally == [21, 3])
        for block in theirs { rig.receive(.block(block), from: 1) }
        #expect(rig.tip == theirs[2].tip && rig.tally == [61, 4])
    }

    @Test("a longer branch with a refused block leaves chain and state as they were")
    func refusedBranch() {
        let rig = rig()
        let parent = network.block(slot: 40, payload: [1])
        let ours = network.chain(after: parent, slots: [41, 42], payload: [10])
        var theirs = network.chain(after: parent, slots: [43], payload: [20])
        theirs.append(network.block(after: theirs[0], slot: 44, payload: [20]))
        theirs.append(network.block(after: theirs[1], slot: 45, payload: [255]))
        for block in [parent] + ours + theirs { rig.receive(.block(block), from: 1) }
        let best = [ours[1].tip, theirs[1].tip].min { $0.isBetter(than: $1) }
        #expect(rig.tip == best)
        #expect(rig.tally == (best == ours[1].tip ? [21, 3] : [41, 3]))
    }

    @Test("after a restart the application is where the chain is")
    func restarts() {
        let store = MemoryStore()
        let before = rig(store: store)
        for block in network.chain(slots: 0..<40, payload: [2]) { before.receive(.block(block), from: 0) }
        #expect(before.tally == [80, 40])
        let after = rig(store: store)
        #expect(after.tip == before.tip && after.tally == [80, 40])
    }

    @Test("without an application a transaction is refused with a reason, and blocks are empty")
    func none() throws {
        let rig = Rig(3, of: network, wallAfterGenesis: .seconds(500))
        rig.start()
        rig.feed(.submitted(RequestID(number: 1), [7]))
        rig.feed(.submitted(RequestID(number: 2), Array(repeating: 0, count: Node.largestTransaction + 1)))
        let codes = rig.answered.compactMap { result -> SubmissionRefusal.Code? in
            if case .refused(let refusal) = result { refusal.code } else { nil }
        }
        #expect(codes == [.noApplication, .tooLarge])
        rig.advance(toSlot: 51)
        #expect(try #require(rig.storedChain.last).payload.isEmpty)
    }
}
