import Kernel
import Testing
import Wire

@testable import Consensus

@Suite("slot-leader: what operators see of the chain")
struct ChainStatusTests {
    let network = TestNetwork(4, minimum: 2)

    @Test("before the first block it is overdue one round and a slot after the genesis")
    func beforeFirst() {
        let rig = Rig(3, of: network)
        rig.start()
        let status = rig.status
        #expect(status.lastBlockAt == nil && status.age(at: TestNetwork.genesis) == nil)
        #expect(!status.isOverdue(at: WallTime(milliseconds: network.start(of: 5))))
        #expect(status.isOverdue(at: WallTime(milliseconds: network.start(of: 5) + 1)))
        #expect(status.waitingFor == .masternodes)
    }

    @Test("a block moves both its time and when the next one is overdue")
    func afterBlock() {
        let rig = Rig(3, of: network, wallAfterGenesis: .seconds(500))
        rig.start()
        rig.link(to: 0)
        rig.receive(.block(network.block(slot: 48)), from: 0)
        let status = rig.status
        #expect(status.age(at: WallTime(milliseconds: network.start(of: 50))) == .seconds(20))
        #expect(!status.isOverdue(at: WallTime(milliseconds: network.start(of: 54))))
        #expect(status.isOverdue(at: WallTime(milliseconds: network.start(of: 54) + 1)))
        #expect(status.waitingFor == nil)
    }

    @Test("a node whose store has not answered says so")
    func store() {
        let rig = Rig(3, of: network)
        rig.answersByItself = false
        rig.start()
        #expect(rig.status.waitingFor == .store)
    }

    @Test("a node that gets the blocks it lacks says so")
    func catchingUp() {
        let rig = Rig(3, of: network, wallAfterGenesis: .seconds(10_000))
        rig.start()
        rig.link(to: 0)
        let chain = network.chain(slots: 0..<300)
        rig.receive(chain[299].tipMessage, from: 0)
        #expect(rig.status.waitingFor == nil)
        rig.receive(.blocks(Array(chain[..<100])), from: 0)
        #expect(rig.status.waitingFor == .blocks)
    }
}
