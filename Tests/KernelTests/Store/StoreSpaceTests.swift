import Testing
import Wire

@testable import Kernel

@Suite("Key spaces of a node") struct StoreSpaceTests {
    private func spaces(_ rig: ScriptedNode) -> [String] {
        rig.effects.compactMap {
            switch $0 {
            case .persist(let space, _, _): "\(space.name) \(space.format)"
            case .read(let space, _, _): "\(space.name) \(space.format)"
            default: nil
            }
        }
    }

    @Test("the kernel names the space after the role and the module's id, and adds the module's format")
    func names() {
        let rig = ScriptedNode { $0.onStart = { context in _ = context.read(.range(.all), format: 1) } }
        rig.feed(.start)
        #expect(spaces(rig) == ["consensus/0 1"])
        var modules = rig.node.configuration.modules
        modules.consensusID = "slot-leader"
        modules.discoveryIDs = ["gossip"]
        #expect(
            modules.spaces.map(\.description)
                == ["links/0", "liveness/0", "consensus/slot-leader", "discovery/gossip", "workload/0"]
        )
    }

    @Test("a module writes to its own space through `persist`, and hears its own answers alone")
    func own() {
        let rig = ScriptedNode {
            $0.onStart = { context in
                let module = ScriptedModule(name: "x", log: Log())
                _ = module.persist(StoreBatch([.put([1], [1])]), &context)
                _ = module.read(.get([1]), &context)
            }
        }
        rig.feed(.start)
        #expect(spaces(rig) == ["consensus/0 1", "consensus/0 1"])
        _ = rig.takeLines()
        rig.feed(.persisted(WriteToken(number: 1)))
        rig.feed(.rows(Token(number: 1), StoreAnswer()))
        rig.feed(.rows(Token(number: 1), StoreAnswer()))
        #expect(rig.takeLines() == ["consensus persisted", "consensus rows 0"])
    }

    @Test("a read that fails and signatures that could not be checked are two failures, and each is told as what it is")
    func failures() {
        let rig = ScriptedNode {
            $0.onStart = { context in
                _ = context.read(.get([1]), format: 1)
                _ = context.verify([])
            }
        }
        rig.feed(.start)
        _ = rig.takeLines()
        rig.feed(.readFailed(Token(number: 1), StoreFailure(code: .failed, message: "damaged")))
        #expect(rig.events == [.note(.error, "the store refused a read of consensus/0: damaged")])
        rig.feed(.verified(Token(number: 2), .failed("no thread")))
        #expect(
            rig.events == [.note(.error, "signatures could not be checked, and nothing is known of them: no thread")])
        #expect(rig.takeLines() == ["consensus read failed: damaged", #"consensus verified failed("no thread")"#])
    }
}
