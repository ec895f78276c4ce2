/// What a timer carries besides its deadline: the module's own number for the kind, and a subject (a link, a slot).
public struct TimerCode: Sendable, Hashable {
    public let kind: UInt8
    public let subject: UInt64

    public init(kind: UInt8, subject: UInt64 = 0) {
        self.kind = kind
        self.subject = subject
    }
}

/// One heap of deadlines for a whole node, so that a driver arms a single tick.
///
/// Setting a timer again replaces it; a replaced or cancelled entry stays in the heap and is passed over when it
/// comes up, which costs less than searching for it.
struct TimerHeap {
    struct Key: Hashable {
        let module: UInt8
        let code: TimerCode
    }

    private struct Entry {
        let deadline: Int64
        let sequence: UInt64
        let key: Key
    }

    private var heap: [Entry] = []
    /// Look-up only; the order of firing is the heap's.
    private var current: [Key: UInt64] = [:]
    private(set) var sequence: UInt64 = 0

    init() {}

    /// A heap with these timers set, of `sequence` that ever were.
    init(_ settings: [NodeCheckpoint.Timer], sequence: UInt64) {
        self.sequence = sequence
        for setting in settings {
            let key = Key(module: setting.module, code: setting.code)
            current[key] = setting.sequence
            push(Entry(deadline: setting.deadline.nanoseconds, sequence: setting.sequence, key: key))
        }
    }

    /// Every timer that is set, in the order of firing.
    var settings: [NodeCheckpoint.Timer] {
        heap.filter { current[$0.key] == $0.sequence }.sorted(by: Self.precedes).map {
            NodeCheckpoint.Timer(
                module: $0.key.module, code: $0.key.code, deadline: Instant(nanoseconds: $0.deadline),
                sequence: $0.sequence
            )
        }
    }

    /// The next deadline, nil when nothing is set.
    var next: Instant? { heap.first.map { Instant(nanoseconds: $0.deadline) } }

    var count: Int { current.count }

    mutating func set(_ key: Key, at deadline: Instant) {
        sequence += 1
        let isReplaced = current.updateValue(sequence, forKey: key) != nil
        push(Entry(deadline: deadline.roundedUpToMillisecond.nanoseconds, sequence: sequence, key: key))
        guard isReplaced else { return }
        dropStale()
        if heap.count > 2 * current.count + 64 { dropAllStale() }
    }

    /// A timer that is put off again and again would otherwise leave an entry behind each time.
    private mutating func dropAllStale() {
        heap.removeAll { current[$0.key] != $0.sequence }
        // A sorted array is a heap.
        heap.sort(by: Self.precedes)
    }

    mutating func cancel(_ key: Key) {
        current[key] = nil
        dropStale()
    }

    mutating func cancelAll(of module: UInt8) {
        let keys = heap.map(\.key).filter { $0.module == module }
        for key in keys { current[key] = nil }
        dropStale()
    }

    /// The earliest timer that is due, in the order of (deadline, setting).
    mutating func popDue(at now: Instant) -> Key? {
        dropStale()
        guard let top = heap.first, top.deadline <= now.nanoseconds else { return nil }
        _ = pop()
        current[top.key] = nil
        dropStale()
        return top.key
    }

    private mutating func dropStale() {
        while let top = heap.first, current[top.key] != top.sequence { _ = pop() }
    }

    private static func precedes(_ left: Entry, _ right: Entry) -> Bool {
        left.deadline == right.deadline ? left.sequence < right.sequence : left.deadline < right.deadline
    }

    private mutating func push(_ entry: Entry) {
        heap.append(entry)
        var child = heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard Self.precedes(entry, heap[parent]) else { break }
            heap[child] = heap[parent]
            child = parent
        }
        heap[child] = entry
    }

    private mutating func pop() -> Entry? {
        guard let last = heap.popLast() else { return nil }
        guard let top = heap.first else { return last }
        var parent = 0
        while true {
            var child = 2 * parent + 1
            guard child < heap.count else { break }
            if child + 1 < heap.count, Self.precedes(heap[child + 1], heap[child]) { child += 1 }
            guard Self.precedes(heap[child], last) else { break }
            heap[parent] = heap[child]
            parent = child
        }
        heap[parent] = last
        return top
    }
}
