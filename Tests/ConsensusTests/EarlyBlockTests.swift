import Kernel
import Testing
import Wire

@testable import Consensus

@Suite("slot-leader: blocks whose slot has not begun")
struct EarlyBlockTests {
    let network = TestNetwork(4)

    /// Node 1 in slot 50 of ten seconds, linked with the three others; its next own slot is 53.
    private func rig() -> Rig {
        let rig = Rig(1, of: network, wallAfterGenesis: .seconds(500))
        rig.start()
        for peer in [0, 2, 3] { rig.link(to: peer) }
        rig.sent = []
        return rig
    }

    @Test("a block that is early by the tolerance waits for its slot, one that is earlier is refused")
    func tolerance() {
        let rig = rig()
        let block = network.block(slot: 52)
        rig.advance(by: .milliseconds(14_999))
        rig.receive(.block(block), from: 0)
        #expect(rig.rejections == [.slotInFuture])
        rig.advance(by: .milliseconds(1))
        rig.receive(.block(block), from: 0)
        #expect(rig.status.height == 0 && rig.sent.isEmpty)
        rig.advance(by: .milliseconds(4999))
        #expect(rig.status.height == 0 && rig.sent.isEmpty)
        rig.advance(by: .milliseconds(1))
        #expect(rig.status.height == 1)
        #expect(rig.takeSent(to: 2).last == .block(block))
    }

    @Test("a leader that shows its block a slot early does not take the slot of the leader before it")
    func monopoly() {
        let network = TestNetwork(6, slotInterval: .milliseconds(500))
        let rig = Rig(
            4, of: network, options: SlotLeaderOptions(futureTolerance: .milliseconds(2900)),
            wallAfterGenesis: .seconds(50)
        )
        rig.start()
        rig.link(to: 5)
        var parent: Block?
        for round in UInt64(17)..<40 {
            let slot = round * 6 + 5
            rig.advance(to: .zero + .milliseconds(Int64(slot) * 500 - 50_000 - 2800))
            let block = network.block(after: parent, slot: slot)
            rig.receive(.block(block), from: 5)
            rig.advance(toSlot: slot)
            parent = rig.storedChain.last
        }
        #expect(rig.producedSlots == (16..<40).map { UInt64($0) * 6 + 4 })
    }

    @Test("children of an early block wait with it, in whatever order their slots begin")
    func children() {
        let network = TestNetwork(4, slotInterval: .seconds(2))
        let rig = Rig(
            3, of: network, options: SlotLeaderOptions(futureTolerance: .seconds(7)), wallAfterGenesis: .seconds(99)
        )
        rig.start()
        rig.link(to: 0)
        let chain = network.chain(slots: [50, 52, 53])
        for block in chain { rig.receive(.block(block), from: 0) }
        rig.advance(toSlot: 50)
        #expect(rig.status.height == 1)
        rig.advance(toSlot: 52)
        #expect(rig.status.height == 2)
        rig.advance(toSlot: 53)
        #expect(rig.tip == chain[2].tip)
    }

    @Test("an answer that ends with an early block is taken up to it, and the rest is asked for when its slot begins")
    func catchUp() {
        let rig = rig()
        let chain = network.chain(slots: [46, 47, 48, 52])
        rig.advance(by: .seconds(18))
        rig.sent = []
        rig.receive(chain[3].tipMessage, from: 2)
        rig.receive(.blocks(chain), from: 2)
        #expect(rig.tip == chain[2].tip && rig.rejections.isEmpty)
        rig.advance(toSlot: 52)
        #expect(rig.takeSent(to: 2).last?.getBlocksFrom != nil)
        rig.receive(.blocks(chain), from: 2)
        #expect(rig.tip == chain[3].tip)
    }

    @Test("without a stated tolerance it is half a slot, and five seconds at most")
    func defaults() {
        let options = SlotLeaderOptions()
        #expect(options.tolerance(slotInterval: .milliseconds(200)) == .milliseconds(100))
        #expect(options.tolerance(slotInterval: .seconds(600)) == .seconds(5))
        #expect(SlotLeaderOptions(futureTolerance: .seconds(7)).tolerance(slotInterval: .seconds(1)) == .seconds(7))
    }

    @Test("a tolerance of a whole round of slots does not go with the network")
    func misfit() throws {
        let network = TestNetwork(6, slotInterval: .milliseconds(500)).view
        #expect(SlotLeaderOptions().misfits(in: network).isEmpty)
        #expect(SlotLeaderOptions(futureTolerance: .milliseconds(2999)).misfits(in: network).isEmpty)
        let misfit = try #require(SlotLeaderOptions(futureTolerance: .seconds(3)).misfits(in: network).first)
        #expect(misfit.option == "future_tolerance" && misfit.severity == .error)
        #expect(misfit.message.contains("6 masternodes") && misfit.remedy.contains("3s"))
    }
}
