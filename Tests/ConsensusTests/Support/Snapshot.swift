import Foundation

@testable import Consensus
@testable import Kernel

extension Rig {
    var consensusState: SlotLeader.State {
        get throws {
            guard let module = node.machine.consensus as? SlotLeader else { throw WrongModule() }
            return module.state
        }
    }

    struct WrongModule: Error {}
}

extension SlotLeader.State {
    static func copied(_ state: SlotLeader.State) throws -> SlotLeader.State {
        try JSONDecoder().decode(SlotLeader.State.self, from: JSONEncoder().encode(state))
    }
}

extension Rig {
    /// What the links module says of another process with this node's key.
    func conflict(_ conflict: IdentityConflict?) {
        node.machine.context.reportIdentityConflict(conflict)
        feed(.wake)
    }
}

extension Rig {
    /// The sum and the number of blocks of the application `Tally`.
    var tally: [UInt64] {
        guard let tally = node.machine.context.application as? Tally else { return [] }
        return [tally.state.sum, tally.state.blocks]
    }
}
