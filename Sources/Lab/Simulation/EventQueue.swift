/// The simulator's clock: a 4-ary heap ordered by (time, sequence), payloads aside so that sifting moves 24 bytes.
///
/// Four children a node halve the depth of a binary heap, and two cache lines hold all of them.
struct EventQueue<Payload> {
    private struct Key {
        let time: Int64
        let sequence: UInt64
        let slot: Int
    }

    private var heap: [Key] = []
    private var payloads: [Payload?] = []
    private var free: [Int] = []
    private var sequence: UInt64 = 0

    var count: Int { heap.count }

    /// When the next event is due, in nanoseconds.
    var nextTime: Int64? { heap.first?.time }

    /// Events of the same time come out in the order they went in.
    mutating func push(_ payload: Payload, at time: Int64) {
        sequence += 1
        let slot: Int
        if let reused = free.popLast() {
            slot = reused
            payloads[slot] = payload
        } else {
            slot = payloads.count
            payloads.append(payload)
        }
        let key = Key(time: time, sequence: sequence, slot: slot)
        heap.append(key)
        var child = heap.count - 1
        heap.withUnsafeMutableBufferPointer { heap in
            while child > 0 {
                let parent = (child - 1) / 4
                guard Self.precedes(key, heap[parent]) else { break }
                heap[child] = heap[parent]
                child = parent
            }
            heap[child] = key
        }
    }

    mutating func pop() -> (time: Int64, payload: Payload)? {
        guard let last = heap.popLast() else { return nil }
        let top = heap.first ?? last
        if !heap.isEmpty { sink(last) }
        guard let payload = payloads[top.slot].take() else { preconditionFailure("an event lost its payload") }
        free.append(top.slot)
        return (top.time, payload)
    }

    private mutating func sink(_ last: Key) {
        heap.withUnsafeMutableBufferPointer { heap in
            let count = heap.count
            var parent = 0
            while true {
                let first = 4 * parent + 1
                guard first < count else { break }
                var least = first
                var child = first + 1
                let end = min(first + 4, count)
                while child < end {
                    if Self.precedes(heap[child], heap[least]) { least = child }
                    child += 1
                }
                guard Self.precedes(heap[least], last) else { break }
                heap[parent] = heap[least]
                parent = least
            }
            heap[parent] = last
        }
    }

    private static func precedes(_ left: Key, _ right: Key) -> Bool {
        left.time == right.time ? left.sequence < right.sequence : left.time < right.time
    }
}
