import Dispatch
import Synchronization

/// Takes log lines from any thread and writes them from one of its own, so that a slow reader of stderr never holds up
/// the node's event loop. Beyond 10,000 waiting lines the newest are dropped, and their number is told.
final class LogSink: Sendable {
    private struct Queue {
        var lines: [String] = []
        var dropped = 0
        var isScheduled = false
    }

    static let limit = 10_000

    private let waiting = Mutex(Queue())
    private let writer = DispatchQueue(label: "timenode.log")
    private let write: @Sendable (String) -> Void
    private let tellDropped: @Sendable (Int) -> String

    /// - Parameters:
    ///   - tellDropped: the line that says how many are missing, without its line break.
    ///   - write: takes a text of whole lines; may block.
    init(
        tellDropped: @escaping @Sendable (Int) -> String = {
            "\($0) log lines dropped: nobody reads stderr fast enough"
        },
        write: @escaping @Sendable (String) -> Void
    ) {
        self.tellDropped = tellDropped
        self.write = write
    }

    /// Hands over one line, without its line break; returns at once.
    func append(_ line: String) {
        let mustSchedule = waiting.withLock { queue in
            if queue.lines.count >= Self.limit {
                queue.dropped += 1
                return false
            }
            queue.lines.append(line)
            defer { queue.isScheduled = true }
            return !queue.isScheduled
        }
        if mustSchedule { writer.async { self.drain() } }
    }

    /// Returns once everything handed over before is written.
    func flush() {
        writer.sync { self.drain() }
    }

    private func drain() {
        let (lines, dropped) = waiting.withLock { queue in
            defer { queue = Queue() }
            return (queue.lines, queue.dropped)
        }
        var text = ""
        for line in lines { text += line + "\n" }
        if dropped > 0 { text += tellDropped(dropped) + "\n" }
        if !text.isEmpty { write(text) }
    }
}
