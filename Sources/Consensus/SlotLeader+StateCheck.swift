import Kernel
import Wire

// A state that was written out comes back from a file, and the file may be damaged or forged. What the module computes from
// it has to fit: heights that rise by one, sums that do not overflow, lists that are sorted.

/// No chain is so high: sums of two heights still fit.
private let heights: Range<UInt64> = 0..<1 << 62
private let sizes = 0...1 << 40

extension SlotLeader.State: CheckedState {
    public var fault: String? {
        if let fault = tree.fault ?? writer.stateFault ?? signed.fault { return fault }
        if let catchUp {
            guard heights.contains(catchUp.from), catchUp.from > 0, (1...1 << 40).contains(catchUp.stepBack) else {
                return "a request for blocks from height \(catchUp.from), \(catchUp.stepBack) below the tip"
            }
            if let join = catchUp.join, !sizes.contains(join.bytes) { return "\(join.bytes) bytes of blocks are held" }
        }
        if let replay, !heights.contains(replay.next) { return "height \(replay.next) is applied next" }
        if let read = reads.first(where: { !heights.contains($0.from) || $0.limit < 0 }) {
            return "a peer asked for \(read.limit) blocks from height \(read.from)"
        }
        return nil
    }
}

extension BlockTree {
    var fault: String? {
        guard (1...1 << 20).contains(window) else { return "a window of \(window) blocks" }
        guard let first = main.first else { return side.isEmpty ? nil : "a branch without a chain" }
        guard first.height > 0, heights.contains(first.height), heights.contains(tip.height) else {
            return "a chain from height \(first.height) to \(tip.height)"
        }
        for (lower, upper) in zip(main, main.dropFirst()) where upper.parent != lower.tip {
            return "block \(upper.height) does not follow the one before it"
        }
        for (one, next) in zip(side, side.dropFirst()) where !ChainTip.precedes(one.tip, next.tip) {
            return "branch blocks that are not sorted"
        }
        return side.allSatisfy { heights.contains($0.height) } ? nil : "a branch block of no height"
    }
}

extension SignedSlots {
    var fault: String? {
        zip(ranges, ranges.dropFirst()).allSatisfy { $0.upperBound < $1.lowerBound } ? nil : "slots that are not sorted"
    }
}

extension ChainWriter {
    var stateFault: String? {
        if let fault = stored.stateFault { return fault }
        guard (0...1 << 20).contains(refusals) else { return "\(refusals) refusals of the store in a row" }
        guard let flight else { return nil }
        let fits = heights.contains(flight.from) && heights.contains(flight.keptFrom) && flight.sizes.count <= 1 << 20
        return fits && flight.sizes.allSatisfy(sizes.contains) ? nil : "a write from height \(flight.from)"
    }
}

extension StoredChain {
    var stateFault: String? {
        let fits =
            heights.contains(first) && heights.contains(count) && sizes.contains(bytes) && runCount <= 1 << 20
            && heights.contains(first + count)
        return fits && runsAddUp ? nil : "\(count) rows of \(bytes) bytes in the store from height \(first)"
    }
}
