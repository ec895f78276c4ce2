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
        #expect(rig.producedSlots.isEmpty)
        #expect(rig.batches.count == 1)
        rig.receive(.getBlocks(from: 1, limit: 10), from: 1)
        #expect(rig.takeSent(to: 1) == [.tip(height: 0, hash: .genesis), .blocks([])])
        #expect(rig.status.height == 0)
        rig.answer()
        let block = try #require(rig.storedChain.first)
        #expect(rig.takeSent(to: 1) == [.block(block)])
        #expect(rig.status.height == 1 && rig.producedSlots == [0])
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
        #expect(rig.producedSlots.isEmpty)
        rig.answer()
        #expect(rig.storedChain.map(\.tip) == [rig.tip])
        // The second is out only where its hash is the lower one.
        #expect(rig.producedSlots == [0, 2] || rig.producedSlots == [0] && rig.skips == [.storeSlow])
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
        let chain = network.chain(slots: 0..<500)
        let rig = Rig(1, of: network, wallAfterGenesis: .seconds(5008))
        rig.start()
        rig.link(to: 0)
        rig.receive(chain[499].tipMessage, from: 0)
        rig.receive(.blocks(Array(chain[..<100])), from: 0)
        rig.advance(toSlot: 501)
        #expect(rig.skips == [.catchingUp])
        #expect(rig.producedSlots.isEmpty)
        // The rest does not come: the leader does not wait for it.
        rig.advance(toSlot: 503)
        #expect(rig.producedSlots == [503])
    }

    @Test("what a peer only claims keeps no leader from its slot")
    func claimsOnly() {
        let network = TestNetwork(2)
        let rig = Rig(1, of: network, wallAfterGenesis: .seconds(8))
        rig.start()
        rig.link(to: 0)
        rig.receive(network.block(slot: 0).tipMessage, from: 0)
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
        let rig = Rig(0, of: network, wallAfterGenesis: .seconds(95))
        rig.start()
        rig.link(to: 1)
        rig.receive(.block(network.block(slot: 9)), from: 1)
        #expect(rig.status.height == 1)
        rig.clockError = .seconds(-50)
        rig.advance(by: .seconds(20))
        #expect(rig.producedSlots.isEmpty)
        #expect(rig.skips == [.clockBehind])
        #expect(rig.status.waitingFor == .clock)
        #expect(
            rig.events.contains { if case .note(.warning, let text) = $0 { text.contains("clock") } else { false } })
    }

    @Test("a node whose clock was an hour ahead leads its slots again from the next one on, and none of them twice")
    func clockAhead() {
        let rig = Rig(0, of: TestNetwork(3))
        rig.start()
        rig.link(to: 1)
        rig.advance(toSlot: 3)
        #expect(rig.producedSlots == [0, 3])
        rig.clockError = .seconds(3600)
        rig.advance(by: .seconds(89))
        let ahead = Array(rig.producedSlots.dropFirst(2))
        #expect(!ahead.isEmpty && ahead.allSatisfy { $0 > 360 })
        rig.clockError = .zero
        // The others have gone on meanwhile, without the blocks of our future.
        let chain = rig.network.chain(after: rig.storedChain[1], slots: [4, 5, 7, 8, 10, 11, 13])
        for block in chain { rig.receive(.block(block), from: 1) }
        rig.advance(toSlot: 600)
        let all = rig.producedSlots
        #expect(all.starts(with: [0, 3] + ahead + [15, 18, 21]))
        #expect(Set(all).count == all.count)
        #expect(Set(all).isSuperset(of: stride(from: 15, through: 600, by: 3)))
    }

    @Test("a clock that is set back repeats no slot, and what it skipped is no loss once it is right again")
    func clockBack() {
        let rig = Rig(0, of: TestNetwork(3))
        rig.start()
        rig.advance(toSlot: 30)
        rig.clockError = .seconds(-200)
        rig.advance(by: .seconds(95))
        rig.clockError = .zero
        rig.advance(toSlot: 60)
        let all = rig.producedSlots
        #expect(Set(all).count == all.count)
        #expect(all.suffix(7) == [42, 45, 48, 51, 54, 57, 60])
    }

    @Test("a clock that jumps into the middle of a slot of ours does not hide it")
    func jumpsIntoSlot() {
        let rig = Rig(0, of: TestNetwork(6))
        rig.start()
        rig.advance(toSlot: 6)
        rig.advance(by: .seconds(1))
        // It sleeps until slot 12 begins by its clock; the clock is wrong by half a round.
        rig.clockError = .seconds(28)
        rig.advance(by: .seconds(33))
        #expect(rig.producedSlots == [0, 6, 12])
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
