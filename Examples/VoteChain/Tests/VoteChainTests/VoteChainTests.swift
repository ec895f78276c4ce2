import Kernel
import Testing
import Wire

@testable import VoteChain

@Suite("vote-chain")
struct VoteChainTests {
    private let first = Block(slot: 1, parent: .genesis)
    private let full = StoreFailure(code: .full, message: "the disk is full")

    private func proposal(_ block: Block, on parent: Certificate? = nil) -> VoteChainMessage {
        .proposal(Proposal(block: block, signature: .none, parent: parent))
    }

    private func vote(_ number: Int, for block: Block) -> Vote {
        Vote(slot: block.slot, hash: block.tip.hash, voter: Rig.identity(number), signature: .none)
    }

    @Test("a vote goes out once it is durable, to every peer")
    func durable() {
        let rig = Rig()
        rig.advance(toSlot: 1)
        rig.receive(proposal(first))
        #expect(rig.writes.count == 1 && rig.votes.isEmpty)
        rig.answerWrite()
        #expect(rig.votes.map(\.hash) == [first.tip.hash, first.tip.hash, first.tip.hash])
    }

    @Test("a vote whose write failed is not sent, and no other one is signed for its slot")
    func failed() {
        let rig = Rig()
        rig.advance(toSlot: 1)
        rig.receive(proposal(first))
        rig.answerWrite(full)
        rig.receive(proposal(first))
        #expect(rig.votes.isEmpty && rig.writes.count == 1)
        #expect(rig.status.storageFault == full && rig.status.waitingFor == .store)
        rig.advance(toSlot: 2)
        rig.receive(proposal(Block(slot: 2, parent: .genesis)))
        rig.answerWrite()
        #expect(rig.votes.count == 3 && rig.status.storageFault == nil)
    }

    @Test("the last vote is read back, told to new links, and not contradicted by a node whose clock was set back")
    func readBack() throws {
        let rig = Rig()
        rig.advance(toSlot: 3)
        rig.receive(proposal(Block(slot: 3, parent: .genesis)))
        rig.answerWrite()
        guard case .put(let key, let value)? = rig.writes.last?.batch.changes.first else {
            Issue.record("no vote was written")
            return
        }
        let next = Rig(startSlot: 0, row: StoreRow(key: key, value: value))
        #expect(next.votes.map(\.slot) == [3, 3, 3])
        next.advance(toSlot: 2)
        next.receive(proposal(Block(slot: 2, parent: .genesis)))
        #expect(next.writes.isEmpty)
        // The same node with an empty store would vote.
        let forgetful = Rig(startSlot: 0)
        forgetful.advance(toSlot: 2)
        forgetful.receive(proposal(Block(slot: 2, parent: .genesis)))
        #expect(forgetful.writes.count == 1)
    }

    @Test("a block is final once it and the next slot's block have a quorum, with proofs or with votes alone")
    func finality() {
        let rig = Rig()
        rig.advance(toSlot: 1)
        rig.receive(proposal(first))
        rig.answerWrite()
        for number in 1...2 { rig.receive(.vote(vote(number, for: first))) }
        #expect(rig.status.height == 0)
        let second = Block(slot: 2, parent: first.tip)
        rig.advance(toSlot: 2)
        rig.receive(proposal(second))
        rig.answerWrite()
        for number in 1...2 { rig.receive(.vote(vote(number, for: second))) }
        #expect(rig.status.height == 1 && rig.status.hash == first.tip.hash)
        let late = Rig(startSlot: 2)
        late.advance(toSlot: 3)
        let proof = Certificate(block: second, votes: (0..<3).map { vote($0, for: second) })
        late.receive(proposal(Block(slot: 3, parent: second.tip), on: proof))
        #expect(late.status.height == 1 && late.status.hash == first.tip.hash)
    }

    @Test("no vote for a block whose parent is older than that of the last vote, nor for one without a proof")
    func lock() {
        let rig = Rig()
        rig.advance(toSlot: 2)
        let proof = Certificate(block: first, votes: (0..<3).map { vote($0, for: first) })
        rig.receive(proposal(Block(slot: 2, parent: first.tip), on: proof))
        #expect(rig.writes.count == 1)
        rig.advance(toSlot: 3)
        rig.receive(proposal(Block(slot: 3, parent: .genesis)))
        rig.receive(proposal(Block(slot: 3, parent: Block(slot: 2, parent: .genesis).tip)))
        #expect(rig.writes.count == 1)
    }
}
