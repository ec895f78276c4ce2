import Foundation
import Kernel
import ModuleTesting
import Wire

/// The acts of a store's trial; each has a directory of its own.
struct StoreScript {
    private static let tables: [UInt8] = [0, 1, 2, 254]
    private static let rows: [UInt64] = [0, 1, 2, 3, 4, 5, 6, 7, 1 << 32, .max - 1, .max]

    let port: StorePort
    let folder: URL

    /// Random batches, and after each random questions.
    func questions(_ findings: inout PortFindings) throws {
        let store = try open("questions")
        var model = StoreModel()
        var draws = RandomStream(seed: 5, name: "store questions")
        for _ in 0..<400 {
            let batch = Self.batch(&draws)
            try store.apply(batch)
            model.apply(batch)
            for _ in 0..<3 {
                let query = Self.query(&draws)
                Self.compare(try store.rows(query), model.rows(query), query, .order, &findings)
            }
        }
        Self.compareAll(store, model, .order, "after 400 batches", &findings)
    }

    /// What the order inside one batch means, and what becomes of one that is refused is `filling`.
    func batches(_ findings: inout PortFindings) throws {
        let store = try open("batches")
        let (first, second) = (StoreKey(table: 1, row: 1), StoreKey(table: 1, row: 2))
        var batch = StoreBatch()
        batch.puts = [
            StoreBatch.Row(key: first, value: [1]), StoreBatch.Row(key: second, value: [2]),
            StoreBatch.Row(key: first, value: [3]),
        ]
        batch.deletes = [second, StoreKey(table: 9, row: 9)]
        try store.apply(batch)
        let rows = try store.rows(.ascending(table: 1, first: 0, limit: 10))
        findings.expect(
            rows.first?.value == [3], .atomicity, "of two writes of one key in a batch the earlier one counts"
        )
        findings.expect(
            !rows.contains { $0.key == second }, .atomicity, "a key that a batch writes and removes is there afterwards"
        )
        try store.apply(StoreBatch())
        findings.expect(
            try store.rows(.ascending(table: 1, first: 0, limit: 10)) == rows, .atomicity,
            "an empty batch changes what is there"
        )
    }

    /// A store that is closed and opened, and one that is copied while it is open: what a crash leaves.
    func reopening(_ findings: inout PortFindings) throws {
        var model = StoreModel()
        var draws = RandomStream(seed: 6, name: "store reopening")
        for round in 0..<6 {
            let store = try open("reopening")
            let before = port.outlivesProcess ? model : StoreModel()
            Self.compareAll(store, before, .durability, "opened for the \(round + 1). time", &findings)
            model = before
            for _ in 0..<21 {
                let batch = Self.batch(&draws)
                try store.apply(batch)
                model.apply(batch)
            }
            guard port.outlivesProcess else { continue }
            let copy = folder.appendingPathComponent("crash \(round)")
            try FileManager.default.copyItem(at: folder.appendingPathComponent("reopening"), to: copy)
            let crashed = try port.open(copy.path)
            Self.compareAll(crashed, model, .durability, "as a crash would leave it", &findings)
        }
    }

    func neighbours(_ findings: inout PortFindings) throws {
        let (one, other) = (try open("one"), try open("other"))
        var batch = StoreBatch()
        batch.puts = [StoreBatch.Row(key: StoreKey(table: 1, row: 1), value: [7])]
        try one.apply(batch)
        findings.expect(
            try other.rows(.ascending(table: 1, first: 0, limit: 10)).isEmpty, .isolation,
            "what is written to one store is read from another one"
        )
    }

    /// Fills the store until it refuses.
    func filling(to limit: Int, _ findings: inout PortFindings) throws {
        let store = try open("filling")
        let chunk = [UInt8](repeating: 5, count: max(1, limit / 64))
        var model = StoreModel()
        var refusal: (any Error)?
        // A quarter more than it may hold.
        for number in 0..<80 where refusal == nil {
            var batch = StoreBatch()
            batch.puts = [StoreBatch.Row(key: StoreKey(table: 1, row: UInt64(number)), value: chunk)]
            do {
                try store.apply(batch)
                model.apply(batch)
            } catch {
                refusal = error
            }
        }
        findings.expect(refusal != nil, .boundedness, "\(80 * chunk.count) bytes fit; the limit is \(limit)")
        guard let refusal else { return }
        findings.expect("\(refusal)".count > 20, .boundedness, "the refusal '\(refusal)' does not say what to do")
        var batch = StoreBatch()
        batch.puts = [
            StoreBatch.Row(key: StoreKey(table: 0, row: 0), value: [1]),
            StoreBatch.Row(key: StoreKey(table: 2, row: 0), value: chunk + chunk),
        ]
        let isRefused = Self.error(of: { try store.apply(batch) }) != nil
        findings.expect(isRefused, .boundedness, "a full store takes a batch of \(2 * chunk.count) bytes more")
        guard isRefused else { return }
        Self.compareAll(store, model, .atomicity, "after a batch that was refused", &findings)
        var room = StoreBatch()
        room.deletes = (0..<4).map { StoreKey(table: 1, row: $0) }
        let obstacle = Self.error(of: {
            try store.apply(room)
            try store.apply(batch)
        })
        findings.expect(
            obstacle == nil, .boundedness,
            "what was removed from a full store makes no room: \(obstacle.map { "\($0)" } ?? "")"
        )
    }

