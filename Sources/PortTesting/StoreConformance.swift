import Foundation
import Kernel
import ModuleTesting
import Profile
import Wire

/// Tries a store module: random batches and questions beside a model of what a store is, directories that are opened anew
/// and copied as a crash would leave them, a store that is full, and a node with two hundred answers outstanding.
///
/// ```swift
/// try await StoreConformance(MyStore.descriptor).run().expectConforming()
/// ```
public struct StoreConformance: Sendable {
    /// What it asks of a module.
    public static let rules: [ConformanceRule] = [.order, .atomicity, .durability, .isolation, .boundedness]

    private let descriptor: ModuleDescriptor
    private let options: Options?
    private let limit: Int?
    private let exempt: [ConformanceRule]

    /// A trial of the module with these options, its defaults where there are none.
    ///
    /// - Parameters:
    ///   - limit: the bytes of values beyond which a store with these options refuses; nil where it has no such limit, and
    ///     then nothing is filled. Keep it below 100 MiB.
    ///   - exempt: rules that the module is known to break; breaches of them are reported apart.
    public init(
        _ descriptor: ModuleDescriptor, options: Options? = nil, limit: Int? = nil, exempt: [ConformanceRule] = []
    ) {
        self.descriptor = descriptor
        self.options = options
        self.limit = limit
        self.exempt = exempt
    }

    /// Runs the module in directories of its own, which are removed.
    ///
    /// - Throws: ``ConformanceError`` where the module cannot be made, and what opening a store throws.
    public func run() async throws -> ConformanceReport {
        guard case .store(let make) = descriptor.factory else {
            throw TrialSetup.wrongRole(descriptor, wanted: .store)
        }
        let options = try TrialSetup.options(options, for: descriptor)
        let port = try TrialSetup.tryOut(descriptor) { try make(options) }
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("store-conformance-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        var findings = PortFindings()
        let script = StoreScript(port: port, folder: folder)
        try script.questions(&findings)
        try script.batches(&findings)
        try script.reopening(&findings)
        try script.neighbours(&findings)
        if let limit { try script.filling(to: limit, &findings) }
        try await script.outstanding(&findings)
        return findings.report(TrialSetup.name(of: descriptor), exempt)
    }
}

/// What a store is, as plainly as it can be said.
struct StoreModel {
    private(set) var rows: [StoreKey: [UInt8]] = [:]

    mutating func apply(_ batch: StoreBatch) {
        for row in batch.puts { rows[row.key] = row.value }
        for key in batch.deletes { rows[key] = nil }
    }

    func rows(_ query: StoreQuery) -> [StoreBatch.Row] {
        let sorted = rows.map { StoreBatch.Row(key: $0.key, value: $0.value) }.sorted { $0.key < $1.key }
        switch query {
        case .ascending(let table, let first, let limit):
            return Array(sorted.filter { $0.key.table == table && $0.key.row >= first }.prefix(max(0, limit)))
        case .descending(let table, let limit):
            return Array(sorted.filter { $0.key.table == table }.reversed().prefix(max(0, limit)))
        }
    }
}
