import Kernel
import Testing
import Wire

@testable import Consensus

@Suite("slot-leader: own slots")
struct LeadingTests {
    @Test("the leader of a slot signs a block at its start")
    func leads() throws {
        let rig = Rig(1, of: TestNetwork(3))
        rig.start()
        rig.link(to: 0)
        rig.link(to: 2)
        rig.advance(by: .milliseconds(10_999))
        #expect(rig.producedSlots.isEmpty)
        rig.advance(by: .milliseconds(1))
        #expect(rig.producedSlots == [1])
        let block = try #require(rig.takeSent(to: 0).last?.block)
        #expect(block.height == 1 && block.parent == .genesis && block.slot == 1)
        #expect(block.proposer == TestNetwork.identity(1))
        #expect(block.timestamp == TestNetwork.genesis.milliseconds + 10_000)
        #expect(block.signature == KeyedSigner(identity: block.proposer).sign(block.signedBytes))
        #expect(rig.takeSent(to: 2).last?.block == block)
        #expect(rig.tip == block.tip)
        #expect(rig.acceptedHeights == [1])
        #expect(rig.status.activeMasternodes == 3)
    }

    @Test("a node leads every turn of its own, and each block builds on the last")
    func leadsAgain() {
        let rig = Rig(0, of: TestNetwork(3))
        rig.start()
        rig.advance(toSlot: 9)
        #expect(rig.producedSlots == [0, 3, 6, 9])
        #expect(rig.storedChain.map(\.height) == [1, 2, 3, 4])
        #expect(zip(rig.storedChain, rig.storedChain.dropFirst()).allSatisfy { $1.parent == $0.hash })
    }

    @Test("nobody learns of a block before it is durable, not even a peer that asks")
    func durableFirst() throws {
        let rig = Rig(0, of: TestNetwork(2))
        rig.start()
        rig.link(to: 1)
        rig.answersByItself = false
        rig.advance(toSlot: 0)
        #expect(rig.producedSlots == [0])
        #expect(rig.batches.count == 1)
        rig.receive(.getBlocks(from: 1, limit: 10), from: 1)
        #expect(rig.takeSent(to: 1) == [.tip(height: 0, hash: .genesis), .blocks([])])
        #expect(rig.status.height == 0)
        rig.answer()
        let block = try #require(rig.storedChain.first)
        #expect(rig.takeSent(to: 1) == [.block(block)])
        #expect(rig.status.height == 1)
    }

    @Test("a peer that links while the disk is busy gets the block too")
    func linksMeanwhile() {
        let rig = Rig(0, of: TestNetwork(2))
        rig.start()
        rig.answersByItself = false
        rig.advance(toSlot: 0)
        rig.link(to: 1)
        rig.answer()
        #expect(rig.takeSent(to: 1).last?.block?.height == 1)
    }

    @Test("two own blocks of one height, because the disk took longer than a round: the store keeps the chain's")
    func slowDisk() {
        let rig = Rig(0, of: TestNetwork(2))
        rig.start()
        rig.answersByItself = false
        rig.advance(toSlot: 2)
        #expect(rig.producedSlots == [0, 2])
        rig.answer()
        #expect(rig.storedChain.map(\.tip) == [rig.tip])
    }

    @Test("a leader without the minimum of masternodes skips its slot and says why")
    func tooFew() {
        let rig = Rig(0, of: TestNetwork(4, minimum: 3))
        rig.start()
        rig.link(to: 1)
        rig.link(to: 7)
        rig.advance(toSlot: 0)
        #expect(rig.producedSlots.isEmpty)
        #expect(rig.events.contains(.ownSlotSkipped(slot: 0, .tooFewMasternodes)))
        #expect(rig.status.activeMasternodes == 2)
        rig.link(to: 3)
        rig.advance(toSlot: 4)
        #expect(rig.producedSlots == [4])
    }

    @Test("behind_limit: after a stall of all, a leader that far behind the schedule waits for ever; unset, it leads")
    func behindLimit() {
        for (limit, produced) in [(nil, [12]), (12, [12]), (11, [])] as [(Int?, [UInt64])] {
            let rig = Rig(
                0, of: TestNetwork(4, minimum: 2), options: SlotLeaderOptions(behindLimit: limit)
            )
            rig.start()
            rig.advance(toSlot: 11)
            rig.link(to: 1)
            rig.advance(toSlot: 12)
            #expect(rig.producedSlots == produced, "\(String(describing: limit))")
            #expect((rig.skips.last == .behindSchedule) == produced.isEmpty)
        }
    }

