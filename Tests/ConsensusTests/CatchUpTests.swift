import Kernel
import Testing
import Wire

@testable import Consensus

@Suite("slot-leader: catching up")
struct CatchUpTests {
    let network = TestNetwork(4)

    /// Node 3 in slot 1,000 with `blocks` in its chain, linked with the three others.
    private func rig(holding blocks: [Block] = [], options: SlotLeaderOptions = SlotLeaderOptions()) -> Rig {
        let rig = Rig(3, of: network, options: options, wallAfterGenesis: .seconds(10_000))
        rig.start()
        for peer in 0..<3 { rig.link(to: peer) }
        for block in blocks { rig.receive(.block(block), from: 0) }
        rig.sent = []
        rig.events = []
        return rig
    }

    private func answer(_ rig: Rig, with chain: [Block], as peer: Int) -> [UInt64] {
        var requests: [UInt64] = []
        while let request = rig.takeSent(to: peer).last(where: { $0.getBlocksFrom != nil }),
            case .getBlocks(let from, let limit) = request.content
        {
            requests.append(from)
            rig.receive(.blocks(Array(chain.drop { $0.height < from }.prefix(Int(limit)))), from: peer)
        }
        return requests
    }

    @Test("a link that comes up is told our tip")
    func greets() {
        let block = network.block(slot: 0)
        let rig = rig(holding: [block])
        rig.link(to: 7)
        #expect(rig.takeSent(to: 7) == [block.tipMessage])
    }

    @Test("a node ten blocks behind catches up in one batch")
    func oneBatch() {
        let chain = network.chain(slots: 0..<50)
        let rig = rig(holding: Array(chain.prefix(40)))
        rig.receive(chain[49].tipMessage, from: 1)
        #expect(answer(rig, with: chain, as: 1) == [33])
        #expect(rig.tip == chain[49].tip)
        #expect(rig.storedChain == chain)
        #expect(rig.acceptedHeights == Array(41...50))
        #expect(rig.batches.last?.changes.count == 10)
        // Those who were not asked learn of it.
        #expect(rig.takeSent(to: 0) == [chain[49].tipMessage])
        #expect(rig.takeSent(to: 2) == [chain[49].tipMessage])
    }

    @Test("a block whose parent is unknown leads to the missing ones")
    func unknownParent() {
        let chain = network.chain(slots: 0..<5)
        let rig = rig()
        rig.receive(.block(chain[4]), from: 2)
        #expect(rig.checks.isEmpty)
        #expect(answer(rig, with: chain, as: 2) == [1])
        #expect(rig.tip == chain[4].tip)
    }

    @Test("a long chain comes in batches, one request at a time, with all its signatures at once")
    func batches() {
        let chain = network.chain(slots: 0..<350)
        let rig = rig()
        rig.receive(chain[349].tipMessage, from: 1)
        rig.receive(chain[349].tipMessage, from: 2)
        #expect(rig.takeSent(to: 2).isEmpty)
        #expect(answer(rig, with: chain, as: 1) == [1, 101, 201, 301])
        #expect(rig.tip == chain[349].tip)
        #expect(rig.checks.map(\.count) == [100, 100, 100, 50])
        #expect(rig.takeSent(to: 2).isEmpty)
    }

    @Test("a peer that serves fewer blocks than it was asked for is asked on")
    func shortAnswers() {
        let chain = network.chain(slots: 0..<10)
        let rig = rig()
        rig.receive(chain[9].tipMessage, from: 1)
        var from: [UInt64] = []
        while let next = rig.takeSent(to: 1).last?.getBlocksFrom {
            from.append(next)
            rig.receive(.blocks(Array(chain[(Int(next) - 1)...].prefix(4))), from: 1)
        }
        #expect(from == [1, 5, 9])
        #expect(rig.tip == chain[9].tip)
    }

    @Test("a fork twenty blocks deep is found by stepping back 8, 16, 32")
    func stepsBack() {
        let common = network.chain(slots: 0..<40)
        let ours = common + network.chain(after: common[39], slots: 40..<60)
        let theirs = common + network.chain(after: common[39], slots: 61..<90)
        let rig = rig(holding: ours)
        rig.receive(theirs[68].tipMessage, from: 1)
        #expect(answer(rig, with: theirs, as: 1) == [53, 45, 29])
        #expect(rig.tip == theirs[68].tip)
        #expect(rig.storedChain == theirs)
        let depths = rig.events.compactMap { if case .reorganised(let depth, _, _) = $0 { depth } else { nil } }
        #expect(depths.reduce(0, +) >= 20)
    }

    @Test("a peer whose chain forks off below the window is given up for good, and said so")
    func tooDeep() {
        let ours = network.chain(slots: 0..<40)
        let theirs = network.chain(slots: 41..<100)
        let rig = rig(holding: ours, options: SlotLeaderOptions(window: 16))
        rig.receive(theirs[58].tipMessage, from: 1)
        #expect(answer(rig, with: theirs, as: 1) == [33, 26])
        #expect(rig.rejections == [.tooDeep])
        rig.receive(theirs[58].tipMessage, from: 1)
        rig.receive(.block(theirs[58]), from: 1)
        #expect(rig.takeSent(to: 1).isEmpty)
        #expect(rig.rejections == [.tooDeep, .tooDeep])
        #expect(rig.tip == ours[39].tip)
    }

