import Kernel
import Profile
import Wire

/// An application that counts how often each of 256 numbers was handed in, with one fault on purpose, or none. A
/// transaction is two bytes: 1 and the number. A payload is the numbers, a byte each.
struct Counter: ApplicationPolicy {
    /// What it does wrong.
    enum Fault: String, CaseIterable, Sendable {
        case none
        case drawsFromTheSystem
        case remembersOutsideItsState
        case keepsWhatItHears
        case proposesTooMuch
        case proposesNonsense
        case forgetsToTakeBack
        case leavesRows
        case countsItsOwnTwice
    }

    struct State: Codable, Sendable {
        var counts = Array(repeating: UInt64(0), count: 256)
        var waiting: [UInt8] = []
        var heard: [[UInt8]] = []
        var transactions: UInt64 = 0
    }

    let fault: Fault
    var state = State()
    private var secret: UInt64 = 0

    init(fault: Fault) {
        self.fault = fault
    }

    var root: Bytes32 {
        var sums: (UInt64, UInt64) = (14_695_981_039_346_656_037, secret)
        for count in state.counts { sums.0 = (sums.0 ^ count) &* 1_099_511_628_211 }
        return Bytes32(sums.0, sums.1, 0, 0)
    }

    mutating func start(_ network: NetworkView) { state = State() }

    mutating func submit(_ transaction: [UInt8]) -> SubmissionResult {
        if fault == .keepsWhatItHears { state.heard.append(Array(repeating: 1, count: 200)) }
        guard transaction.count == 2, transaction[0] == 1 else {
            return .refused(SubmissionRefusal(.invalid, "a transaction is 1 and a number"))
        }
        guard !state.waiting.contains(transaction[1]) else {
            return .refused(SubmissionRefusal(.duplicate, "that number waits already"))
        }
        state.waiting.append(transaction[1])
        return .accepted(id: Bytes32(UInt64(transaction[1]), 0, 0, 0))
    }

    mutating func propose(_ frame: BlockFrame, limit: Int) -> [UInt8] {
        if fault == .proposesTooMuch { return Array(repeating: 2, count: limit + 1) }
        if fault == .proposesNonsense, frame.height > 3 { return limit > 0 ? [255] : [] }
        return Array(state.waiting.prefix(limit))
    }

    func validate(_ block: ApplicationBlock) -> BlockVerdict {
        block.payload.contains(255) ? .refused("255 is not counted") : .accepted
    }

    mutating func apply(_ block: ApplicationBlock, settled: UInt64) -> AppliedBlock {
        var changes = StoreBatch()
        for number in block.payload {
            let step: UInt64 = fault == .countsItsOwnTwice && state.waiting.contains(number) ? 2 : 1
            state.counts[Int(number)] += fault == .drawsFromTheSystem ? .random(in: 1...9) : step
        }
        if fault == .remembersOutsideItsState { secret += 1 }
        for number in block.payload { write(number, &changes) }
        state.waiting.removeAll { block.payload.contains($0) }
        return AppliedBlock(changes: changes, root: root)
    }

    mutating func revert(_ block: ApplicationBlock) -> StoreBatch {
        var changes = StoreBatch()
        if fault != .forgetsToTakeBack {
            for number in block.payload { state.counts[Int(number)] -= 1 }
        }
        if fault == .remembersOutsideItsState { secret -= 1 }
        if fault == .leavesRows {
            changes.put(StoreKey(table: 2, number: block.frame.height), [])
        }
        for number in block.payload {
            if state.counts[Int(number)] == 0 {
                changes.delete(StoreKey(table: 1, number: UInt64(number)))
            } else {
                write(number, &changes)
            }
        }
        return changes
    }

    private func write(_ number: UInt8, _ changes: inout StoreBatch) {
        let count = state.counts[Int(number)]
        changes.put(
            StoreKey(table: 1, number: UInt64(number)),
            (0..<8).map { UInt8(truncatingIfNeeded: count >> UInt64(56 - 8 * $0)) }
        )
    }

    static func descriptor(_ fault: Fault) -> ModuleDescriptor {
        ModuleDescriptor(
            spec: ModuleSpec(
                role: Role.application.rawValue, id: "counter", version: "1", stability: .development,
                summary: "counts", posture: "for tests", options: OptionSpec([])
            ),
            factory: .application { _ in Counter(fault: fault) }
        )
    }

    /// Transactions that it takes.
    static let samples: [[UInt8]] = (0..<20).map { [1, UInt8($0)] }
}
