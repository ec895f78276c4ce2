import Foundation
import Synchronization

/// Collects the log of one node as it is written; any number of readers, each from the beginning.
package final class LogWatch: Sendable {
    private struct State {
        var lines: [LogLine] = []
        /// What was no JSON line: complaints of the runtime, of `ip`, or before the log was set up.
        var other: [String] = []
        var partial: [UInt8] = []
        var isOver = false
        var readers: [AsyncStream<LogLine>.Continuation] = []
    }

    private let state = Mutex(State())

    package init() {}

    /// Takes the next bytes of the log; none mean that it is over.
    func take(_ bytes: some Collection<UInt8>) {
        state.withLock { state in
            guard !bytes.isEmpty else {
                state.isOver = true
                for reader in state.readers { reader.finish() }
                state.readers = []
                return
            }
            state.partial += bytes
            while let end = state.partial.firstIndex(of: UInt8(ascii: "\n")) {
                let text = String(decoding: state.partial[..<end], as: UTF8.self)
                state.partial.removeSubrange(...end)
                guard let line = LogLine(text) else {
                    state.other.append(text)
                    continue
                }
                state.lines.append(line)
                for reader in state.readers { reader.yield(line) }
            }
        }
    }

    /// Everything so far.
    package var lines: [LogLine] { state.withLock { $0.lines } }

    /// The process is gone, or has closed its log.
    package var isOver: Bool { state.withLock { $0.isOver } }

    /// What the node printed that was no line of its log.
    package var complaints: String { state.withLock { $0.other.joined(separator: "\n") } }

    /// The lines so far and then each as it comes; ends with the process.
    package func stream() -> AsyncStream<LogLine> {
        let (stream, reader) = AsyncStream.makeStream(of: LogLine.self)
        state.withLock { state in
            for line in state.lines { reader.yield(line) }
            if state.isOver { reader.finish() } else { state.readers.append(reader) }
        }
        return stream
    }

    /// The first line, past or to come, of which `isWanted` is true.
    ///
    /// - Parameter what: what is waited for, in words.
    /// - Throws: ``LiveError`` `timed-out` after `limit`, `node-ended` where the log ends before.
    package func first(
        _ what: String, within limit: Duration, where isWanted: @escaping @Sendable (LogLine) -> Bool
    ) async throws -> LogLine {
        let lines = stream()
        return try await TimeLimit.run(limit, what) {
            for await line in lines where isWanted(line) { return line }
            try Task.checkCancellation()
            throw LiveError(.nodeEnded, "the node ended before this: \(what). \(self.complaints)")
        }
    }
}
