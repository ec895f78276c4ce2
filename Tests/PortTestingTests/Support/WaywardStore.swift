import Foundation
import Kernel
import Profile

/// Rows in one file, written anew with each batch, with one fault on purpose, or none.
final class WaywardStore: StoreBackend {
    /// What it does wrong.
    enum Fault: String, CaseIterable, Sendable {
        case none
        case forgetsTheOrder
        case ignoresLimits
        case mixesTables
        case readsLate
        case removesFirst
        case keepsTheFirstWrite
        case appliesHalf
        case writesNow
        case writesEverySecondBatch
        case sharesItsRows
        case takesEverything
        case refusesWithoutAWord
        case makesNoRoom
        case readsNoMore
        case refusesOneTable
    }

    struct Full: Error, CustomStringConvertible {
        let description: String
    }

    private struct Row: Codable {
        var table: UInt8
        var row: UInt64
        var value: Data

        var key: StoreKey { StoreKey(table: table, row: row) }
    }

    private static let limit = 1 << 20
    private let fault: Fault
    private let file: URL?
    private var rows: [Row] = []
    private var written = 0
    private var everWritten = 0
    private var hasRefused = false

    init(_ fault: Fault, _ directory: String?) throws {
        self.fault = fault
        let folder = directory.map { URL(fileURLWithPath: $0) }
        file = (fault == .sharesItsRows ? folder?.deletingLastPathComponent() : folder)?.appendingPathComponent("rows")
        if let file, fault != .writesNow, let data = try? Data(contentsOf: file) {
            rows = try JSONDecoder().decode([Row].self, from: data)
        }
    }

    func apply(_ batch: StoreBatch) throws {
        if fault == .refusesOneTable, batch.puts.contains(where: { $0.key.table == 3 }) {
            throw Full(description: "table 3 is on another disk")
        }
        let before = rows
        if fault == .removesFirst { remove(batch.deletes) }
        for put in batch.puts {
            let index = rows.firstIndex { $0.key == put.key }
            if fault == .keepsTheFirstWrite, let index, !before.contains(where: { $0.key == rows[index].key }) {
                continue
            }
            if let index {
                rows[index].value = Data(put.value)
            } else {
                rows.append(Row(table: put.key.table, row: put.key.row, value: Data(put.value)))
            }
            everWritten += put.value.count
        }
        if fault != .removesFirst { remove(batch.deletes) }
        try refuseIfFull(before)
        if fault == .sharesItsRows, let file, let data = try? Data(contentsOf: file) {
            let others = try JSONDecoder().decode([Row].self, from: data)
            rows += others.filter { other in !rows.contains { $0.key == other.key } }
        }
        written += 1
        if fault == .writesEverySecondBatch, written % 2 == 1 { return }
        if let file { try JSONEncoder().encode(rows).write(to: file, options: .atomic) }
    }

    private func refuseIfFull(_ before: [Row]) throws {
        let size = fault == .makesNoRoom ? everWritten : rows.reduce(0) { $0 + $1.value.count }
        guard size > Self.limit, fault != .takesEverything else { return }
        hasRefused = true
        if fault == .appliesHalf { rows = Array(rows.dropLast()) } else { rows = before }
        throw Full(description: fault == .refusesWithoutAWord ? "no" : "the store is full: raise its limit")
    }

    func rows(_ query: StoreQuery) throws -> [StoreBatch.Row] {
        if fault == .readsNoMore, hasRefused { throw Full(description: "the disk does not answer") }
        if fault == .sharesItsRows, let file, let data = try? Data(contentsOf: file) {
            rows = try JSONDecoder().decode([Row].self, from: data)
        }
        var found = rows.map { StoreBatch.Row(key: $0.key, value: Array($0.value)) }
        if fault != .forgetsTheOrder { found.sort { $0.key < $1.key } }
        if fault == .readsLate { found = found.filter { !($0.key.table == 3 && ($0.value.first ?? 0) % 2 == 0) } }
        let limit: Int
        switch query {
        case .ascending(let table, let first, let count):
            found = found.filter { ($0.key.table == table || fault == .mixesTables) && $0.key.row >= first }
            limit = count
        case .descending(let table, let count):
            found = found.filter { $0.key.table == table || fault == .mixesTables }.reversed()
            limit = count
        }
        return fault == .ignoresLimits ? found : Array(found.prefix(max(0, limit)))
    }

    private func remove(_ keys: [StoreKey]) { rows.removeAll { keys.contains($0.key) } }

    static func descriptor(_ fault: Fault) -> ModuleDescriptor {
        ModuleDescriptor(
            spec: ModuleSpec(
                role: Role.store.rawValue, id: "wayward", version: "1", stability: .development,
                summary: "breaks one rule", posture: "for tests", options: OptionSpec([])
            ),
            factory: .store { _ in StorePort(outlivesProcess: true) { try WaywardStore(fault, $0) } }
        )
    }
}
