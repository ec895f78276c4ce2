/// When an event is due, which one of a moment comes first, and where its payload lies: a sequence number above a place.
///
/// One wide number, so that two keys are compared without a branch.
struct EventKey: Comparable {
    private let order: UInt128

    /// Sixteen million events at a time; a million million of them in one run.
    private static var slotBits: UInt64 { 24 }
    static var mostSlots: Int { 1 << Int(slotBits) }

    /// - Parameter time: nanoseconds since the start of the run; never negative.
    init(time: Int64, sequence: UInt64, slot: Int) {
        order = UInt128(UInt64(time)) << 64 | UInt128(sequence << Self.slotBits | UInt64(slot))
    }

    var time: Int64 { Int64(truncatingIfNeeded: order >> 64) }
    var slot: Int { Int(truncatingIfNeeded: order) & (1 << Int(Self.slotBits) - 1) }

    @inline(__always) static func < (left: EventKey, right: EventKey) -> Bool { left.order < right.order }
}

/// A 4-ary heap of keys. Four children a node halve the depth of a binary heap, and a cache line holds all of them.
struct EventHeap {
    private typealias Keys = UnsafeMutableBufferPointer<EventKey>

    private var keys: [EventKey] = []

    var first: EventKey? { keys.first }

    mutating func push(_ key: EventKey) {
        keys.append(key)
        var child = keys.count - 1
        keys.withUnsafeMutableBufferPointer { keys in
            while child > 0 {
                let parent = (child - 1) / 4
                guard key < keys[parent] else { break }
                keys[child] = keys[parent]
                child = parent
            }
            keys[child] = key
        }
    }

    mutating func pop() -> EventKey? {
        guard let last = keys.popLast() else { return nil }
        guard let top = keys.first else { return last }
        keys.withUnsafeMutableBufferPointer { keys in
            let count = keys.count
            var parent = 0
            while true {
                let first = 4 * parent + 1
                guard first < count else { break }
                let least = first + 3 < count ? Self.leastOfFour(keys, first) : Self.least(keys, first, count)
                guard keys[least] < last else { break }
                keys[parent] = keys[least]
                parent = least
            }
            keys[parent] = last
        }
        return top
    }

    /// Where the least of four keys stands. No processor could guess which one it is, so nothing here branches on it.
    @inline(__always) private static func leastOfFour(_ keys: Keys, _ first: Int) -> Int {
        let left = keys[first + 1] < keys[first] ? first + 1 : first
        let right = keys[first + 3] < keys[first + 2] ? first + 3 : first + 2
        return keys[right] < keys[left] ? right : left
    }

    private static func least(_ keys: Keys, _ first: Int, _ count: Int) -> Int {
        var least = first
        for child in first + 1..<max(first + 1, count) where keys[child] < keys[least] { least = child }
        return least
    }
}
