import Kernel
import NIOConcurrencyHelpers
import Wire

/// Hands a node's events to everybody who reads them: each reader has a bounded buffer of its own, and one that is too slow
/// is told how many it missed. The node never waits for a reader.
public final class EventHub: Sendable {
    /// So many may read at a time.
    public static let readerLimit = 64

    private struct State {
        var readers: [UInt64: Reader] = [:]
        var nextReader: UInt64 = 1
        var lastSerial: UInt64 = 0
        var isClosed = false
    }

    // A lock that the thread sanitizer understands; it reports the slow path of `Mutex` as a race.
    private let state = NIOLockedValueBox(State())

    public init() {}

    /// Gives every reader one more event. Called on the node's event loop; returns at once.
    public func publish(_ event: Event, at now: Instant, wall: WallTime) {
        let (readers, serial) = state.withLockedValue { state in
            state.lastSerial += 1
            return (state.readers, state.lastSerial)
        }
        guard !readers.isEmpty else { return }
        let record = EventRecord(serial: serial, at: now, wall: wall, event: event)
        for reader in readers.values { reader.take(record) }
    }

    /// The events from now on, for one reader, which ends with the sequence.
    ///
    /// - Throws: ``NodeAPIError/Code/tooMany``.
    public func events(buffering limit: Int) throws(NodeAPIError) -> NodeEvents {
        let reader = Reader(EventBuffer(limit: limit))
        let number = state.withLockedValue { state -> UInt64? in
            if state.isClosed { reader.end() }
            guard state.readers.count < Self.readerLimit else { return nil }
            let number = state.nextReader
            state.nextReader += 1
            if !state.isClosed { state.readers[number] = reader }
            return number
        }
        guard let number else {
            throw NodeAPIError(
                .tooMany, "\(Self.readerLimit) readers follow the node's events already; end one of them"
            )
        }
        let subscription = Subscription(reader) { [weak self] in self?.remove(number) }
        return NodeEvents { await subscription.next() }
    }

    /// Ends every reader's sequence, behind what waits for it.
    public func close() {
        let readers = state.withLockedValue { state in
            state.isClosed = true
            defer { state.readers = [:] }
            return state.readers
        }
        for reader in readers.values { reader.end() }
    }

    /// How many read now.
    var readerCount: Int { state.withLockedValue { $0.readers.count } }

    private func remove(_ number: UInt64) {
        state.withLockedValue { _ = $0.readers.removeValue(forKey: number) }
    }

    /// Ends with the last copy of a reader's sequence.
    private final class Subscription: Sendable {
        private let reader: Reader
        private let cancel: @Sendable () -> Void

        init(_ reader: Reader, cancel: @escaping @Sendable () -> Void) {
            self.reader = reader
            self.cancel = cancel
        }

        deinit { cancel() }

        func next() async -> NodeEvent? { await reader.next() }
    }

    /// What waits for one reader, or the reader that waits.
    private final class Reader: Sendable {
        private struct State {
            var buffer: EventBuffer
            var waiter: CheckedContinuation<NodeEvent?, Never>?
            var isEnded = false
        }

        private let state: NIOLockedValueBox<State>

        init(_ buffer: EventBuffer) {
            state = NIOLockedValueBox(State(buffer: buffer))
        }

        func take(_ record: EventRecord) {
            let waiter = state.withLockedValue { state -> CheckedContinuation<NodeEvent?, Never>? in
                guard !state.isEnded else { return nil }
                if let waiter = state.waiter {
                    state.waiter = nil
                    return waiter
                }
                state.buffer.append(record)
                return nil
            }
            waiter?.resume(returning: .event(record))
        }

        func end() {
            let waiter = state.withLockedValue { state in
                state.isEnded = true
                defer { state.waiter = nil }
                return state.waiter
            }
            waiter?.resume(returning: nil)
        }

        func next() async -> NodeEvent? {
            await withTaskCancellationHandler {
                await withCheckedContinuation { continuation in
                    let answer = state.withLockedValue { state -> NodeEvent?? in
                        if let event = state.buffer.popFirst() { return event }
                        // One task reads at a time; a second one finds the end.
                        if state.isEnded || state.waiter != nil { return .some(nil) }
                        state.waiter = continuation
                        return nil
                    }
                    if let answer { continuation.resume(returning: answer) }
                }
            } onCancel: {
                end()
            }
        }
    }
}
