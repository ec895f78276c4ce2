import Foundation
import Kernel
import Wire

/// What this node signed last, and what it knew then: the one row in the store.
struct Record: Codable, Sendable {
    var proposal: Proposal
    var vote: Vote
    var final: BlockTip

    static let key: StoreKey = [1]

    /// Keys of JSON are sorted, so that two runs write equal bytes.
    var batch: StoreBatch {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        guard let bytes = try? encoder.encode(self) else { preconditionFailure("a record has a form in JSON") }
        return StoreBatch([.put(Self.key, Array(bytes))])
    }
}

// What is signed is kept first, and read back before anything else is signed.
extension VoteChain: PersistingPolicy {
    public static var storeFormat: UInt32 { 1 }

    mutating func load(_ context: inout Context) { state.loading = read(.get(Record.key), &context) }

    public mutating func rows(_ answer: StoreAnswer, _ token: Token, _ context: inout Context) {
        guard token == state.loading else { return }
        state.loading = nil
        if let value = answer.value {
            // A node that cannot tell what it has signed signs nothing.
            guard let record = try? JSONDecoder().decode(Record.self, from: Data(value)) else {
                let failure = StoreFailure(code: .failed, message: "the last vote in the store cannot be read")
                return halt(failure, &context)
            }
            adopt(record, &context)
        } else {
            state.saved = nil
        }
        state.isLoaded = true
        resume(&context)
        // Links may have come up before the rows came.
        for link in context.links.up.map(\.id) { greet(link, &context) }
    }

    /// Asked again when the next slot begins.
    public mutating func readFailed(_ failure: StoreFailure, _ token: Token, _ context: inout Context) {
        guard token == state.loading else { return }
        state.loading = nil
        halt(failure, &context)
    }

    public mutating func persisted(_ token: WriteToken, _ context: inout Context) {
        guard token == state.saving, let record = state.signed else { return }
        state.saving = nil
        state.saved = record
        resume(&context)
        let tip = record.proposal.block.tip
        if Slots(context.network).leader(of: tip.slot) == context.identity {
            context.observe(.blockProduced(height: tip.height, hash: tip.hash, slot: tip.slot))
        }
        take(record.vote, &context)
    }

    /// The vote does not go out. It stays signed: no other one is signed for its slot. The next slot tries the store again.
    public mutating func persistFailed(_ failure: StoreFailure, _ token: WriteToken, _ context: inout Context) {
        guard token == state.saving, let slot = state.signed?.vote.slot else { return }
        state.saving = nil
        halt(failure, &context)
        if Slots(context.network).leader(of: slot) == context.identity {
            context.observe(.ownSlotSkipped(slot: slot, .storeFailed))
        }
    }

    /// A state taken over from an earlier process may know of a later vote than the store.
    private mutating func adopt(_ record: Record, _ context: inout Context) {
        state.saved = record
        if record.vote.slot > state.signed?.vote.slot ?? 0 { state.signed = record }
        if record.final.height > state.final.height { state.final = record.final }
        if let parent = record.proposal.parent { certify(parent, &context) }
    }

    private mutating func halt(_ failure: StoreFailure, _ context: inout Context) {
        if state.fault == nil { context.observe(.storeHalted(failure)) }
        state.fault = failure
    }

    private mutating func resume(_ context: inout Context) {
        if state.fault != nil { context.observe(.storeResumed) }
        state.fault = nil
    }
}
