import Kernel
import Synchronization
import Wire

/// What a node on real sockets was told and what it said, in order, for a kit to wait on.
package final class PortJournal: Sendable {
    package enum Entry: Sendable {
        case event(Event)
        case dialled(Link)
        case dialFailed(LinkID, Reason)
        case accepted(Link)
        case received(LinkID, Message)
        case ended(LinkID, StreamEnd)
        case stored(StoreReply)
    }

    /// Changes what a node tells, so that a test can see the kit notice.
    package typealias Tampering = @Sendable (Entry) -> [Entry]

    private struct State {
        var entries: [Entry] = []
        var streams: [AsyncStream<Entry>.Continuation] = []
    }

    private let state = Mutex(State())
    private let tampering: Tampering
    /// How long an entry is waited for.
    private let patience: Duration

    init(patience: Duration, tampering: @escaping Tampering) {
        self.patience = patience
        self.tampering = tampering
    }

    func add(_ entry: Entry) {
        let entries = tampering(entry)
        state.withLock { state in
            for entry in entries {
                state.entries.append(entry)
                for stream in state.streams { stream.yield(entry) }
            }
        }
    }

    var entries: [Entry] { state.withLock { $0.entries } }

    /// What `match` makes of the first entry that it takes, past or to come; nil where none came in time.
    func first<Value: Sendable>(_ match: @escaping @Sendable (Entry) -> Value?) async -> Value? {
        await collect(1, match).first
    }

    /// What `match` makes of the first `count` entries that it takes; fewer where they did not come in time.
    func collect<Value: Sendable>(
        _ count: Int, _ match: @escaping @Sendable (Entry) -> Value?
    ) async -> [Value] {
        let stream = follow()
        let found = Found<Value>()
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                for await entry in stream {
                    if let value = match(entry), found.add(value) >= count { return }
                }
            }
            group.addTask { [patience] in try? await Task.sleep(for: patience) }
            await group.next()
            group.cancelAll()
        }
        return Array(found.all.prefix(count))
    }

    private final class Found<Value: Sendable>: Sendable {
        private let values = Mutex<[Value]>([])

        var all: [Value] { values.withLock { $0 } }

        /// - Returns: how many there are now.
        func add(_ value: Value) -> Int {
            values.withLock { values in
                values.append(value)
                return values.count
            }
        }
    }

    private func follow() -> AsyncStream<Entry> {
        let (stream, continuation) = AsyncStream<Entry>.makeStream()
        state.withLock { state in
            for entry in state.entries { continuation.yield(entry) }
            state.streams.append(continuation)
        }
        return stream
    }
}
