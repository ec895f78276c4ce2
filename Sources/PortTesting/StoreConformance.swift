import Foundation
import Kernel
import ModuleTesting
import Profile

/// Tries a store module: random transactions and questions beside a model of what a store is, batches that are refused,
/// formats, directories that are opened anew and copied as a crash would leave them, a store that is full, and a node with
/// two hundred answers outstanding, with all of them given and with one write or read refused.
///
/// ```swift
/// try await StoreConformance(MyStore.descriptor).run().expectConforming()
/// ```
public struct StoreConformance: Sendable {
    /// What it asks of a module.
    public static let rules: [ConformanceRule] = [
        .order, .atomicity, .durability, .isolation, .formats, .boundedness,
    ]

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
        try Self.step(.order, &findings) { try script.questions(&$0) }
        try Self.step(.atomicity, &findings) { try script.transactions(&$0) }
        try Self.step(.formats, &findings) { try script.formats(&$0) }
        try Self.step(.durability, &findings) { try script.reopening(&$0) }
        try Self.step(.isolation, &findings) { try script.neighbours(&$0) }
        if let limit { try Self.step(.boundedness, &findings) { try script.filling(to: limit, &$0) } }
        try await script.outstanding(&findings)
        try await script.failures(&findings)
        return findings.report(TrialSetup.name(of: descriptor), exempt)
    }

    /// A sound store refuses nothing that a step asks of it without expecting a refusal: what it says then is a finding, and
    /// the next step begins.
    private static func step(
        _ rule: ConformanceRule, _ findings: inout PortFindings, _ body: (inout PortFindings) throws -> Void
    ) throws {
        do {
            try body(&findings)
        } catch let failure as StoreFailure {
            findings.expect(false, rule, "it refuses what it has to take: \(failure.message)")
        }
    }
}
