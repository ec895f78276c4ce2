import NIOCore
import NIOPosix
import Testing
import Wire

@testable import Kernel
@testable import Transport

@Suite("The store behind a node") struct StoreServiceTests {
    private let space = StoreSpace(StoreSpace.Name(role: "consensus", module: "test"), format: 1)
    private let loop = MultiThreadedEventLoopGroup.singleton.next()

    private func commit(_ key: UInt8) -> StoreCommit {
        StoreCommit(space: space, batch: StoreBatch([.put([key], [key])]))
    }

    private func withWorker(
        _ desk: ListStore.Desk, _ body: (StoreWorker) async throws -> Void
    ) async throws {
        let worker = StoreWorker()
        try await worker.start { ListStore(desk) }
        try await body(worker)
        try await worker.close(on: loop).get()
        worker.endThread()
    }

    @Test("a read behind two writes sees both")
    func order() async throws {
        try await withNodes(.init()) { nodes in
            await nodes[0].act(as: NodeMachine.Slot.consensus) { context in
                for row in UInt8(1)...2 { _ = context.persist(StoreBatch([.put([row], [row])]), format: 1) }
                _ = context.read(.range(.all, reversed: true), format: 1)
            }
            let answer = try await nodes[0].journal.first {
                if case .stored(.rows(let answer, _)) = $0 { answer } else { nil }
            }
            #expect(answer.rows.map(\.value) == [[2], [1]])
            let replies = nodes[0].journal.entries.compactMap {
                if case .stored(let reply) = $0 { reply } else { nil }
            }
            #expect(replies.prefix(2) == [.persisted(WriteToken(number: 1)), .persisted(WriteToken(number: 2))])
        }
    }

    @Test("what the store refuses is told, with the store's words")
    func refused() async throws {
        try await withNodes(.init()) { nodes in
            await nodes[0].act(as: NodeMachine.Slot.consensus) { context in
                _ = context.persist(StoreBatch([.put([9], [])]), format: 1)
                _ = context.read(.get([1]), format: 1)
            }
            let replies = try await nodes[0].journal.first { entry in
                if case .stored(.readFailed(let failure, _)) = entry { failure } else { nil }
            }
            #expect(replies.code == .failed && replies.message.contains("Refused"))
            let notes = nodes[0].journal.entries.compactMap {
                if case .event(.note(.error, let text)) = $0 { text } else { nil }
            }
            #expect(notes.count == 2)
            #expect(notes.allSatisfy { $0.contains("consensus/0") && $0.contains("Refused") })
        }
    }

    @Test("batches that queue while one is written become one transaction, and one read ends it")
    func groups() async throws {
        let desk = ListStore.Desk()
        try await withWorker(desk) { worker in
            // The first is under way when the others come, or is the first of the group: both are right.
            let (futures, read) = desk.door.withLock {
                let first = (UInt8(1)...6).map { worker.write(commit($0), on: loop) }
                let read = worker.read(.range(.all), in: space, on: loop)
                return (first + [worker.write(commit(7), on: loop)], read)
            }
            for future in futures { try await future.get() }
            let rows = try await read.get().rows
            #expect(rows.count == 6)
            let transactions = desk.transactions.withLockedValue { $0 }
            #expect(transactions == [1, 5, 1] || transactions == [6, 1], "\(transactions)")
        }
    }

    @Test("of a group that is refused only the batch that does not fit fails")
    func isolation() async throws {
        let desk = ListStore.Desk()
        try await withWorker(desk) { worker in
            let futures = desk.door.withLock { [1, 2, 9, 3].map { worker.write(commit($0), on: loop) } }
            var refused: [Int] = []
            for (index, future) in futures.enumerated() {
                do { try await future.get() } catch { refused.append(index) }
            }
            #expect(refused == [2])
            let rows = try await worker.read(.range(.all), in: space, on: loop).get().rows
            #expect(rows.map(\.value) == [[1], [2], [3]])
        }
    }

    @Test("a store that is not there, or no longer, refuses: nothing is reported as durable")
    func closed() async throws {
        let worker = StoreWorker()
        await #expect(throws: StoreFailure.closed) { try await worker.write(commit(1), on: loop).get() }
        await #expect(throws: StoreFailure.closed) { try await worker.read(.get([1]), in: space, on: loop).get() }
        let desk = ListStore.Desk()
        try await withWorker(desk) { worker in
            let written = worker.write(commit(1), on: loop)
            try await worker.close(on: loop).get()
            // What was asked for before is done before.
            try await written.get()
            #expect(desk.isClosed.withLockedValue { $0 })
            await #expect(throws: StoreFailure.closed) { try await worker.write(commit(2), on: loop).get() }
            await #expect(throws: StoreFailure.closed) { try await worker.read(.get([1]), in: space, on: loop).get() }
        }
    }
}
