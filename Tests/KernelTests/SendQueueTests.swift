import Testing
import Wire

@testable import Kernel

@Suite("What waits to be sent: urgent first, load last, long messages in parts")
struct SendQueueTests {
    private typealias Queue = SendQueue<String>

    private let part = SendLimits.partBytes

    /// Puts a message in at `seconds` as a driver does.
    @discardableResult
    private func put(
        _ name: String, _ bytes: Int, _ sendClass: SendClass, at seconds: Int = 0, into queue: inout Queue
    ) -> Queue.Verdict {
        let verdict = queue.verdict(on: bytes, isDroppable: sendClass == .bulk)
        guard verdict == .queued else { return verdict }
        queue.append(
            name, bytes: bytes, sendClass, isDroppable: sendClass == .bulk, at: .zero + .seconds(seconds)
        )
        return verdict
    }

    /// All pieces that go out while the host's TCP takes everything, and what is dropped.
    private func pieces(of queue: inout Queue, at seconds: Int = 0) -> (out: [String], dropped: [String]) {
        var out: [String] = []
        var dropped: [String] = []
        while let piece = queue.next(at: .zero + .seconds(seconds), drop: { name, _, _ in dropped.append(name) }) {
            out.append(piece.isWhole ? piece.item : "\(piece.item)+\(piece.offset)\(piece.isLast ? "." : "")")
            queue.taken(piece.wireBytes)
        }
        return (out, dropped)
    }

    @Test("the more urgent class goes first, and a class keeps its order")
    func order() {
        var queue = Queue(limit: 1000)
        put("load", 10, .bulk, into: &queue)
        put("addresses", 10, .normal, into: &queue)
        put("block", 10, .urgent, into: &queue)
        put("vote", 10, .urgent, into: &queue)
        put("ping", 10, .control, into: &queue)
        #expect(pieces(of: &queue).out == ["ping", "block", "vote", "addresses", "load"])
        #expect(queue.isDrained)
    }

    @Test("a long message goes out in parts, and urgent ones between them")
    func parts() throws {
        var queue = Queue(limit: 1 << 20)
        put("load", 2 * part + 5, .bulk, into: &queue)
        let first = try #require(queue.next(at: .zero) { _, _, _ in })
        #expect(first.bytes == part && !first.isLast && first.wireBytes == part + Frame.partHeaderBytes)
        queue.taken(first.wireBytes)
        put("ping", 10, .control, into: &queue)
        put("block", part + 1, .urgent, into: &queue)
        #expect(
            pieces(of: &queue).out
                == ["ping", "block+0", "block+\(part).", "load+\(part)", "load+\(2 * part)."]
        )
    }

    @Test("no more is handed over than the host's TCP takes, but for one piece")
    func ahead() throws {
        var queue = Queue(limit: 1 << 20)
        for number in 0..<10 { put("\(number)", part, .bulk, into: &queue) }
        let first = try #require(queue.next(at: .zero) { _, _, _ in })
        #expect(queue.next(at: .zero) { _, _, _ in } == nil)
        #expect(queue.handedBytes == part)
        queue.taken(first.wireBytes - 1)
        #expect(queue.next(at: .zero) { _, _, _ in } != nil)
        #expect(queue.next(at: .zero) { _, _, _ in } == nil)
    }

    @Test("short frames of one moment leave together, and none overtakes what waits")
    func burst() {
        var queue = Queue(limit: 1 << 20)
        var burst = 0
        while queue.admitsAtOnce(1000, inBurstOf: burst) {
            queue.hand(1000)
            burst += 1000
        }
        #expect(burst == SendLimits.burstBytes / 1000 * 1000)
        // The host's TCP has taken nothing of it: what comes later waits, where it can be overtaken.
        #expect(!queue.admitsAtOnce(10))
        queue.taken(burst)
        #expect(queue.admitsAtOnce(10))
        #expect(!queue.admitsAtOnce(part + 1))
        put("load", part + 1, .bulk, into: &queue)
        #expect(!queue.admitsAtOnce(10))
    }

    @Test("load is dropped where it does not fit, and takes no room from what must not be lost")
    func full() {
        var queue = Queue(limit: 100)
        #expect(put("load", 60, .bulk, into: &queue) == .queued)
        #expect(put("more", 41, .bulk, into: &queue) == .dropped)
        #expect(put("block", 60, .urgent, into: &queue) == .queued)
        #expect(put("ping", 40, .control, into: &queue) == .queued)
        #expect(put("pong", 1, .control, into: &queue) == .full)
        #expect(put("addresses", 1, .normal, into: &queue) == .full)
        #expect(put("last", 1, .bulk, into: &queue) == .dropped)
        #expect(pieces(of: &queue).out == ["ping", "block", "load"])
    }

    @Test("a message longer than the limit leaves where nothing else waits")
    func longerThanLimit() {
        var queue = Queue(limit: 100)
        #expect(put("block", 500, .urgent, into: &queue) == .queued)
        #expect(put("ping", 1, .control, into: &queue) == .full)
        _ = pieces(of: &queue)
        #expect(put("ping", 1, .control, into: &queue) == .queued)
    }

    @Test("load that a line never catches up with is dropped when it is old, and what has begun goes on")
    func late() throws {
        var queue = Queue(limit: 1 << 20)
        var out: [String] = []
        var dropped: [String] = []
        // A message of two parts a second, and a line that carries a part a second.
        for second in 0..<120 {
            put("\(second)", 2 * part, .bulk, at: second, into: &queue)
            let piece = queue.next(at: .zero + .seconds(second)) { name, _, _ in dropped.append(name) }
            if let piece {
                queue.taken(piece.wireBytes)
                if piece.isLast { out.append(piece.item) }
            }
        }
        #expect(out.count > 55)
        #expect(dropped.count > 30)
        // What goes out is not much older than the patience, and nothing was dropped half way.
        #expect(Set(out).isDisjoint(with: dropped))
        let last = try #require(out.last.flatMap { Int($0) })
        #expect(last > 100)
        #expect(queue.waitingBytes <= 14 * 2 * part)
    }

    @Test("load that was held up once goes out, however old it is, where the line catches up")
    func heldUp() {
        var queue = Queue(limit: 1 << 20)
        for number in 0..<20 { put("\(number)", 10, .bulk, at: number, into: &queue) }
        let (out, dropped) = pieces(of: &queue, at: 60)
        #expect(out.count == 20)
        #expect(dropped.isEmpty)
    }

    @Test("what is not load is never dropped, however old")
    func neverDropped() {
        var queue = Queue(limit: 1 << 20)
        for sendClass in SendClass.allCases where sendClass != .bulk {
            put("\(sendClass)", 10, sendClass, into: &queue)
        }
        for second in [30, 60, 90] {
            put("load", 10, .bulk, at: second - 20, into: &queue)
            let (out, dropped) = pieces(of: &queue, at: second)
            #expect(!out.isEmpty)
            #expect(dropped.isEmpty)
        }
    }

    @Test("a link that ends drops its load, also what has begun, and keeps the rest")
    func dropLoad() {
        var queue = Queue(limit: 1 << 20)
        put("load", 3 * part, .bulk, into: &queue)
        queue.next(at: .zero) { _, _, _ in }.map { queue.taken($0.wireBytes) }
        put("goodbye", 10, .control, into: &queue)
        #expect(queue.dropLoad() == [.bulk])
        #expect(queue.dropLoad() == [])
        #expect(pieces(of: &queue).out == ["goodbye"])
        #expect(queue.isDrained)
    }
}
