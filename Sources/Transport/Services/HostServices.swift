import Kernel
import NIOCore
import NIOPosix

/// What must not run on the event loop: the store, which blocks, and signature checks, which take long.
final class HostServices: Sendable {
    /// Checks that one thread makes at a time: 5 ms of work. More are spread over the threads.
    private static let checksAtOnce = 64

    private let store = StoreWorker()
    private let crypto = NIOThreadPool(numberOfThreads: max(1, min(4, System.coreCount - 1)))

    deinit {
        crypto.shutdownGracefully { _ in }
    }

    func start(store open: @escaping @Sendable () throws -> any StoreBackend) async throws {
        crypto.start()
        do {
            try await store.start(open)
        } catch {
            throw HostError(
                code: .storeFailed, message: "the store does not open; check 'data_dir' and its rights", cause: error
            )
        }
    }

    /// Waits until the store has done what it was asked and is closed, until `deadline` at most, then ends the threads.
    func stop(by deadline: NIODeadline, on loop: any EventLoop) async {
        let done = loop.makePromise(of: Void.self)
        let timeout = loop.scheduleTask(deadline: deadline) { done.succeed() }
        store.close(on: loop).whenComplete { _ in
            timeout.cancel()
            done.succeed()
        }
        try? await done.futureResult.get()
        store.endThread()
        crypto.shutdownGracefully { _ in }
    }

    /// Fails with what the store throws, and with `StoreFailure.closed` where there is none.
    func write(_ commit: StoreCommit, on loop: any EventLoop) -> EventLoopFuture<Void> {
        store.write(commit, on: loop)
    }

    /// The same for a question.
    func read(_ query: StoreQuery, in space: StoreSpace, on loop: any EventLoop) -> EventLoopFuture<StoreAnswer> {
        store.read(query, in: space, on: loop)
    }

    /// Fails only where the threads have ended.
    func verify(_ checks: [SignatureCheck], on loop: any EventLoop) -> EventLoopFuture<SignatureVerdicts> {
        let parts = stride(from: 0, to: max(1, checks.count), by: Self.checksAtOnce).map { start in
            let part = checks[start..<min(start + Self.checksAtOnce, checks.count)]
            return crypto.runIfActive(eventLoop: loop) { part.map(\.holds) }
        }
        return EventLoopFuture.whenAllSucceed(parts, on: loop).map { SignatureVerdicts(Array($0.joined())) }
    }
}
