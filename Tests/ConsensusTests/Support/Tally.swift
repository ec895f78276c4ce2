import Kernel
import Wire

/// An application that adds up the bytes of its payloads; a byte of 255 is refused.
struct Tally: ApplicationPolicy {
    struct State: Codable, Sendable {
        var sum: UInt64 = 0
        var blocks: UInt64 = 0
        var waiting: [UInt8] = []
    }

    var state = State()
    var root: Bytes32 { Bytes32(state.sum, state.blocks, 0, 0) }

    mutating func start(_ network: NetworkView) { state = State() }

    mutating func submit(_ transaction: [UInt8]) -> SubmissionResult {
        guard transaction.count == 1, let byte = transaction.first, byte != 255 else {
            return .refused(SubmissionRefusal(.invalid, "a transaction is one byte below 255"))
        }
        state.waiting.append(byte)
        return .accepted(id: Bytes32(UInt64(byte), 0, 0, 0))
    }

    func propose(_ frame: BlockFrame, limit: Int) -> [UInt8] { Array(state.waiting.prefix(limit)) }

    func validate(_ block: ApplicationBlock) -> BlockVerdict {
        guard block.frame.height == state.blocks + 1 else { return .refused("it does not follow") }
        return block.payload.contains(255) ? .refused("255 is refused") : .accepted
    }

    mutating func apply(_ block: ApplicationBlock, settled: UInt64) -> AppliedBlock {
        state.sum += block.payload.reduce(0) { $0 + UInt64($1) }
        state.blocks += 1
        state.waiting.removeAll { block.payload.contains($0) }
        return AppliedBlock(changes: changes, root: root)
    }

    mutating func revert(_ block: ApplicationBlock) -> StoreBatch {
        state.sum -= block.payload.reduce(0) { $0 + UInt64($1) }
        state.blocks -= 1
        return changes
    }

    private var changes: StoreBatch {
        var batch = StoreBatch()
        let sum = UInt8(truncatingIfNeeded: state.sum)
        batch.put([1], [sum])
        return batch
    }
}
