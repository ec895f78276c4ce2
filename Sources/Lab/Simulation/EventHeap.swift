/// When an event is due, which one of a moment comes first, and where its payload lies: a sequence number above a place.
struct EventKey {
    let time: Int64
    let rank: UInt64

    /// Sixteen million events at a time; a million million of them in one run.
    private static var slotBits: UInt64 { 24 }
    static var mostSlots: Int { 1 << Int(slotBits) }

    init(time: Int64, sequence: UInt64, slot: Int) {
        self.time = time
        rank = sequence << Self.slotBits | UInt64(slot)
    }

    var slot: Int { Int(rank & (1 << Self.slotBits - 1)) }

    static func precedes(_ left: EventKey, _ right: EventKey) -> Bool {
        left.time == right.time ? left.rank < right.rank : left.time < right.time
    }
}

/// A 4-ary heap of keys. Four children a node halve the depth of a binary heap, and a cache line holds all of them.
struct EventHeap {
    private var keys: [EventKey] = []

    var first: EventKey? { keys.first }

    mutating func push(_ key: EventKey) {
        keys.append(key)
        var child = keys.count - 1
        keys.withUnsafeMutableBufferPointer { keys in
            while child > 0 {
                let parent = (child - 1) / 4
                guard EventKey.precedes(key, keys[parent]) else { break }
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
                var least = first
                var child = first + 1
                let end = min(first + 4, count)
                while child < end {
                    if EventKey.precedes(keys[child], keys[least]) { least = child }
                    child += 1
                }
                guard EventKey.precedes(keys[least], last) else { break }
                keys[parent] = keys[least]
                parent = least
            }
            keys[parent] = last
        }
        return top
    }
}
