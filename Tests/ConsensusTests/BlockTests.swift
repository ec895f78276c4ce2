import Kernel
import Testing
import Wire

@testable import Consensus

@Suite("slot-leader: blocks, branches and slots")
struct BlockTests {
    let network = TestNetwork(3)

    @Test("a block is stored and read back as it was")
    func record() throws {
        var random = RandomStream(seed: 1, name: "record")
        for length in [0, 1, 100] {
            var block = network.block(slot: random.next(), by: 1, payload: (0..<length).map { UInt8($0) })
            block.height = random.next()
            block.timestamp = Int64(bitPattern: random.next())
            #expect(try BlockRecord.decode(BlockRecord.encode(block)) == block)
        }
        #expect(BlockRecord.encode(network.block(slot: 0)).count == 153)
    }

    @Test("a stored block of another layout or cut off is refused with a reason")
    func badRecord() {
        let bytes = BlockRecord.encode(network.block(slot: 0))
        #expect(throws: BlockRecordError.self) { try BlockRecord.decode([]) }
        #expect(throws: BlockRecordError.self) { try BlockRecord.decode([2] + bytes.dropFirst()) }
        for length in 0..<153 {
            #expect(throws: BlockRecordError.self) { try BlockRecord.decode(Array(bytes.prefix(length))) }
        }
    }

    @Test("slots cover the wall clock from the genesis on")
    func slots() {
        let schedule = SlotSchedule(network.view)
        let genesis = TestNetwork.genesis.milliseconds
        #expect(schedule.slot(at: WallTime(milliseconds: genesis - 1)) == nil)
        #expect(schedule.slot(at: WallTime(milliseconds: genesis)) == 0)
        #expect(schedule.slot(at: WallTime(milliseconds: genesis + 9999)) == 0)
        #expect(schedule.slot(at: WallTime(milliseconds: genesis + 10_000)) == 1)
        #expect(schedule.start(of: 2) == WallTime(milliseconds: genesis + 20_000))
        #expect(schedule.start(of: .max) == WallTime(milliseconds: .max))
        #expect(schedule.slot(at: WallTime(milliseconds: .min)) == nil)
        #expect(schedule.leader(of: 5) == TestNetwork.identity(2))
        #expect(schedule.turn(of: TestNetwork.identity(1), from: 5) == 7)
        #expect(schedule.turn(of: TestNetwork.identity(2), from: 5) == 5)
        #expect(schedule.turn(of: TestNetwork.identity(9), from: 5) == nil)
        #expect(SlotSchedule(TestNetwork(0).view).leader(of: 5) == nil)
    }

    @Test("whatever order blocks come in, the tree ends with the best block", arguments: UInt64(0)..<30)
    func tree(seed: UInt64) {
        var random = RandomStream(seed: seed, name: "tree")
        var blocks: [Block] = []
        for slot in UInt64(0)..<40 {
            // Mostly on one of the last blocks, so that branches grow and overtake each other.
            let back = Int(random.below(5))
            blocks.append(network.block(after: blocks.count > back ? blocks[blocks.count - 1 - back] : nil, slot: slot))
        }
        let best = blocks.map(\.tip).reduce(.genesis) { $1.isBetter(than: $0) ? $1 : $0 }
        var tree = BlockTree(window: 64)
        var waiting = blocks.map { HeldBlock($0) }
        var height: UInt64 = 0
        while !waiting.isEmpty {
            let held = waiting.remove(at: Int(random.below(UInt64(waiting.count))))
            if case .unknownParent = tree.insert(held) { waiting.append(held) }
            #expect(tree.tip.height >= height)
            height = tree.tip.height
        }
        #expect(tree.tip == best)
        #expect(tree.main.count + tree.side.count == 40)
        #expect(zip(tree.main, tree.main.dropFirst()).allSatisfy { $1.parent == $0.tip })
        #expect(blocks.allSatisfy { tree.contains($0.tip) })
    }

    @Test("a tree holds no more than its window and as many branch blocks")
    func boundedTree() {
        var tree = BlockTree(window: 16)
        let chain = network.chain(slots: 0..<100)
        for block in chain { _ = tree.insert(HeldBlock(block)) }
        #expect(tree.main.count == 16 && tree.lowestHeight == 86)
        for byte in UInt8(0)..<100 {
            _ = tree.insert(HeldBlock(network.block(after: chain[90], slot: 93, payload: [byte])))
        }
        #expect(tree.side.count == 16)
        #expect(tree.tip == chain[99].tip)
        for block in network.chain(after: chain[99], slots: 100..<120) { _ = tree.insert(HeldBlock(block)) }
        #expect(tree.side.isEmpty)
    }
}
