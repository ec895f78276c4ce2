/// The simulator's clock: events by (time, sequence), payloads aside so that keys alone are moved.
///
/// Most events are timers that lie seconds ahead, while what is due next are segments on their way. So only the events of
/// the running thirtieth of a second stand in a heap; later ones wait, unsorted, in a ring of such spans, and those beyond
/// the ring in a second heap.
struct EventQueue<Payload> {
    /// A span is 2²⁵ ns: 34 ms; the ring covers 69 s.
    private static var spanBits: Int64 { 25 }
    private static var ringSize: Int64 { 2048 }

    /// Everything that is due before the span after `span` begins.
    private var near = EventHeap()
    /// The number of the running span.
    private var span: Int64 = 0
    private var ring = [[EventKey]](repeating: [], count: Int(ringSize))
    private var ringCount = 0
    private var far = EventHeap()

    private var payloads: [Payload?] = []
    private var free: [Int] = []
    private var sequence: UInt64 = 0

    var count: Int { payloads.count - free.count }

    /// When the next event is due, in nanoseconds.
    var nextTime: Int64? { near.first?.time }

    /// Events of the same time come out in the order they went in.
    mutating func push(_ payload: Payload, at time: Int64) {
        sequence += 1
        let slot: Int
        if let reused = free.popLast() {
            slot = reused
            payloads[slot] = payload
        } else {
            slot = payloads.count
            precondition(slot < EventKey.mostSlots, "more events wait than the queue can number")
            payloads.append(payload)
        }
        place(EventKey(time: time, sequence: sequence, slot: slot))
        if near.first == nil { advance() }
    }

    mutating func pop() -> (time: Int64, payload: Payload)? {
        guard let key = near.pop() else { return nil }
        if near.first == nil { advance() }
        let slot = key.slot
        guard let payload = payloads[slot].take() else { preconditionFailure("an event lost its payload") }
        free.append(slot)
        return (key.time, payload)
    }

    private mutating func place(_ key: EventKey) {
        let distance = (key.time >> Self.spanBits) - span
        if distance <= 0 {
            near.push(key)
        } else if distance < Self.ringSize {
            ring[index(of: span + distance)].append(key)
            ringCount += 1
        } else {
            far.push(key)
        }
    }

    /// Goes on to the next span that has an event.
    private mutating func advance() {
        while near.first == nil, ringCount > 0 || far.first != nil {
            if ringCount > 0 {
                span += 1
            } else if let next = far.first {
                span = next.time >> Self.spanBits
            }
            let place = index(of: span)
            ringCount -= ring[place].count
            for key in ring[place] { near.push(key) }
            ring[place].removeAll(keepingCapacity: true)
            while let key = far.first, key.time >> Self.spanBits <= span {
                near.push(key)
                _ = far.pop()
            }
        }
    }

    private func index(of span: Int64) -> Int { Int(span & (Self.ringSize - 1)) }
}
