import Kernel
import Testing
import Wire

@testable import Consensus

@Suite("slot-leader: blocks of others")
struct ReceivingTests {
    let network = TestNetwork(4)

    /// Node 3 in slot 50, linked with the three others.
    private func rig(options: SlotLeaderOptions = SlotLeaderOptions()) -> Rig {
        let rig = Rig(3, of: network, options: options, wallAfterGenesis: .seconds(500))
        rig.start()
        for peer in 0..<3 { rig.link(to: peer) }
        rig.sent = []
        return rig
    }

    @Test("a block of the slot's leader is taken, stored and passed on to everybody but its sender")
    func accepted() {
        let rig = rig()
        let block = network.block(slot: 48)
        rig.receive(.block(block), from: 0)
        #expect(rig.tip == block.tip)
        #expect(rig.storedChain == [block])
        #expect(rig.events.contains(.blockAccepted(height: 1, hash: block.hash, slot: 48)))
        #expect(rig.takeSent(to: 0).isEmpty)
        #expect(rig.takeSent(to: 1) == [.block(block)])
        #expect(rig.takeSent(to: 2) == [.block(block)])
    }

    @Test("a block that comes again is neither checked nor passed on again")
    func again() {
        let rig = rig()
        let block = network.block(slot: 0)
        for peer in 0..<3 { rig.receive(.block(block), from: peer) }
        #expect(rig.checks.count == 1)
        #expect(rig.sent.count == 2)
    }

    @Test("a peer that sent the block itself while its signature was checked does not get it back")
    func notBack() {
        let rig = rig()
        rig.answersByItself = false
        let block = network.block(slot: 0)
        rig.receive(.block(block), from: 0)
        rig.receive(.block(block), from: 1)
        rig.answer()
        #expect(rig.sent.map(\.peer) == [2])
    }

    @Test("a block of the wrong leader is refused before its signature is checked")
    func wrongLeader() {
        let rig = rig()
        rig.receive(.block(network.block(slot: 1, by: 2)), from: 2)
        #expect(rig.events.contains(.blockRejected(TestNetwork.identity(2), .wrongLeader)))
        #expect(rig.checks.isEmpty)
        #expect(rig.status.height == 0 && rig.sent.isEmpty)
        // Another list of masternodes would explain it.
        #expect(!rig.events.contains { if case .note = $0 { true } else { false } })
    }

    @Test("a block whose signature is another's is refused and not passed on")
    func badSignature() {
        let rig = rig()
        var block = network.block(slot: 0)
        block.signature = KeyedSigner(identity: TestNetwork.identity(2)).sign(block.signedBytes)
        rig.receive(.block(block), from: 2)
        #expect(rig.rejections == [.badSignature])
        #expect(rig.status.height == 0 && rig.sent.isEmpty && rig.batches.isEmpty)
        let word = "\(TestNetwork.identity(2)) misbehaved: bad-signature, serious"
        #expect(rig.events.contains(.note(.info, word)))
    }

    @Test("a signature does not name a block: the same block with another signature is refused, then taken")
    func sameHash() {
        let rig = rig()
        let block = network.block(slot: 0)
        var forged = block
        forged.signature = .none
        rig.receive(.block(forged), from: 2)
        rig.receive(.block(block), from: 0)
        #expect(rig.rejections == [.badSignature])
        #expect(rig.tip == block.tip)
    }

    @Test("faults that need no signature are found without one")
    func cheapFaults() {
        let options = SlotLeaderOptions(maxBlockBytes: 1024)
        let parent = network.block(slot: 4)
        var tall = network.block(after: parent, slot: 5)
        tall.height = 4
        var orphanedGenesis = network.block(slot: 6)
        orphanedGenesis.height = 2
        var zero = network.block(slot: 7)
        zero.height = 0
        let faulty: [(Block, BlockRejection)] = [
            (network.block(after: parent, slot: 5, payload: Array(repeating: 0, count: 1000)), .tooLarge),
            (network.block(after: parent, slot: 4), .slotNotAfterParent),
            (network.block(after: parent, slot: 3), .slotNotAfterParent),
            (network.block(after: parent, slot: 51), .slotInFuture),
            (network.block(after: parent, slot: .max), .slotInFuture),
            (network.block(after: parent, slot: 5, timestamp: network.start(of: 5) - 1), .badTimestamp),
            (network.block(after: parent, slot: 5, timestamp: network.start(of: 6)), .badTimestamp),
            (network.block(after: parent, slot: 5, timestamp: .min), .badTimestamp),
            (network.block(after: parent, slot: 5, timestamp: .max), .badTimestamp),
            (network.block(after: parent, slot: 50, timestamp: network.start(of: 50) + 5001), .badTimestamp),
            (tall, .wrongHeight), (orphanedGenesis, .wrongHeight), (zero, .wrongHeight),
        ]
        for (block, cause) in faulty {
            let rig = rig(options: options)
            rig.receive(.block(parent), from: 0)
            rig.receive(.block(block), from: 1)
            #expect(rig.rejections == [cause])
            #expect(rig.checks.count == 1)
            #expect(rig.tip == parent.tip)
        }
    }

