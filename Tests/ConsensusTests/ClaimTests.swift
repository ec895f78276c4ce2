import Kernel
import Testing
import Wire

@testable import Consensus

/// What peers claim and do not deliver.
@Suite("slot-leader: claims without blocks")
struct ClaimTests {
    /// Identities that are in no network file.
    private let stranger = 9
    private let otherStranger = 10

    /// A tip of this height that nobody has, better than any before where `number` falls.
    private func lie(height: UInt64, _ number: UInt64) -> Message {
        .tip(height: height, hash: BlockHash(bytes: Bytes32(0, 0, 0, number)))
    }

    @Test("a stranger that claims ever better tips and never serves one stops no leader", arguments: [0.1, 4.3, 60])
    func halt(answersAfter seconds: Double) {
        let rig = Rig(1, of: TestNetwork(3, minimum: 2, slotInterval: .seconds(2)))
        rig.start()
        rig.link(to: stranger)
        rig.link(to: 0)
        var asked: Instant?
        for step in 0..<UInt64(600) {
            rig.advance(by: .milliseconds(100))
            rig.receive(lie(height: rig.status.height, .max - step), from: stranger)
            if rig.takeSent(to: stranger).contains(where: { $0.getBlocksFrom != nil }) { asked = rig.now }
            guard let due = asked, rig.now - due >= .seconds(seconds) else { continue }
            // A newer claim, then the answer to the old one: nothing.
            rig.receive(lie(height: rig.status.height, .max / 2 - step), from: stranger)
            rig.receive(.blocks([]), from: stranger)
            asked = nil
        }
        #expect(rig.producedSlots.count == 10)
        #expect(rig.skips.isEmpty)
    }

    @Test("a stranger that passes blocks on and lies about more of them stops no leader")
    func haltByRelay() {
        let network = TestNetwork(3, minimum: 2, slotInterval: .seconds(2))
        let rig = Rig(1, of: network)
        rig.start()
        rig.link(to: stranger)
        rig.link(to: 0)
        for slot in stride(from: UInt64(0), to: 60, by: 3) {
            rig.advance(toSlot: slot)
            // The block of slot 3n comes by the stranger first, in answer to a request that a claim beyond it caused.
            let parent = rig.storedChain.last
            let block = network.block(after: parent, slot: slot)
            rig.receive(lie(height: block.height + 5, slot), from: stranger)
            let from = rig.takeSent(to: stranger).last { $0.getBlocksFrom != nil }?.getBlocksFrom
            if let from, let parent {
                let known = rig.storedChain.filter { $0.height >= from && $0.height <= parent.height }
                rig.receive(.blocks(known + [block]), from: stranger)
            }
            rig.receive(lie(height: block.height + 6, slot), from: stranger)
            rig.receive(.block(block), from: 0)
            rig.advance(toSlot: slot + 2)
        }
        #expect(rig.producedSlots == stride(from: 1, to: 60, by: 3).map(UInt64.init))
    }

    @Test("each time that nothing comes of a claim the peer waits twice as long to be asked again, 80 s at most")
    func believedLess() {
        let rig = Rig(8, of: TestNetwork(4), wallAfterGenesis: .seconds(10_000))
        rig.start()
        rig.link(to: stranger)
        var asked: [Int64] = []
        for step in 0..<UInt64(3000) {
            rig.receive(lie(height: 5, .max - step), from: stranger)
            if rig.takeSent(to: stranger).contains(where: { $0.getBlocksFrom != nil }) {
                asked.append(rig.now.nanoseconds / 1_000_000_000)
                rig.receive(.blocks([]), from: stranger)
            }
            rig.advance(by: .milliseconds(100))
        }
        #expect(zip(asked, asked.dropFirst()).map { $1 - $0 } == [5, 10, 20, 40, 80, 80])
    }