    @Test("two links with one masternode count once, until the last of them ends")
    func countsIdentities() {
        let rig = Rig(0, of: TestNetwork(4))
        rig.start()
        rig.link(to: 1)
        rig.link(to: 1)
        #expect(rig.status.activeMasternodes == 2)
        rig.unlink(1)
        #expect(rig.status.activeMasternodes == 2)
        rig.unlink(1)
        #expect(rig.status.activeMasternodes == 1)
    }

    @Test("a node that is no masternode never leads")
    func stranger() {
        let rig = Rig(9, of: TestNetwork(3))
        rig.start()
        rig.link(to: 0)
        #expect(rig.node.nextDeadline == nil)
        rig.advance(by: .seconds(200))
        #expect(rig.producedSlots.isEmpty && rig.skips.isEmpty)
        #expect(rig.status.activeMasternodes == 1)
    }

    @Test("a leader that is catching up skips its slot and says why")
    func catchingUp() {
        let network = TestNetwork(2)
        let rig = Rig(1, of: network, wallAfterGenesis: .seconds(8))
        rig.start()
        rig.link(to: 0)
        rig.receive(network.block(slot: 0).tipMessage, from: 0)
        rig.advance(toSlot: 1)
        #expect(rig.skips == [.catchingUp])
    }

    @Test("a peer that claims blocks and never serves them does not keep a leader from its slots for ever")
    func falseClaims() {
        let network = TestNetwork(2)
        let rig = Rig(1, of: network, wallAfterGenesis: .seconds(1))
        rig.start()
        rig.link(to: 0)
        rig.receive(.tip(height: 1, hash: network.block(slot: 0).hash), from: 0)
        rig.advance(by: .milliseconds(8900))
        rig.receive(.tip(height: 1, hash: network.block(slot: 0).hash), from: 0)
        rig.advance(toSlot: 1)
        #expect(rig.producedSlots == [1])
    }

    @Test("a slot that had begun when the node started is not led")
    func running() {
        let rig = Rig(0, of: TestNetwork(2), wallAfterGenesis: .milliseconds(1))
        rig.start()
        rig.advance(by: .seconds(5))
        #expect(rig.events.contains(.ownSlotSkipped(slot: 0, .notStarted)))
        #expect(rig.producedSlots.isEmpty)
        rig.advance(toSlot: 2)
        #expect(rig.producedSlots == [2])
    }

    @Test("a node whose store has not answered skips its slot")
    func notLoaded() {
        let rig = Rig(0, of: TestNetwork(2))
        rig.answersByItself = false
        rig.start()
        rig.advance(toSlot: 0)
        #expect(rig.skips == [.notStarted])
    }

    @Test("a leader whose clock is behind the chain makes no block and says so")
    func clockBehind() {
        let network = TestNetwork(2)
        let rig = Rig(0, of: network, wallAfterGenesis: .seconds(19))
        rig.start()
        rig.link(to: 1)
        rig.receive(.block(network.block(slot: 2)), from: 1)
        #expect(rig.status.height == 1)
        rig.advance(toSlot: 2)
        #expect(rig.producedSlots.isEmpty)
        #expect(
            rig.events.contains { if case .note(.warning, let text) = $0 { text.contains("clock") } else { false } })
    }

    @Test("before the genesis nothing is led, however far off it is")
    func beforeGenesis() {
        let rig = Rig(0, of: TestNetwork(2), wallAfterGenesis: .seconds(-300))
        rig.start()
        rig.advance(by: .milliseconds(299_999))
        #expect(rig.producedSlots.isEmpty && rig.skips.isEmpty)
        rig.advance(by: .milliseconds(1))
        #expect(rig.producedSlots == [0])
    }

    @Test("the profile's defaults are the module's")
    func defaults() throws {
        let spec = SlotLeader.descriptor.spec
        #expect(spec.id == "slot-leader" && spec.role == "consensus")
        #expect(try SlotLeaderOptions(.defaults(of: spec.options)) == SlotLeaderOptions())
    }
}
