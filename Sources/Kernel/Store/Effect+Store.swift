// For drivers whose store answers at once.

extension StoreBackend {
    /// Does what an effect asks of the store.
    ///
    /// - Returns: what the node is to be told; nil for an effect that asks nothing of a store.
    package func carryOut(_ effect: Effect) -> Input? {
        do {
            switch effect {
            case .persist(let space, let batch, let token):
                try apply(batch, in: space)
                return .persisted(token)
            case .read(let space, let query, let token): return .rows(token, try read(query, in: space))
            default: return nil
            }
        } catch {
            return effect.storeFailed(StoreFailure(error))
        }
    }
}

extension Effect {
    /// What a node is told where the store refuses this effect; nil for an effect that asks nothing of a store.
    package func storeFailed(_ failure: StoreFailure) -> Input? {
        switch self {
        case .persist(_, _, let token): .persistFailed(token, failure)
        case .read(_, _, let token): .readFailed(token, failure)
        default: nil
        }
    }
}