    @Test("who links again is not believed more for it; who delivers is")
    func resets() throws {
        let network = TestNetwork(4)
        let rig = Rig(8, of: network, wallAfterGenesis: .seconds(10_000))
        rig.start()
        rig.link(to: stranger)
        for number in 0..<UInt64(3) {
            rig.receive(lie(height: 5, .max - number), from: stranger)
            rig.receive(.blocks([]), from: stranger)
            rig.unlink(stranger)
            rig.link(to: stranger)
            rig.advance(by: .seconds(81))
        }
        let identity = TestNetwork.identity(stranger)
        #expect(try rig.consensusState.peers[identity]?.deliveries.failures == 3)
        let block = network.block(slot: 0)
        rig.receive(block.tipMessage, from: stranger)
        rig.receive(.blocks([block]), from: stranger)
        #expect(rig.tip == block.tip)
        #expect(try rig.consensusState.peers[identity]?.deliveries.failures == 0)
    }

    @Test("a link that ends before the answer counts as no answer")
    func goesAway() throws {
        let rig = Rig(8, of: TestNetwork(4), wallAfterGenesis: .seconds(10_000))
        rig.start()
        rig.link(to: stranger)
        rig.receive(lie(height: 5, 1), from: stranger)
        rig.unlink(stranger)
        rig.link(to: stranger)
        #expect(try rig.consensusState.peers[TestNetwork.identity(stranger)]?.deliveries.failures == 1)
    }

    @Test("what is remembered of peers that went away is bounded, and masternodes are forgotten last")
    func boundedMemory() {
        var book = PeerBook()
        for number in 0..<1000 {
            let identity = TestNetwork.identity(number)
            book.add(identity, isMasternode: number == 0)
            book.update(identity) { $0.deliveries.failed(at: .zero) }
            book.remove(identity)
        }
        book.add(TestNetwork.identity(0), isMasternode: true)
        book.add(TestNetwork.identity(1), isMasternode: false)
        book.add(TestNetwork.identity(999), isMasternode: false)
        #expect(book[TestNetwork.identity(0)]?.deliveries.failures == 1)
        #expect(book[TestNetwork.identity(1)]?.deliveries.failures == 0)
        #expect(book[TestNetwork.identity(999)]?.deliveries.failures == 1)
    }

    @Test("a masternode's blocks do not wait behind a stranger's claims")
    func givesWay() {
        let network = TestNetwork(4)
        let chain = network.chain(slots: 0..<5)
        let rig = Rig(8, of: network, wallAfterGenesis: .seconds(10_000))
        rig.start()
        for peer in [stranger, 1] { rig.link(to: peer) }
        rig.receive(lie(height: 50, 1), from: stranger)
        #expect(rig.takeSent(to: stranger).last?.getBlocksFrom == 1)
        rig.receive(chain[4].tipMessage, from: 1)
        #expect(rig.takeSent(to: 1).last?.getBlocksFrom == 1)
        rig.receive(.blocks(chain), from: 1)
        #expect(rig.tip == chain[4].tip)
    }

    @Test("a peer that draws its answers out gives way after ten seconds to another that waits")
    func drawsOut() {
        let network = TestNetwork(4)
        let chain = network.chain(slots: 0..<40)
        let rig = Rig(8, of: network, wallAfterGenesis: .seconds(10_000))
        rig.start()
        for peer in [stranger, otherStranger] { rig.link(to: peer) }
        rig.receive(lie(height: 50, 1), from: stranger)
        rig.receive(chain[39].tipMessage, from: otherStranger)
        var served = 0
        while rig.takeSent(to: otherStranger).allSatisfy({ $0.getBlocksFrom == nil }), served < 20 {
            rig.advance(by: .seconds(4))
            rig.receive(.blocks([chain[served]]), from: stranger)
            served += 1
        }
        #expect(served == 3)
        rig.receive(.blocks(Array(chain)), from: otherStranger)
        #expect(rig.tip == chain[39].tip)
    }
}
