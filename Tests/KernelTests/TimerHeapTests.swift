import Testing

@testable import Kernel

struct TimerHeapTests {
    private func key(_ subject: UInt64, module: UInt8 = 0) -> TimerHeap.Key {
        TimerHeap.Key(module: module, code: TimerCode(kind: 1, subject: subject))
    }

    private func at(_ milliseconds: Int64) -> Instant { Instant(nanoseconds: milliseconds * 1_000_000) }

    private func drain(_ heap: inout TimerHeap, until now: Instant) -> [UInt64] {
        var fired: [UInt64] = []
        while let key = heap.popDue(at: now) { fired.append(key.code.subject) }
        return fired
    }

    @Test("timers fire in the order of their deadlines, and of their setting where those are equal")
    func order() {
        var heap = TimerHeap()
        for (subject, deadline) in [(1, 30), (2, 10), (3, 20), (4, 10), (5, 30)] {
            heap.set(key(UInt64(subject)), at: at(Int64(deadline)))
        }
        #expect(heap.next == at(10))
        #expect(drain(&heap, until: at(20)) == [2, 4, 3])
        #expect(heap.next == at(30))
        #expect(drain(&heap, until: at(30)) == [1, 5])
        #expect(heap.next == nil)
    }

    @Test("a timer that is set again fires once, at its new deadline", arguments: [5, 50] as [Int64])
    func replace(deadline: Int64) {
        var heap = TimerHeap()
        heap.set(key(1), at: at(10))
        heap.set(key(2), at: at(20))
        heap.set(key(1), at: at(deadline))
        #expect(heap.next == at(min(20, deadline)))
        #expect(drain(&heap, until: at(100)) == (deadline < 20 ? [1, 2] : [2, 1]))
    }

    @Test("a cancelled timer leaves no deadline behind")
    func cancel() {
        var heap = TimerHeap()
        heap.set(key(1), at: at(10))
        heap.set(key(2), at: at(20))
        heap.cancel(key(1))
        heap.cancel(key(9))
        #expect(heap.next == at(20))
        #expect(heap.count == 1)
        #expect(drain(&heap, until: at(100)) == [2])
    }

    @Test("one module's timers can be forgotten together")
    func cancelModule() {
        var heap = TimerHeap()
        for subject in 0..<10 { heap.set(key(UInt64(subject), module: UInt8(subject % 2)), at: at(Int64(subject))) }
        heap.cancelAll(of: 0)
        #expect(drain(&heap, until: at(100)) == [1, 3, 5, 7, 9])
    }

    @Test("deadlines are rounded up to the millisecond, so nothing fires early")
    func rounding() {
        var heap = TimerHeap()
        heap.set(key(1), at: Instant(nanoseconds: 1_000_001))
        #expect(heap.next == at(2))
        #expect(heap.popDue(at: Instant(nanoseconds: 1_999_999)) == nil)
        heap.set(key(2), at: .never)
        #expect(drain(&heap, until: at(2)) == [1])
    }

    @Test("a timer that is put off again and again takes no more room")
    func bounded() {
        var heap = TimerHeap()
        for round in 0..<10_000 { heap.set(key(UInt64(round % 3)), at: at(Int64(1_000_000 + round))) }
        #expect(heap.count == 3)
        #expect(heap.roomTaken <= 2 * 3 + 65)
        #expect(drain(&heap, until: at(2_000_000)) == [0, 1, 2].map { UInt64(($0 + 1) % 3) })
    }

    @Test(
        "any mixture of setting, cancelling and firing does what a sorted list does", arguments: 0..<20 as Range<UInt64>
    )
    func model(seed: UInt64) {
        var random = RandomStream(seed: seed, name: "timers")
        var heap = TimerHeap()
        var model: [(subject: UInt64, deadline: Int64, order: Int)] = []
        var now: Int64 = 0
        for step in 0..<2000 {
            let subject = random.below(30)
            switch random.below(10) {
            case 0..<5:
                let deadline = now + Int64(random.below(50))
                heap.set(key(subject), at: at(deadline))
                model.removeAll { $0.subject == subject }
                model.append((subject, deadline, step))
            case 5..<7:
                heap.cancel(key(subject))
                model.removeAll { $0.subject == subject }
            default:
                now += Int64(random.below(20))
                let due = model.filter { $0.deadline <= now }.sorted {
                    ($0.deadline, $0.order) < ($1.deadline, $1.order)
                }
                model.removeAll { $0.deadline <= now }
                #expect(drain(&heap, until: at(now)) == due.map(\.subject))
            }
            #expect(heap.next == model.map(\.deadline).min().map { at($0) })
            #expect(heap.count == model.count)
        }
    }
}

extension TimerHeap {
    /// Entries held, the passed-over ones included.
    var roomTaken: Int {
        Mirror(reflecting: self).children.first { $0.label == "heap" }.map {
            Mirror(reflecting: $0.value).children.count
        } ?? 0
    }
}
