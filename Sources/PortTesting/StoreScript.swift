import Foundation
import Kernel
import ModuleTesting

/// The acts of a store's trial; each has a directory of its own.
struct StoreScript {
    static let space = StoreDraws.spaces[0]
    private static let everything = StoreQuery.range(.all, bytes: .max)

    let port: StorePort
    let folder: URL

    /// Random transactions, and after each random questions.
    func questions(_ findings: inout PortFindings) throws {
        let store = try open("questions")
        var model = StoreModel()
        var draws = StoreDraws("store questions")
        for _ in 0..<400 {
            let commits = draws.commits()
            try store.apply(commits)
            model.apply(commits)
            for _ in 0..<4 {
                let (query, space) = (draws.query(), draws.space())
                Self.compare(store, model, query, space, &findings)
            }
        }
        Self.compareAll(store, model, .order, "after 400 transactions", &findings)
        try store.close()
    }

    /// What the order inside one transaction means, and what a refused one leaves.
    func transactions(_ findings: inout PortFindings) throws {
        let store = try open("transactions")
        var model = StoreModel()
        func expect(_ text: String, _ changes: [StoreBatch.Change]) throws {
            let commits = [StoreCommit(space: Self.space, batch: StoreBatch(changes))]
            try store.apply(commits)
            model.apply(commits)
            Self.compareAll(store, model, .atomicity, text, &findings)
        }
        let all = StoreRange(from: [1], to: [3])
        try expect("of two writes of one key in a batch the earlier one counts", [.put([1], [1]), .put([1], [2])])
        try expect("a row that a batch writes and removes is there afterwards", [.put([2], [1]), .delete([2])])
        try expect("a row that a batch removes and writes is not there afterwards", [.delete([1]), .put([1], [3])])
        try expect(
            "a range that a batch removes takes rows along that it writes later", [.deleteRange(all), .put([2], [4])])
        try expect(
            "a range that a batch removes leaves rows that it has written before", [.put([1], [5]), .deleteRange(all)])
        try expect("an empty batch changes what is there", [])
        let group = [
            StoreCommit(space: Self.space, batch: StoreBatch([.put([7], [7])])),
            StoreCommit(space: StoreDraws.spaces[1], batch: StoreBatch([.put([8], [8])])),
            StoreCommit(space: Self.space, batch: StoreBatch([.put(Self.longKey, [9])])),
        ]
        let failure = Self.failure(of: { try store.apply(group) })
        findings.expect(
            failure?.code == .keyTooLong, .boundedness, "a key of \(Self.longKey.bytes.count) bytes is taken"
        )
        Self.compareAll(store, model, .atomicity, "after three batches of which the last was refused", &findings)
        try store.close()
    }

    /// A space has one format.
    func formats(_ findings: inout PortFindings) throws {
        var store = try open("formats")
        let other = StoreSpace(Self.space.name, format: 2)
        try store.apply(StoreBatch([.put([1], [1])]), in: Self.space)
        if port.outlivesProcess {
            try store.close()
            store = try open("formats")
        }
        func refused(_ text: String, _ body: () throws -> Void) {
            let code = Self.failure(of: body)?.code
            findings.expect(
                code == .otherFormat, .formats,
                "\(text) a space of format 1 in format 2 is not refused as other-format, but as "
                    + (code?.rawValue ?? "nothing")
            )
        }
        refused("a question to") { _ = try store.read(.get([1]), in: other) }
        refused("a write to") { try store.apply(StoreBatch([.put([2], [2])]), in: other) }
        findings.expect(
            try store.read(Self.everything, in: Self.space).rows == [StoreRow(key: [1], value: [1])], .formats,
            "a space that another format was tried on has other rows afterwards"
        )
        let failure = Self.failure(of: {
            try store.apply(StoreBatch([.deleteRange(.all), .put([3], [3])]), in: other)
        })
        findings.expect(
            failure == nil, .formats,
            "a batch that removes everything first cannot give the space its format: \(failure?.message ?? "")"
        )
        if failure == nil {
            refused("after that, a question in format 1 to") { _ = try store.read(.get([3]), in: Self.space) }
        }
        try store.close()
    }

    /// A store that is closed and opened, and one that is copied while it is open: what a crash leaves.
    func reopening(_ findings: inout PortFindings) throws {
        var model = StoreModel()
        var draws = StoreDraws("store reopening")
        for round in 0..<6 {
            let store = try open("reopening")
            let before = port.outlivesProcess ? model : StoreModel()
            Self.compareAll(store, before, .durability, "opened for the \(round + 1). time", &findings)
            model = before
            for _ in 0..<21 {
                let commits = draws.commits()
                try store.apply(commits)
                model.apply(commits)
            }
            if port.outlivesProcess {
                let copy = folder.appendingPathComponent("crash \(round)")
                try FileManager.default.copyItem(at: folder.appendingPathComponent("reopening"), to: copy)
                let crashed = try port.open(copy.path)
                Self.compareAll(crashed, model, .durability, "as a crash would leave it", &findings)
                try crashed.close()
            }
            try store.close()
        }
    }