    @Test("a peer that never answers a catch-up request is given up after five seconds, and another is asked")
    func timeout() {
        let chain = network.chain(slots: 0..<5)
        let rig = rig()
        rig.receive(chain[4].tipMessage, from: 1)
        rig.receive(chain[4].tipMessage, from: 2)
        #expect(rig.takeSent(to: 1) == [.getBlocks(from: 1, limit: 100)])
        rig.advance(by: .milliseconds(4999))
        #expect(rig.takeSent(to: 2).isEmpty)
        rig.advance(by: .milliseconds(1))
        #expect(rig.events.contains { if case .note(.warning, let text) = $0 { text.contains("5 s") } else { false } })
        #expect(answer(rig, with: chain, as: 2) == [1])
        #expect(rig.tip == chain[4].tip)
        // The late answer changes nothing.
        rig.receive(.blocks(chain), from: 1)
        #expect(rig.tip == chain[4].tip)
    }

    @Test("a peer that goes away while it is asked is replaced at once")
    func linkDown() {
        let chain = network.chain(slots: 0..<5)
        let rig = rig()
        rig.receive(chain[4].tipMessage, from: 1)
        rig.receive(chain[4].tipMessage, from: 2)
        rig.unlink(1)
        #expect(answer(rig, with: chain, as: 2) == [1])
        #expect(rig.tip == chain[4].tip)
    }

    @Test("blocks that nobody asked for are dropped")
    func unasked() {
        let chain = network.chain(slots: 0..<5)
        let rig = rig()
        rig.receive(.blocks(chain), from: 1)
        #expect(rig.checks.isEmpty)
        rig.receive(chain[4].tipMessage, from: 1)
        rig.receive(.blocks(chain), from: 2)
        rig.receive(.blocks(network.chain(slots: 0..<101)), from: 1)
        #expect(rig.checks.isEmpty)
    }

    @Test("a claim of more blocks than there were slots is not believed")
    func liar() {
        let rig = rig()
        rig.receive(.tip(height: 1002, hash: network.block(slot: 0).hash), from: 1)
        rig.receive(.tip(height: .max, hash: network.block(slot: 0).hash), from: 1)
        #expect(rig.sent.isEmpty)
    }

    @Test("a peer that has nothing of what it claimed is not asked for it again")
    func nothing() {
        let rig = rig()
        rig.receive(network.block(slot: 3).tipMessage, from: 1)
        #expect(rig.takeSent(to: 1).count == 1)
        rig.receive(.blocks([]), from: 1)
        #expect(rig.sent.isEmpty)
    }

    @Test("of a batch with a bad signature the blocks before it are taken, and its sender is asked no more")
    func badSignature() {
        var chain = network.chain(slots: 0..<80)
        chain[70].signature = .none
        let rig = rig()
        rig.receive(chain[79].tipMessage, from: 1)
        #expect(answer(rig, with: chain, as: 1) == [1])
        #expect(rig.rejections == [.badSignature])
        let word = "\(TestNetwork.identity(1)) misbehaved: bad-signature, serious"
        #expect(rig.events.contains(.note(.info, word)))
        #expect(rig.tip == chain[69].tip)
        rig.receive(chain[79].tipMessage, from: 1)
        #expect(rig.takeSent(to: 1).isEmpty)
    }

    @Test("a batch that is no chain is taken up to its break")
    func brokenChain() {
        let chain = network.chain(slots: 0..<5)
        let rig = rig()
        rig.receive(chain[4].tipMessage, from: 1)
        rig.receive(.blocks([chain[0], chain[1], chain[3]]), from: 1)
        #expect(rig.rejections == [.wrongHeight])
        #expect(rig.tip == chain[1].tip)
    }

    @Test("of two equally high chains the worse one's holder asks, the other does not")
    func equalHeight() {
        let pair = [network.block(slot: 0), network.block(slot: 1)].sorted { $0.hash < $1.hash }
        let better = rig(holding: [pair[0]])
        better.receive(pair[1].tipMessage, from: 1)
        #expect(better.sent.isEmpty)
        let worse = rig(holding: [pair[1]])
        worse.receive(pair[0].tipMessage, from: 1)
        #expect(answer(worse, with: [pair[0]], as: 1) == [1])
        #expect(worse.tip == pair[0].tip)
    }

    @Test("a peer that changes to another branch while its batch is checked is asked for that branch")
    func changesBranch() {
        let branches = [UInt64](0..<3).map { network.block(slot: $0) }.sorted { $0.hash < $1.hash }
        let rig = rig(holding: [branches[2]])
        rig.receive(branches[1].tipMessage, from: 1)
        rig.answersByItself = false
        rig.receive(.blocks([branches[1]]), from: 1)
        rig.receive(branches[0].tipMessage, from: 1)
        rig.answersByItself = true
        rig.sent = []
        rig.answer()
        #expect(answer(rig, with: [branches[0]], as: 1) == [1])
        #expect(rig.tip == branches[0].tip)
    }

    @Test("live blocks that come during a catch-up are not lost")
    func liveMeanwhile() {
        let chain = network.chain(slots: 0..<12)
        let rig = rig()
        rig.receive(chain[9].tipMessage, from: 1)
        rig.receive(.block(chain[10]), from: 2)
        rig.receive(.block(chain[11]), from: 2)
        #expect(answer(rig, with: Array(chain.prefix(10)), as: 1) == [1])
        #expect(answer(rig, with: chain, as: 2) == [3])
        #expect(rig.tip == chain[11].tip)
    }
}
