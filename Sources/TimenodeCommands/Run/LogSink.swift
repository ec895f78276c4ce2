import Dispatch
import Synchronization

/// Takes log lines from any thread and writes them from one of its own, so that a slow reader of stderr never holds up
/// the node's event loop. Beyond 10,000 waiting lines the newest are dropped. Dropped lines are counted, and their number
/// is told once the reader reads again.
final class LogSink: Sendable {
    private struct Queue {
        var lines: [String] = []
        /// Since the last time the writer came by.
        var dropped: UInt64 = 0
        /// Since the node started.
        var droppedInAll: UInt64 = 0
        var isScheduled = false
    }

    static let limit = 10_000
    /// The end of a process waits so long for a reader that does not read.
    static let patience: DispatchTimeInterval = .seconds(2)

    private let waiting = Mutex(Queue())
    private let writer = DispatchQueue(label: "timenode.log")
    private let write: @Sendable (String) -> Bool
    private let tellDropped: @Sendable (Int) -> String

    /// - Parameters:
    ///   - tellDropped: the line that says how many are missing, without its line break.
    ///   - write: takes a text of whole lines; may block. False where nobody takes it.
    init(
        tellDropped: @escaping @Sendable (Int) -> String = {
            "\($0) log lines dropped: nobody reads stderr fast enough"
        },
        write: @escaping @Sendable (String) -> Bool
    ) {
        self.tellDropped = tellDropped
        self.write = write
    }

    /// Lines that nobody got to read, since the node started.
    var dropped: UInt64 { waiting.withLock { $0.droppedInAll } }

    /// Hands over one line, without its line break; returns at once.
    func append(_ line: String) {
        let mustSchedule = waiting.withLock { queue in
            if queue.lines.count >= Self.limit {
                queue.dropped += 1
                queue.droppedInAll += 1
                return false
            }
            queue.lines.append(line)
            defer { queue.isScheduled = true }
            return !queue.isScheduled
        }
        if mustSchedule { writer.async { self.drain() } }
    }

    /// Returns once everything handed over before is written, or once `patience` is over: a reader that stopped reading
    /// must not keep the process from ending.
    ///
    /// - Returns: whether everything is written.
    @discardableResult
    func flush() -> Bool {
        let done = DispatchSemaphore(value: 0)
        writer.async {
            self.drain()
            done.signal()
        }
        return done.wait(timeout: .now() + Self.patience) == .success
    }

    private func drain() {
        let (lines, dropped) = waiting.withLock { queue in
            defer { queue = Queue(droppedInAll: queue.droppedInAll) }
            return (queue.lines, queue.dropped)
        }
        var text = ""
        for line in lines { text += line + "\n" }
        if dropped > 0 { text += tellDropped(Int(clamping: dropped)) + "\n" }
        guard !text.isEmpty, !write(text) else { return }
        waiting.withLock { $0.droppedInAll += UInt64(lines.count) }
    }
}
