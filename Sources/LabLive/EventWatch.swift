import Foundation
import Kernel
import Synchronization
import Trace
import Wire

/// Collects what happens in one node as the node writes it; any number of readers, each from the beginning.
package final class EventWatch: Sendable {
    private struct State {
        var lines: [EventLine] = []
        /// Lines read so far, those that are none included.
        var count = 0
        /// What the node printed that is no event.
        var unread: [String] = []
        var partial: [UInt8] = []
        var complaints: [UInt8] = []
        var isOver = false
        var readers: [AsyncStream<EventLine>.Continuation] = []
    }

    /// The end of what a node complains of, in bytes.
    private static let mostComplaints = 1 << 16

    private let state = Mutex(State())

    package init() {}

    /// Takes the next bytes of the events; none mean that they are over.
    func take(_ bytes: some Collection<UInt8>) {
        state.withLock { state in
            guard !bytes.isEmpty else {
                state.isOver = true
                for reader in state.readers { reader.finish() }
                state.readers = []
                return
            }
            state.partial += bytes
            var start = state.partial.startIndex
            while let end = state.partial[start...].firstIndex(of: UInt8(ascii: "\n")) {
                let text = Array(state.partial[start..<end])
                start = end + 1
                state.count += 1
                do throws(TraceError) {
                    let line = try EventLine(text, number: state.count)
                    state.lines.append(line)
                    for reader in state.readers { reader.yield(line) }
                } catch {
                    state.unread.append("\(error): \(String(decoding: text, as: UTF8.self))")
                }
            }
            state.partial.removeSubrange(..<start)
        }
    }

    /// Takes the next bytes of what the node says to people.
    func complain(_ bytes: some Collection<UInt8>) {
        state.withLock { state in
            state.complaints += bytes
            let excess = state.complaints.count - Self.mostComplaints
            if excess > 0 { state.complaints.removeFirst(excess) }
        }
    }

    /// Everything so far.
    package var lines: [EventLine] { state.withLock { $0.lines } }

    /// The process is gone, or has closed its output.
    package var isOver: Bool { state.withLock { $0.isOver } }

    /// What the node said to people, or wrote in place of an event.
    package var complaints: String {
        state.withLock { state in
            let text = String(decoding: state.complaints, as: UTF8.self)
            return (state.unread + [text.hasSuffix("\n") ? String(text.dropLast()) : text]).filter { !$0.isEmpty }
                .joined(separator: "\n")
        }
    }

    /// The lines so far and then each as it comes; ends with the process.
    package func stream() -> AsyncStream<EventLine> {
        let (stream, reader) = AsyncStream.makeStream(of: EventLine.self)
        state.withLock { state in
            for line in state.lines { reader.yield(line) }
            if state.isOver { reader.finish() } else { state.readers.append(reader) }
        }
        return stream
    }

    /// The first line, past or to come, of which `isWanted` is true.
    ///
    /// - Parameter what: what is waited for, in words.
    /// - Throws: ``LiveError`` `timed-out` after `limit`, `node-ended` where the events end before.
    package func first(
        _ what: String, within limit: Duration, where isWanted: @escaping @Sendable (EventLine) -> Bool
    ) async throws -> EventLine {
        let lines = stream()
        return try await TimeLimit.run(limit, what) {
            for await line in lines where isWanted(line) { return line }
            try Task.checkCancellation()
            throw LiveError(.nodeEnded, "the node ended before this: \(what). \(self.complaints)")
        }
    }
}

extension EventLine {
    /// A link came up at this node.
    package var isLinkUp: Bool {
        if case .linkUp? = event { true } else { false }
    }

    /// A link that was up ended at this node.
    package var isLinkLost: Bool { lossReason != nil }

    /// Why a link that was up ended at this node; nil for anything else.
    package var lossReason: Reason? {
        if case .linkEnded(_, _, _, let reason, _, wasUp: true, _)? = event { reason } else { nil }
    }

    /// A dial began at this node.
    package var isDial: Bool {
        if case .dialStarted? = event { true } else { false }
    }

    /// A request of the declared traffic was answered.
    package var isAnswer: Bool {
        if case .requestAnswered? = event { true } else { false }
    }
}