    func neighbours(_ findings: inout PortFindings) throws {
        let (one, other) = (try open("one"), try open("other"))
        try one.apply(StoreBatch([.put([1], [7])]), in: Self.space)
        findings.expect(
            try other.read(Self.everything, in: Self.space).rows.isEmpty, .isolation,
            "what is written to one store is read from another one"
        )
        try one.close()
        try other.close()
    }

    /// Fills the store until it refuses.
    func filling(to limit: Int, _ findings: inout PortFindings) throws {
        let store = try open("filling")
        defer { try? store.close() }
        let chunk = [UInt8](repeating: 5, count: max(1, limit / 64))
        var model = StoreModel()
        var refusal: StoreFailure?
        // A quarter more than it may hold.
        for number in 0..<80 where refusal == nil {
            let commits = [
                StoreCommit(
                    space: Self.space, batch: StoreBatch([.put(StoreKey(table: 1, number: UInt64(number)), chunk)]))
            ]
            refusal = Self.failure(of: { try store.apply(commits) })
            if refusal == nil { model.apply(commits) }
        }
        findings.expect(refusal != nil, .boundedness, "\(80 * chunk.count) bytes fit; the limit is \(limit)")
        guard let refusal else { return }
        findings.expect(
            refusal.message.count > 20, .boundedness, "the refusal '\(refusal)' does not say what to do"
        )
        findings.expect(
            refusal.code == .full, .boundedness,
            "the refusal '\(refusal)' is of the kind \(refusal.code.rawValue), not full"
        )
        let batch = StoreBatch([.put([0], [1]), .put([2], chunk + chunk)])
        let isRefused = Self.failure(of: { try store.apply(batch, in: Self.space) }) != nil
        findings.expect(isRefused, .boundedness, "a full store takes a batch of \(2 * chunk.count) bytes more")
        guard isRefused else { return }
        Self.compareAll(store, model, .atomicity, "after a batch that was refused", &findings)
        let first = StoreRange(table: 1, numbers: 0..<4)
        let obstacle = Self.failure(of: {
            try store.apply(StoreBatch([.deleteRange(first)] + batch.changes), in: Self.space)
        })
        findings.expect(
            obstacle == nil, .boundedness,
            "what a batch removes from a full store makes no room for what it writes: \(obstacle?.message ?? "")"
        )
    }

    // MARK: -

    private static let longKey = StoreKey([UInt8](repeating: 1, count: StoreKey.maximumBytes + 1))

    func open(_ name: String) throws -> any StoreBackend { try port.open(try directory(name)) }

    func directory(_ name: String) throws -> String {
        let path = folder.appendingPathComponent(name)
        try FileManager.default.createDirectory(at: path, withIntermediateDirectories: true)
        return path.path
    }

    private static func compareAll(
        _ store: any StoreBackend, _ model: StoreModel, _ rule: ConformanceRule, _ what: String,
        _ findings: inout PortFindings
    ) {
        for space in StoreDraws.spaces {
            let expected = model.read(everything, in: space).rows
            do {
                let rows = try store.read(everything, in: space).rows
                findings.expect(
                    rows == expected, rule,
                    "\(what): space \(space.name) has \(rows.count) rows and should have \(expected.count)"
                        + (rows.count == expected.count ? " others" : "")
                )
            } catch {
                findings.expect(false, rule, "\(what): space \(space.name) cannot be read: \(error)")
            }
        }
    }

    /// What `body` throws; nil where it does not.
    private static func failure(of body: () throws -> Void) -> StoreFailure? {
        do {
            try body()
            return nil
        } catch {
            return StoreFailure(error)
        }
    }

    private static func compare(
        _ store: any StoreBackend, _ model: StoreModel, _ query: StoreQuery, _ space: StoreSpace,
        _ findings: inout PortFindings
    ) {
        let expected = model.read(query, in: space)
        do {
            let answer = try store.read(query, in: space)
            findings.expect(
                answer == expected, .order,
                "\(query) is answered with the keys \(answer.rows.map(\.key.bytes)), more: \(answer.hasMore), and should be "
                    + "with \(expected.rows.map(\.key.bytes)), more: \(expected.hasMore)"
            )
        } catch {
            findings.expect(false, .order, "\(query) is not answered: \(error)")
        }
    }
}
