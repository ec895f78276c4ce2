import Kernel
import Wire

// What the store says: own blocks that are durable, the chain of an earlier process, rows that peers asked for.
extension SlotLeader: PersistingPolicy {
    public static var storeFormat: UInt32 { 1 }

    public mutating func persisted(_ token: WriteToken, _ context: inout Context) {
        guard let index = state.unsaved.firstIndex(where: { $0.token == token }) else { return }
        publish(state.unsaved.remove(at: index), &context)
    }

    public mutating func persistFailed(_ failure: StoreFailure, _ token: WriteToken, _ context: inout Context) {
        state.unsaved.removeAll { $0.token == token }
    }

    public mutating func rows(_ answer: StoreAnswer, _ token: Token, _ context: inout Context) {
        if token == state.loading {
            load(answer.rows, &context)
        } else if token == state.replay?.token {
            replay(answer.rows, &context)
        } else if let index = state.reads.firstIndex(where: { $0.token == token }) {
            self.answer(state.reads.remove(at: index), with: answer.rows, &context)
        }
    }

    public mutating func readFailed(_ failure: StoreFailure, _ token: Token, _ context: inout Context) {
        if let index = state.reads.firstIndex(where: { $0.token == token }) {
            self.answer(state.reads.remove(at: index), with: [], &context)
        }
    }
}
