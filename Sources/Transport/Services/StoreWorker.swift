import Collections
import Kernel
import NIOCore
import NIOPosix
import Synchronization

/// Does what a node asks of its store, on a thread of its own, in the order in which it was asked.
///
/// Writes that queue while one is being made become one transaction: a disk syncs a hundred batches as fast as one. Where
/// the store refuses such a group, each of its batches is tried alone, so that one that does not fit fails by itself.
final class StoreWorker: Sendable {
    /// Batches in one transaction, at most.
    static let mostCommits = 1024
    /// Bytes behind which no further batch joins a transaction.
    static let enoughBytes = 16 << 20

    private enum Job {
        case write(StoreCommit, EventLoopPromise<Void>)
        case read(StoreSpace, StoreQuery, EventLoopPromise<StoreAnswer>)
    }

    private struct Queue {
        var jobs: Deque<Job> = []
        /// The thread takes jobs until there are none.
        var isWorking = false
        /// Nothing more is taken in.
        var isClosed = true
    }

    private let thread = NIOThreadPool(numberOfThreads: 1)
    private let queue = Mutex(Queue())
    /// Used on the thread alone.
    private let store = Mutex<(any StoreBackend)?>(nil)

    deinit {
        thread.shutdownGracefully { _ in }
    }

    func start(_ open: @escaping @Sendable () throws -> any StoreBackend) async throws {
        thread.start()
        try await thread.runIfActive { try self.store.withLock { $0 = try open() } }
        queue.withLock { $0.isClosed = false }
    }

    /// Takes nothing in any more, and closes the store behind all that was asked for.
    ///
    /// - Returns: a future that succeeds when the store is closed.
    func close(on loop: any EventLoop) -> EventLoopFuture<Void> {
        queue.withLock { $0.isClosed = true }
        return thread.runIfActive(eventLoop: loop) {
            // Every write before is durable already, so that nothing is lost where this fails.
            self.store.withLock {
                try? $0?.close()
                $0 = nil
            }
        }
    }

    func endThread() {
        thread.shutdownGracefully { _ in }
    }

    func write(_ commit: StoreCommit, on loop: any EventLoop) -> EventLoopFuture<Void> {
        let promise = loop.makePromise(of: Void.self)
        add(.write(commit, promise))
        return promise.futureResult
    }

    func read(_ query: StoreQuery, in space: StoreSpace, on loop: any EventLoop) -> EventLoopFuture<StoreAnswer> {
        let promise = loop.makePromise(of: StoreAnswer.self)
        add(.read(space, query, promise))
        return promise.futureResult
    }

    // MARK: -

    private func add(_ job: Job) {
        let (isTaken, wakes) = queue.withLock { queue in
            guard !queue.isClosed else { return (false, false) }
            queue.jobs.append(job)
            defer { queue.isWorking = true }
            return (true, !queue.isWorking)
        }
        if !isTaken { return refuse(job) }
        guard wakes else { return }
        thread.submit { state in
            if state == .active { self.work() } else { self.refuseAll() }
        }
    }

    private func work() {
        while let group = takeGroup() {
            switch group {
            case .read(let space, let query, let promise):
                promise.completeWith(Result { try answer(query, space) })
            case .writes(let writes): make(writes)
            }
        }
    }

    private enum Group {
        case writes([(commit: StoreCommit, promise: EventLoopPromise<Void>)])
        case read(StoreSpace, StoreQuery, EventLoopPromise<StoreAnswer>)
    }

    /// The first job, and the writes behind a write; nil where there is none, and then the thread rests.
    private func takeGroup() -> Group? {
        queue.withLock { queue in
            var writes: [(commit: StoreCommit, promise: EventLoopPromise<Void>)] = []
            var bytes = 0
            while writes.count < Self.mostCommits, bytes < Self.enoughBytes, let job = queue.jobs.first {
                switch job {
                case .write(let commit, let promise):
                    queue.jobs.removeFirst()
                    writes.append((commit, promise))
                    bytes += commit.batch.writtenBytes
                    continue
                case .read(let space, let query, let promise):
                    guard writes.isEmpty else { return .writes(writes) }
                    queue.jobs.removeFirst()
                    return .read(space, query, promise)
                }
            }
            guard writes.isEmpty else { return .writes(writes) }
            queue.isWorking = false
            return nil
        }
    }

    private func make(_ writes: [(commit: StoreCommit, promise: EventLoopPromise<Void>)]) {
        do {
            try apply(writes.map(\.commit))
            for write in writes { write.promise.succeed() }
        } catch {
            guard writes.count > 1 else { return writes[0].promise.fail(error) }
            for write in writes { make([write]) }
        }
    }

    private func apply(_ commits: [StoreCommit]) throws {
        try store.withLock {
            guard let store = $0 else { throw StoreFailure.closed }
            try store.apply(commits)
        }
    }

    private func answer(_ query: StoreQuery, _ space: StoreSpace) throws -> StoreAnswer {
        try store.withLock {
            guard let store = $0 else { throw StoreFailure.closed }
            return try store.read(query, in: space)
        }
    }

    private func refuseAll() {
        let jobs = queue.withLock { queue in
            defer { queue = Queue() }
            return queue.jobs
        }
        for job in jobs { refuse(job) }
    }

    private func refuse(_ job: Job) {
        switch job {
        case .write(_, let promise): promise.fail(StoreFailure.closed)
        case .read(_, _, let promise): promise.fail(StoreFailure.closed)
        }
    }
}