    /// Two hundred writes and reads that a node asks for at once, on the driver that `run` uses.
    func outstanding(_ findings: inout PortFindings) async throws {
        let journal = PortJournal(patience: .seconds(20)) { [$0] }
        let path = folder.appendingPathComponent("outstanding")
        try FileManager.default.createDirectory(at: path, withIntermediateDirectories: true)
        let transport = TransportPort(
            listen: PortNode.loopback, security: .plain, connectTimeout: .seconds(5), sendQueueBytes: 1 << 20
        )
        let node = try await PortNode.start(transport, journal: journal) { [port] in try port.open(path.path) }
        await node.act { context in
            for number in UInt64(1)...100 {
                var batch = StoreBatch()
                batch.puts = [StoreBatch.Row(key: StoreKey(table: 3, row: 1), value: [UInt8(number)])]
                _ = context.persist(batch)
                _ = context.read(.ascending(table: 3, first: 0, limit: 2))
            }
        }
        let answers = await journal.collect(200) { Answer($0) }
        await node.host.shutdown()
        let expected = (UInt8(1)...100).flatMap { [Answer.persisted, .read($0)] }
        let failed = answers.count { $0 == .failed }
        findings.expect(
            failed == 0, .order,
            "of 200 writes and reads that were asked for at once \(failed) failed: "
                + (Self.complaint(in: journal) ?? "nobody said why")
        )
        findings.expect(
            answers == expected, .order,
            "of 200 writes and reads that were asked for at once \(answers.count) were answered, and the reads saw "
                + "\(answers.compactMap(\.value).prefix(12))"
        )
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
            switch entry {
            case .persisted: self = .persisted
            case .rows(_, let rows): self = .read(rows.first?.value.first ?? 0)
            case .storeFailed: self = .failed
            default: return nil
            }
        }

        var value: UInt8? { if case .read(let value) = self { value } else { nil } }
    }

    // MARK: -

    private func open(_ name: String) throws -> any StoreBackend {
        let path = folder.appendingPathComponent(name)
        try FileManager.default.createDirectory(at: path, withIntermediateDirectories: true)
        return try port.open(path.path)
    }

    private static func batch(_ draws: inout RandomStream) -> StoreBatch {
        var batch = StoreBatch()
        for _ in 0..<draws.below(6) {
            let size = draws.chance(1, in: 40) ? 20_000 : Int(draws.below(40))
            batch.puts.append(
                StoreBatch.Row(key: key(&draws), value: [UInt8](repeating: UInt8(draws.below(256)), count: size))
            )
        }
        for _ in 0..<draws.below(3) { batch.deletes.append(key(&draws)) }
        return batch
    }

    private static func key(_ draws: inout RandomStream) -> StoreKey {
        StoreKey(
            table: tables[Int(draws.below(UInt64(tables.count)))], row: rows[Int(draws.below(UInt64(rows.count)))]
        )
    }

    private static func query(_ draws: inout RandomStream) -> StoreQuery {
        let limits = [-1, 0, 1, 2, 5, 1000, .max]
        let limit = limits[Int(draws.below(UInt64(limits.count)))]
        let key = key(&draws)
        return draws.chance(1, in: 2)
            ? .ascending(table: key.table, first: key.row, limit: limit)
            : .descending(table: key.table, limit: limit)
    }

    private static func compareAll(
        _ store: any StoreBackend, _ model: StoreModel, _ rule: ConformanceRule, _ what: String,
        _ findings: inout PortFindings
    ) {
        for table in tables {
            let query = StoreQuery.ascending(table: table, first: 0, limit: .max)
            let expected = model.rows(query)
            do {
                let rows = try store.rows(query)
                findings.expect(
                    rows == expected, rule,
                    "\(what), table \(table) has \(rows.count) rows and should have \(expected.count)"
                        + (rows.count == expected.count ? " others" : "")
                )
            } catch {
                findings.expect(false, rule, "\(what), table \(table) cannot be read: \(error)")
            }
        }
    }

    /// What `body` throws; nil where it does not.
    private static func error(of body: () throws -> Void) -> (any Error)? {
        do {
            try body()
            return nil
        } catch {
            return error
        }
    }

    private static func compare(
        _ rows: [StoreBatch.Row], _ expected: [StoreBatch.Row], _ query: StoreQuery, _ rule: ConformanceRule,
        _ findings: inout PortFindings
    ) {
        findings.expect(
            rows == expected, rule,
            "\(query) is answered with rows \(rows.map(\.key.row)) and should be with \(expected.map(\.key.row))"
        )
    }
}
