import Kernel
import NIOConcurrencyHelpers
import Wire

/// What a node under test was told and what it said, in order, for a test to wait on.
final class Journal: Sendable {
    enum Entry: Sendable {
        case event(Event)
        case dialled(Link)
        case dialFailed(Link, Reason)
        case accepted(Link)
        case received(LinkID, Message)
        case ended(LinkID, StreamEnd)
        case fired
        case workAhead(Duration)
        case stored(StoreReply)
        case verified(Verification)
        case resolved(Token, Resolution)
    }

    struct Late: Error {}

    private struct State {
        var entries: [Entry] = []
        var streams: [AsyncStream<Entry>.Continuation] = []
    }

    private let state = NIOLockedValueBox(State())

    func add(_ entry: Entry) {
        state.withLockedValue { state in
            state.entries.append(entry)
            for stream in state.streams { stream.yield(entry) }
        }
    }

    var entries: [Entry] { state.withLockedValue { $0.entries } }

    /// Every message received so far.
    var messages: [Message] {
        entries.compactMap { if case .received(_, let message) = $0 { message } else { nil } }
    }

    /// What `match` makes of the first entry it takes, past or to come.
    func first<Value: Sendable>(_ match: @escaping @Sendable (Entry) -> Value?) async throws -> Value {
        let stream = follow()
        return try await within { () async throws -> Value in
            for await entry in stream {
                if let value = match(entry) { return value }
            }
            throw Late()
        }
    }

    /// The first `count` messages received.
    func messages(_ count: Int) async throws -> [Message] {
        let stream = follow()
        return try await within { () async throws -> [Message] in
            var messages: [Message] = []
            for await entry in stream {
                if case .received(_, let message) = entry { messages.append(message) }
                if messages.count == count { return messages }
            }
            throw Late()
        }
    }

    /// The first event that `match` takes.
    func event<Value: Sendable>(_ match: @escaping @Sendable (Event) -> Value?) async throws -> Value {
        try await first { if case .event(let event) = $0 { match(event) } else { nil } }
    }

    private func follow() -> AsyncStream<Entry> {
        let (stream, continuation) = AsyncStream<Entry>.makeStream()
        state.withLockedValue { state in
            for entry in state.entries { continuation.yield(entry) }
            state.streams.append(continuation)
        }
        return stream
    }
}

/// What `body` returns, unless it takes longer than any machine should need.
func within<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value) async throws -> Value {
    try await withThrowingTaskGroup(of: Value.self) { group in
        group.addTask { try await body() }
        group.addTask {
            try await Task.sleep(for: .seconds(30))
            throw Journal.Late()
        }
        defer { group.cancelAll() }
        guard let value = try await group.next() else { throw Journal.Late() }
        return value
    }
}
