import Foundation
import Kernel
import Profile

/// Rows in one file, written anew with each transaction, with one fault on purpose, or none.
final class WaywardStore: StoreBackend {
    /// What it does wrong.
    enum Fault: String, CaseIterable, Sendable {
        case none
        case forgetsTheOrder
        case forgetsToReverse
        case ignoresLimits
        case ignoresByteLimits
        case readsTheEndToo
        case neverHasMore
        case mixesSpaces
        case readsLate
        case removesLast
        case keepsTheFirstWrite
        case appliesHalf
        case appliesOneByOne
        case takesLongKeys
        case ignoresFormats
        case keepsItsFormat
        case writesNow
        case writesEverySecondTime
        case sharesItsRows
        case takesEverything
        case refusesWithoutAWord
        case refusesWithoutAKind
        case makesNoRoom
        case readsNoMore
        case refusesOneSpace
    }

    private struct Row: Codable {
        var space: String
        var key: Data
        var value: Data

        var row: StoreRow { StoreRow(key: StoreKey(key), value: Array(value)) }
    }

    private struct Content: Codable {
        var formats: [String: UInt32] = [:]
        var rows: [Row] = []
    }

    private static let limit = 1 << 20
    private let fault: Fault
    private let file: URL?
    private var content = Content()
    private var written = 0
    private var everWritten = 0
    private var hasRefused = false

    init(_ fault: Fault, _ directory: String?) throws {
        self.fault = fault
        let folder = directory.map { URL(fileURLWithPath: $0) }
        file = (fault == .sharesItsRows ? folder?.deletingLastPathComponent() : folder)?.appendingPathComponent("rows")
        if let file, fault != .writesNow, let data = try? Data(contentsOf: file) {
            content = try JSONDecoder().decode(Content.self, from: data)
        }
    }

    func close() {}

    func apply(_ commits: [StoreCommit]) throws {
        let before = content
        do {
            for commit in commits where !commit.batch.isEmpty { try apply(commit) }
            try refuseIfFull()
        } catch {
            switch fault {
            case .appliesHalf: content.rows = Array(content.rows.dropLast())
            case .appliesOneByOne: break
            default: content = before
            }
            throw error
        }
        written += 1
        if fault == .writesEverySecondTime, written % 2 == 1 { return }
        if let file { try JSONEncoder().encode(content).write(to: file, options: .atomic) }
    }

    private func apply(_ commit: StoreCommit) throws {
        let name = commit.space.name.description
        if fault == .refusesOneSpace, commit.space.name.role == "liveness" {
            throw StoreFailure(code: .failed, message: "liveness is on another disk")
        }
        if let stored = content.formats[name], stored != commit.space.format, fault != .ignoresFormats {
            guard commit.batch.changes.first == .deleteRange(.all), fault != .keepsItsFormat else {
                throw StoreFailure.otherFormat(commit.space, stored: stored)
            }
        }
        content.formats[name] = commit.space.format
        var changes = commit.batch.changes
        if fault == .removesLast {
            func writes(_ change: StoreBatch.Change) -> Bool { if case .put = change { true } else { false } }
            changes = changes.filter { writes($0) } + changes.filter { !writes($0) }
        }
        var fresh: [StoreKey] = []
        for change in changes {
            switch change {
            case .put(let key, let value):
                guard key.bytes.count <= StoreKey.maximumBytes || fault == .takesLongKeys else {
                    throw StoreFailure.keyTooLong(key)
                }
                if fault == .keepsTheFirstWrite, fresh.contains(key) { continue }
                fresh.append(key)
                remove(name) { $0 == key }
                content.rows.append(Row(space: name, key: Data(key.bytes), value: Data(value)))
                everWritten += value.count
            case .delete(let key): remove(name) { $0 == key }
            case .deleteRange(let range): remove(name) { range.contains($0) }
            }
        }
    }

    private func remove(_ name: String, _ matches: (StoreKey) -> Bool) {
        content.rows.removeAll { $0.space == name && matches($0.row.key) }
    }

    private func refuseIfFull() throws {
        let size = fault == .makesNoRoom ? everWritten : content.rows.reduce(0) { $0 + $1.value.count }
        guard size > Self.limit, fault != .takesEverything else { return }
        hasRefused = true
        throw StoreFailure(
            code: fault == .refusesWithoutAKind ? .failed : .full,
            message: fault == .refusesWithoutAWord ? "no" : "the store is full: raise its limit"
        )
    }

    func read(_ query: StoreQuery, in space: StoreSpace) throws -> StoreAnswer {
        if fault == .readsNoMore, hasRefused { throw StoreFailure(code: .failed, message: "the disk does not answer") }
        if fault == .sharesItsRows, let file, let data = try? Data(contentsOf: file) {
            content = try JSONDecoder().decode(Content.self, from: data)
        }
        let name = space.name.description
        if let stored = content.formats[name], stored != space.format, fault != .ignoresFormats {
            throw StoreFailure.otherFormat(space, stored: stored)
        }
        var rows = content.rows.filter { $0.space == name || fault == .mixesSpaces }.map(\.row)
        if fault != .forgetsTheOrder { rows.sort { $0.key < $1.key } }
        if fault == .readsLate {
            rows = rows.filter { !(space.name.role == "liveness" && ($0.value.first ?? 0) % 2 == 0) }
        }
        return answer(query, rows)
    }

    private func answer(_ query: StoreQuery, _ rows: [StoreRow]) -> StoreAnswer {
        guard case .range(let range, let mostRows, _, let isReversed) = query else {
            guard case .get(let key) = query else { return StoreAnswer() }
            return StoreAnswer(rows.filter { $0.key == key })
        }
        var found = rows.filter { range.contains($0.key) || fault == .readsTheEndToo && $0.key == range.to }
        if isReversed, fault != .forgetsToReverse { found.reverse() }
        if fault == .ignoresLimits { return StoreAnswer(found) }
        if fault == .ignoresByteLimits {
            let most = Int(min(mostRows, UInt(found.count)))
            return StoreAnswer(Array(found.prefix(most)), hasMore: most < found.count)
        }
        var answer = StoreAnswer(to: query, walking: found)
        if fault == .neverHasMore { answer.hasMore = false }
        return answer
    }

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
