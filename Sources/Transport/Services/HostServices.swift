import Kernel
import NIOCore
import NIOPosix
import Synchronization

/// What must not run on the event loop: the store, which blocks, and signature checks, which take long.
final class HostServices: Sendable {
    /// One thread, so that the store's work is done in the order in which it was asked for.
    private let disk = NIOThreadPool(numberOfThreads: 1)
    private let crypto = NIOThreadPool(numberOfThreads: max(1, min(4, System.coreCount - 1)))
    private let store = Mutex<(any StoreBackend)?>(nil)

    deinit {
        disk.shutdownGracefully { _ in }
        crypto.shutdownGracefully { _ in }
    }

    func start(store open: @escaping @Sendable () throws -> any StoreBackend) async throws {
        disk.start()
        crypto.start()
        do {
            try await disk.runIfActive { try self.store.withLock { $0 = try open() } }
        } catch {
            throw HostError(
                code: .storeFailed, message: "the store does not open; check 'data_dir' and its rights", cause: error
            )
        }
    }

    /// Waits until the store has done what it was asked, until `deadline` at most, then ends the threads.
    func stop(by deadline: NIODeadline, on loop: any EventLoop) async {
        let done = loop.makePromise(of: Void.self)
        let timeout = loop.scheduleTask(deadline: deadline) { done.succeed() }
        // The store is dropped on the thread that opened it, behind every write.
        disk.runIfActive(eventLoop: loop) { self.store.withLock { $0 = nil } }.whenComplete { _ in
            timeout.cancel()
            done.succeed()
        }
        try? await done.futureResult.get()
        disk.shutdownGracefully { _ in }
        crypto.shutdownGracefully { _ in }
    }

    func apply(_ batch: StoreBatch, on loop: any EventLoop) -> EventLoopFuture<Void> {
        disk.runIfActive(eventLoop: loop) { try self.store.withLock { try $0?.apply(batch) } }
    }

    func rows(_ query: StoreQuery, on loop: any EventLoop) -> EventLoopFuture<[StoreBatch.Row]> {
        disk.runIfActive(eventLoop: loop) { try self.store.withLock { try $0?.rows(query) ?? [] } }
    }

    func verify(_ checks: [SignatureCheck], on loop: any EventLoop) -> EventLoopFuture<UInt64> {
        crypto.runIfActive(eventLoop: loop) {
            var mask: UInt64 = 0
            for (bit, check) in checks.enumerated() where check.holds { mask |= 1 << UInt64(bit) }
            return mask
        }
    }
}
