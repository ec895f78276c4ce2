import Collections
import Wire

/// What a reader of a node's events is told.
public enum NodeEvent: Sendable, Hashable {
    /// Something happened.
    case event(EventRecord)
    /// So many events happened here that the reader was too slow for.
    case gap(missed: UInt64)
}

/// One event of a node, with its place and time.
public struct EventRecord: Sendable, Hashable {
    /// Counts the node's events from 1 on; without a gap between two records there is none between their numbers.
    public let serial: UInt64
    /// On the node's monotonic clock.
    public let at: Instant
    /// On the node's wall clock.
    public let wall: WallTime
    public let event: Event

    public init(serial: UInt64, at: Instant, wall: WallTime, event: Event) {
        self.serial = serial
        self.at = at
        self.wall = wall
        self.event = event
    }
}

/// A node's events as a sequence for one reader; it ends with the node, or with the reader's task.
public struct NodeEvents: AsyncSequence, Sendable {
    public typealias Element = NodeEvent

    private let next: @Sendable () async -> NodeEvent?

    /// - Parameter next: waits for the next event; nil at the end.
    public init(next: @escaping @Sendable () async -> NodeEvent?) {
        self.next = next
    }

    public struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate let source: @Sendable () async -> NodeEvent?

        public mutating func next() async -> NodeEvent? { await source() }
    }

    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(source: next) }
}

/// Events that wait for one reader: so many at most. What comes while it is full is counted in place, as a gap.
public struct EventBuffer: Sendable, Hashable {
    public let limit: Int
    private var waiting: Deque<NodeEvent> = []

    /// - Parameter limit: 1 to 65,536; what lies outside is taken for the nearest.
    public init(limit: Int) {
        self.limit = min(max(1, limit), 65_536)
    }

    public var isEmpty: Bool { waiting.isEmpty }

    public mutating func append(_ record: EventRecord) {
        guard waiting.count >= limit else { return waiting.append(.event(record)) }
        if case .gap(let missed) = waiting.last {
            waiting[waiting.count - 1] = .gap(missed: missed + 1)
        } else {
            waiting.append(.gap(missed: 1))
        }
    }

    public mutating func popFirst() -> NodeEvent? { waiting.popFirst() }
}
