import Foundation
import Kernel
import ModuleTesting
import Synchronization

// What a node hears of its store through the driver that `run` uses.
extension StoreScript {
    private static let key: StoreKey = [1]
    private static let pairs = 100

    /// Two hundred writes and reads that a node asks for at once.
    func outstanding(_ findings: inout PortFindings) async throws {
        let directory = try directory("outstanding")
        let answers = try await answers(findings: &findings) { [port] in try port.open(directory) }
        let expected = (1...Self.pairs).flatMap { [Answer.persisted, .read(UInt8($0))] }
        let failed = answers.values.count { $0 == .failed }
        findings.expect(
            failed == 0, .order,
            "of 200 writes and reads that were asked for at once \(failed) failed: "
                + (answers.complaint ?? "nobody said why")
        )
        findings.expect(
            answers.values == expected, .order,
            "of 200 writes and reads that were asked for at once \(answers.values.count) were answered, and the reads saw "
                + "\(answers.values.compactMap(\.value).prefix(12))"
        )
    }

    /// The same, while one write or one read is refused: it alone fails, and all others are as if it had not been.
    func failures(_ findings: inout PortFindings) async throws {
        for fault in [FailingStore.Fault.write(1), .write(50), .write(100), .read(1), .read(50), .read(100)] {
            let directory = try directory("failing \(fault)")
            let answers = try await answers(findings: &findings) { [port] in
                FailingStore(try port.open(directory), fault)
            }
            var expected: [Answer] = []
            for number in 1...Self.pairs {
                let isLost = fault == .write(number)
                expected.append(isLost ? .failed : .persisted)
                // The read behind a lost write sees the write before.
                let seen = UInt8(isLost ? number - 1 : number)
                expected.append(fault == .read(number) ? .failed : .read(seen))
            }
            findings.expect(
                answers.values == expected, .atomicity,
                "where \(fault) of 100 is refused, \(answers.values.count { $0 == .failed }) are reported as failed, and "
                    + "the answers differ from the \(expected.count) that are right at place "
                    + "\(zip(answers.values, expected).enumerated().first { $1.0 != $1.1 }?.offset ?? answers.values.count)"
            )
        }
    }

    private func answers(
        findings: inout PortFindings, _ open: @escaping @Sendable () throws -> any StoreBackend
    ) async throws -> (values: [Answer], complaint: String?) {
        let journal = PortJournal(patience: .seconds(20)) { [$0] }
        let transport = TransportPort(
            listen: PortNode.loopback, security: .plain, connectTimeout: .seconds(5), sendQueueBytes: 1 << 20
        )
        let node = try await PortNode.start(transport, journal: journal, store: open)
        let (module, pairs) = (JournalRole(journal: journal, orders: node.orders), Self.pairs)
        await node.act { context in
            for number in 1...pairs {
                _ = module.persist(StoreBatch([.put(Self.key, [UInt8(number)])]), &context)
                _ = module.read(.get(Self.key), &context)
            }
        }
        let values = await journal.collect(2 * pairs) { Answer($0) }
        await node.host.shutdown()
        return (values, Self.complaint(in: journal))
    }

    /// The first error that the node's log has.
    private static func complaint(in journal: PortJournal) -> String? {
        for case .event(.note(.error, let text)) in journal.entries { return text }
        return nil
    }

    /// What a node hears of a write or a read.
    private enum Answer: Sendable, Equatable {
        case persisted
        case read(UInt8)
        case failed

        init?(_ entry: PortJournal.Entry) {
            guard case .stored(let reply) = entry else { return nil }
            switch reply {
            case .persisted: self = .persisted
            case .rows(let answer, _): self = .read(answer.value?.first ?? 0)
            case .persistFailed, .readFailed: self = .failed
            }
        }

        var value: UInt8? { if case .read(let value) = self { value } else { nil } }
    }
}

/// Another store that refuses one thing: a batch however often and in whatever company it is tried, or one question.
private final class FailingStore: StoreBackend {
    enum Fault: Sendable, Equatable, CustomStringConvertible {
        /// The batch that writes this number.
        case write(Int)
        /// The question of this number, from 1.
        case read(Int)

        var description: String {
            switch self {
            case .write(let number): "write \(number)"
            case .read(let number): "read \(number)"
            }
        }
    }

    private let store: any StoreBackend
    private let fault: Fault
    private var reads = 0

    init(_ store: any StoreBackend, _ fault: Fault) {
        self.store = store
        self.fault = fault
    }

    func apply(_ commits: [StoreCommit]) throws {
        if case .write(let number) = fault {
            let isHit = commits.flatMap(\.batch.changes).contains { change in
                if case .put(_, let value) = change { value == [UInt8(number)] } else { false }
            }
            if isHit { throw StoreFailure(code: .failed, message: "the kit refuses write \(number)") }
        }
        try store.apply(commits)
    }

    func read(_ query: StoreQuery, in space: StoreSpace) throws -> StoreAnswer {
        reads += 1
        if fault == .read(reads) { throw StoreFailure(code: .failed, message: "the kit refuses read \(reads)") }
        return try store.read(query, in: space)
    }

    func close() throws { try store.close() }
}