    @Test("two branches of equal height: every node keeps the lower hash", arguments: [true, false])
    func lowerHash(isReversed: Bool) {
        let parent = network.block(slot: 0)
        var branches = [network.block(after: parent, slot: 1), network.block(after: parent, slot: 2)]
        let lower = branches[0].hash < branches[1].hash ? branches[0] : branches[1]
        if isReversed { branches.reverse() }
        let rig = rig()
        rig.receive(.block(parent), from: 0)
        for block in branches { rig.receive(.block(block), from: 1) }
        #expect(rig.tip == lower.tip)
        #expect(rig.storedChain == [parent, lower])
    }

    @Test("a longer branch takes over when all of it is there, and the store follows")
    func reorganises() throws {
        let rig = rig()
        let parent = network.block(slot: 0)
        let ours = network.chain(after: parent, slots: [1, 2])
        let theirs = network.chain(after: parent, slots: [3, 4, 5])
        for block in [parent] + ours + theirs { rig.receive(.block(block), from: 1) }
        let last = try #require(theirs.last)
        let depths = rig.events.compactMap { if case .reorganised(let depth, _, _) = $0 { depth } else { nil } }
        #expect(depths.allSatisfy { $0 <= 2 } && depths.reduce(0, +) >= 2)
        #expect(rig.tip == last.tip)
        #expect(rig.storedChain == [parent] + theirs)
    }

    @Test("a child that comes while its parent's signature is checked waits for it", arguments: [true, false])
    func childWaits(isReversed: Bool) {
        let rig = rig()
        rig.answersByItself = false
        let chain = network.chain(slots: [0, 1, 2])
        for block in chain { rig.receive(.block(block), from: 0) }
        if isReversed { rig.answers.reverse() }
        rig.answer()
        #expect(rig.status.height == 3)
        #expect(rig.acceptedHeights == [1, 2, 3])
        #expect(!rig.sent.contains { $0.message.getBlocksFrom != nil })
    }

    @Test("more blocks than the verifier can hold are dropped with a note, and one peer fills a quarter of it")
    func bounded() {
        let peers = [0, 1, 2, 7, 8]
        let rig = Rig(3, of: TestNetwork(4), wallAfterGenesis: .seconds(10_000))
        rig.start()
        for peer in peers { rig.link(to: peer) }
        rig.answersByItself = false
        let chain = network.chain(slots: 0..<257)
        for block in chain.prefix(65) { rig.receive(.block(block), from: 0) }
        #expect(rig.checks.count == SlotLeader.maximumPendingOfPeer)
        #expect(rig.drops == [.queueFull])
        for (index, block) in chain.enumerated().dropFirst(64) {
            rig.receive(.block(block), from: peers[index / 64])
        }
        #expect(rig.checks.count == SlotLeader.maximumPending)
        #expect(rig.drops == [.queueFull, .queueFull])
        rig.answer()
        rig.answer()
        #expect(rig.status.height == 256)
    }

    @Test("large blocks that wait for the verifier are bounded by their bytes")
    func boundedBytes() {
        let rig = Rig(
            3, of: network, options: SlotLeaderOptions(maxBlockBytes: 1024), wallAfterGenesis: .seconds(10_000)
        )
        rig.start()
        for peer in [0, 1, 2, 7, 8] { rig.link(to: peer) }
        rig.answersByItself = false
        let payload = Array(repeating: UInt8(1), count: 800)
        for (index, block) in network.chain(slots: 0..<100, payload: payload).enumerated() {
            rig.receive(.block(block), from: [0, 1, 2, 7, 8][index % 5])
        }
        #expect(rig.checks.count <= 20)
    }

    @Test("a branch that forks off below the window is refused as too deep")
    func tooDeep() {
        let rig = rig(options: SlotLeaderOptions(window: 16))
        let chain = network.chain(slots: 0..<30)
        for block in chain { rig.receive(.block(block), from: 0) }
        rig.receive(.block(network.block(after: chain[9], slot: 40)), from: 1)
        #expect(rig.rejections == [.tooDeep])
        rig.receive(.block(network.block(after: chain[13], slot: 41)), from: 1)
        #expect(rig.rejections == [.tooDeep, .tooDeep])
        rig.receive(.block(network.block(after: chain[14], slot: 42)), from: 1)
        #expect(rig.rejections == [.tooDeep, .tooDeep])
    }

    @Test("what arrives before the store has answered is not lost")
    func beforeLoading() {
        let rig = Rig(3, of: network, wallAfterGenesis: .seconds(500))
        rig.answersByItself = false
        rig.start()
        rig.link(to: 0)
        rig.receive(.block(network.block(slot: 0)), from: 0)
        #expect(rig.takeSent(to: 0).isEmpty)
        rig.answersByItself = true
        rig.answer()
        #expect(rig.takeSent(to: 0) == [.tip(height: 0, hash: .genesis), .getBlocks(from: 1, limit: 100)])
    }
}
