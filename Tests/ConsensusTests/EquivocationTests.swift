import Kernel
import Testing
import Wire

@testable import Consensus

@Suite("slot-leader: a leader that signs twice")
struct EquivocationTests {
    let network = TestNetwork(4)

    /// Node 3 in slot 50, linked with the three others.
    private func rig() -> Rig {
        let rig = Rig(3, of: network, wallAfterGenesis: .seconds(500))
        rig.start()
        for peer in 0..<3 { rig.link(to: peer) }
        rig.sent = []
        return rig
    }

    /// Blocks of one leader for one slot, the highest hash first.
    private func siblings(_ count: Int, after parent: Block? = nil, slot: UInt64) -> [Block] {
        (0..<count).map { network.block(after: parent, slot: slot, payload: [UInt8($0)]) }
            .sorted { $0.hash > $1.hash }
    }

    @Test("of many blocks for one slot the first is passed on, the second is told once, the rest is dropped unchecked")
    func storm() {
        let rig = rig()
        let blocks = siblings(80, slot: 48)
        for block in blocks { rig.receive(.block(block), from: 0) }
        #expect(rig.tip == blocks[0].tip)
        #expect(rig.reorganisations == 0)
        #expect(rig.equivocations == [48])
        #expect(rig.events.contains(.equivocated(TestNetwork.identity(0), slot: 48)))
        #expect(rig.checks.count == 2)
        #expect(rig.drops == Array(repeating: .equivocation, count: 78))
        #expect(rig.takeSent(to: 1) == [.block(blocks[0])] && rig.takeSent(to: 2) == [.block(blocks[0])])
    }

    @Test("the same when all of them come before the first is checked")
    func stormUnchecked() {
        let rig = rig()
        rig.answersByItself = false
        let blocks = siblings(60, slot: 48)
        for block in blocks { rig.receive(.block(block), from: 0) }
        rig.answer()
        #expect(rig.reorganisations == 0 && rig.equivocations == [48])
        #expect(rig.takeSent(to: 1).count == 1)
    }

    @Test("nobody can be accused with a block that it did not sign")
    func framed() {
        let rig = rig()
        var forged = network.block(slot: 48, payload: [1])
        forged.signature = .none
        rig.receive(.block(forged), from: 1)
        let block = network.block(slot: 48)
        rig.receive(.block(block), from: 0)
        #expect(rig.equivocations.isEmpty && rig.tip == block.tip)
    }

    @Test("a chain that is built on the second block is taken when it is the longer one")
    func longerChain() {
        let rig = rig()
        let blocks = siblings(2, slot: 48)
        for block in blocks { rig.receive(.block(block), from: 0) }
        #expect(rig.tip == blocks[0].tip)
        let child = network.block(after: blocks[1], slot: 49)
        rig.receive(.block(child), from: 1)
        #expect(rig.tip == child.tip)
        #expect(rig.storedChain == [blocks[1], child])
    }

    @Test("a chain that is built on a block that was dropped is fetched and taken")
    func droppedParent() {
        let rig = rig()
        let blocks = siblings(5, slot: 48)
        for block in blocks { rig.receive(.block(block), from: 0) }
        let child = network.block(after: blocks[4], slot: 49)
        rig.receive(.block(child), from: 1)
        #expect(rig.takeSent(to: 1).last?.getBlocksFrom == 1)
        rig.receive(.blocks([blocks[4], child]), from: 1)
        #expect(rig.tip == child.tip)
    }

    @Test("claims of ever lower hashes for one slot move nobody, and each costs one request at most")
    func claims() {
        let rig = rig()
        let blocks = siblings(40, slot: 48)
        rig.receive(.block(blocks[0]), from: 0)
        var requests = 0
        for block in blocks.dropFirst() {
            rig.receive(block.tipMessage, from: 0)
            requests += rig.takeSent(to: 0).count { $0.getBlocksFrom != nil }
            rig.receive(.blocks([block]), from: 0)
        }
        #expect(rig.tip == blocks[0].tip && rig.reorganisations == 0)
        #expect(rig.equivocations == [48])
        #expect(requests <= 3)
    }

    @Test("the one who signed is told of the second block, so that it learns of another process with its key")
    func proposerIsTold() {
        let rig = rig()
        let blocks = siblings(3, slot: 48)
        for block in blocks { rig.receive(.block(block), from: 1) }
        #expect(rig.takeSent(to: 0) == [.block(blocks[0]), .block(blocks[1])])
    }

    @Test("blocks of slots long past are not passed on: peers hear of the chain's end and ask")
    func oldSlots() {
        let rig = Rig(3, of: network, wallAfterGenesis: .seconds(100_000))
        rig.start()
        for peer in 0..<3 { rig.link(to: peer) }
        rig.sent = []
        // One leader uses all its slots of a time when nobody made a block.
        let chain = network.chain(slots: stride(from: UInt64(0), to: 400, by: 4))
        for block in chain { rig.receive(.block(block), from: 0) }
        #expect(rig.tip == chain[99].tip)
        #expect(rig.sent.allSatisfy { $0.message.block == nil })
        #expect(rig.takeSent(to: 1).last == chain[99].tipMessage)
    }

    @Test("four nodes of whom each saw another block of one slot first end with one chain after the next block")
    func converges() throws {
        let network = TestNetwork(5)
        let mesh = Mesh(network, seed: 4)
        for one in 0..<4 {
            for other in 0..<one { mesh.link(one, other) }
        }
        mesh.deliverAll()
        mesh.advance(by: .seconds(45))
        mesh.deliverAll()
        let tip = try #require(mesh.rigs[0].storedChain.last)
        // Node 4 is the liar: it has a block of slot 4 for each of the others.
        for receiver in 0..<4 {
            let block = network.block(after: tip, slot: 4, payload: [UInt8(receiver)])
            mesh.rigs[receiver].link(to: 4)
            mesh.rigs[receiver].receive(.block(block), from: 4)
            mesh.rigs[receiver].answer()
        }
        mesh.deliverAll()
        #expect(Set(mesh.rigs[..<4].map(\.tip)).count == 4)
        for _ in 0..<2 {
            mesh.advance(by: .seconds(10))
            mesh.deliverAll()
        }
        #expect(Set(mesh.rigs[..<4].map(\.tip)).count == 1)
        #expect(mesh.rigs[..<4].allSatisfy { $0.equivocations == [4] })
    }

    @Test("memory of slots is bounded, and the newest are kept")
    func boundedMemory() {
        var sightings = SlotSightings()
        let hashes = [UInt64(1), 2].map { BlockHash(bytes: Bytes32($0, 0, 0, 0)) }
        for slot in UInt64(0)..<2000 { _ = sightings.note(hashes[0], in: slot) }
        #expect(sightings.note(hashes[1], in: 100) == .first)
        #expect(sightings.note(hashes[1], in: 1999) == .evidence)
        #expect(sightings.note(hashes[1], in: 1999) == .second)
        #expect(sightings.sighting(of: .genesis, in: 1999) == .further)
        #expect(sightings.sighting(of: hashes[0], in: 1999) == .first)
    }
}
