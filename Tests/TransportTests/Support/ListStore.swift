import Kernel
import NIOConcurrencyHelpers

/// Keeps rows in a list, and what was asked of it; refuses keys that begin with 9. Can be held up.
final class ListStore: StoreBackend {
    struct Refused: Error {}

    /// What a test may look at and do from another thread.
    final class Desk: Sendable {
        /// Batches in each transaction that was tried, in order.
        let transactions = NIOLockedValueBox<[Int]>([])
        let isClosed = NIOLockedValueBox(false)
        /// Transactions wait while this is locked.
        let door = NIOLock()
    }

    private let desk: Desk
    private var rows: [StoreSpace.Name: [StoreRow]] = [:]

    init(_ desk: Desk = Desk()) {
        self.desk = desk
    }

    func apply(_ commits: [StoreCommit]) throws {
        desk.door.withLock {}
        desk.transactions.withLockedValue { $0.append(commits.count) }
        for case .put(let key, _) in commits.flatMap(\.batch.changes) where key.bytes.first == 9 { throw Refused() }
        for commit in commits {
            for case .put(let key, let value) in commit.batch.changes {
                rows[commit.space.name, default: []].append(StoreRow(key: key, value: value))
            }
        }
    }

    func read(_ query: StoreQuery, in space: StoreSpace) throws -> StoreAnswer {
        desk.door.withLock {}
        let rows = (rows[space.name] ?? []).sorted { $0.key < $1.key }
        guard case .range(_, _, _, let isReversed) = query else { throw Refused() }
        return StoreAnswer(to: query, walking: isReversed ? rows.reversed() : rows)
    }

    func close() { desk.isClosed.withLockedValue { $0 = true } }
}
