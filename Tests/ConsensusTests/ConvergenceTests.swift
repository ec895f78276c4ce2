import Kernel
import Testing
import Wire

@testable import Consensus

@Suite("slot-leader: several nodes")
struct ConvergenceTests {
    private let pairs = [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)]

    @Test(
        "four nodes whose messages come in any order and whose links come and go end with one chain",
        arguments: UInt64(0)..<24
    )
    func converges(seed: UInt64) throws {
        let mesh = Mesh(TestNetwork(4, minimum: 1), seed: seed)
        for pair in pairs { mesh.link(pair.0, pair.1) }
        for _ in 0..<1500 {
            switch mesh.draw(below: 20) {
            case 0..<14: _ = mesh.deliverOne()
            case 14..<18: mesh.advance(by: .milliseconds(mesh.draw(below: 3000)))
            default:
                let pair = pairs[mesh.draw(below: pairs.count)]
                if mesh.isLinked(pair.0, pair.1) { mesh.unlink(pair.0, pair.1) } else { mesh.link(pair.0, pair.1) }
            }
        }
        for pair in pairs { mesh.link(pair.0, pair.1) }
        mesh.deliverAll()
        // A request whose answer came too late is given up, and every node leads once more.
        for _ in 0..<8 {
            mesh.advance(by: .seconds(6))
            mesh.deliverAll()
        }
        try expectOneChain(mesh)
        #expect(mesh.rigs[0].status.height > 15)
    }

    @Test("a line of nodes, each linked with its neighbours only, ends with one chain", arguments: UInt64(0)..<8)
    func line(seed: UInt64) throws {
        let mesh = Mesh(TestNetwork(5, minimum: 1), seed: seed)
        for _ in 0..<24 {
            mesh.advance(by: .seconds(10))
            // A disk that is slower than a round of slots at times.
            if mesh.draw(below: 3) == 0 { mesh.deliverAll() }
        }
        mesh.deliverAll()
        // Five chains of one node each have grown; now the nodes meet.
        for node in 0..<4 { mesh.link(node, node + 1) }
        mesh.deliverAll()
        try expectOneChain(mesh)
        mesh.advance(by: .seconds(10))
        mesh.deliverAll()
        try expectOneChain(mesh)
    }

    @Test("two halves of a network end with the longer half's chain when they meet")
    func halves() throws {
        let mesh = Mesh(TestNetwork(4, minimum: 1), seed: 1)
        mesh.link(0, 1)
        mesh.link(2, 3)
        for _ in 0..<40 {
            mesh.advance(by: .seconds(10))
            mesh.deliverAll()
        }
        #expect(mesh.rigs[0].tip == mesh.rigs[1].tip)
        #expect(mesh.rigs[2].tip == mesh.rigs[3].tip)
        #expect(mesh.rigs[1].tip != mesh.rigs[2].tip)
        let best = mesh.rigs[1].tip.isBetter(than: mesh.rigs[2].tip) ? mesh.rigs[1].tip : mesh.rigs[2].tip
        mesh.link(1, 2)
        mesh.deliverAll()
        #expect(mesh.rigs.allSatisfy { $0.tip == best })
        try expectOneChain(mesh)
    }

    private func expectOneChain(_ mesh: Mesh) throws {
        let chain = mesh.rigs[0].storedChain
        let last = try #require(chain.last)
        for rig in mesh.rigs {
            #expect(rig.tip == last.tip)
            #expect(rig.storedChain == chain)
            #expect(rig.rejections.allSatisfy { $0 == .slotInFuture })
            let slots = rig.producedSlots
            #expect(zip(slots, slots.dropFirst()).allSatisfy { $0 < $1 })
        }
        #expect(zip(chain, chain.dropFirst()).allSatisfy { $1.parent == $0.hash && $1.slot > $0.slot })
    }
}
