import Foundation
import Kernel
import Testing

@testable import Lab

/// The incident catalogue as it ships.
@Suite("The incident catalogue")
struct IncidentCatalogueTests {
    private static let ids: [String] = {
        let numbered = [("A", 19), ("B", 9), ("C", 5), ("D", 6), ("E", 10), ("F", 7), ("G", 15), ("H", 5)]
        return numbered.flatMap { letter, count in (1...count).map { "\(letter)\($0)" } } + ["I"]
            + (1...8).map { "P\($0)" }
    }()

    static let incidents: [Incident] = Incident.load(path: Repository.path("scenarios/catalogue.yaml")).value ?? []

    /// An incident that a scenario shows, for a test's title.
    struct Shown: CustomTestStringConvertible, Sendable {
        let id: String
        let title: String
        let reproduction: Incident.Reproduction
        var testDescription: String { "\(id) \(title)" }
    }

    static let shown: [Shown] = incidents.compactMap { incident in
        guard case .reproduced(let reproduction) = incident.status else { return nil }
        return Shown(id: incident.id, title: incident.title, reproduction: reproduction)
    }

    @Test("it has every entry once, in order, and at least 35 of the one network's are reproduced")
    func complete() {
        let loaded = Incident.load(path: Repository.path("scenarios/catalogue.yaml"))
        #expect(loaded.diagnostics.isEmpty, "\(loaded.renderedDiagnostics())")
        #expect(Self.incidents.map(\.id) == Self.ids)
        #expect(Self.shown.count { !$0.id.hasPrefix("P") } >= 35)
    }

    @Test(
        "each reproduced incident shows on every seed, without its fault it does not, and node.yaml holds",
        arguments: shown)
    func shows(incident: Shown) throws {
        let reproduction = incident.reproduction
        let outcome = try Self.outcome(of: reproduction, seeds: 1...2)
        #expect(outcome.isReproduced, "\(incident.id): \(outcome.faultyText)")
        #expect(outcome.isOwedToFault, "\(incident.id): without the fault \(outcome.controlText)")
        #expect(outcome.isHeldByNode == reproduction.isHeldByNode, "\(incident.id): node.yaml \(outcome.nodeText)")
        // A figure off the arithmetic is a finding; without one written down nobody has looked at it.
        #expect(outcome.isAsExpected || reproduction.finding != nil, "\(incident.id): \(outcome.faultyText)")
    }

    @Test("what node.yaml does not hold is written down as a finding")
    func findings() {
        for incident in Self.shown where !incident.reproduction.isHeldByNode {
            #expect(incident.reproduction.finding != nil, "\(incident.id)")
        }
    }

    @Test("every type and every test that it names is there")
    func named() throws {
        let sources = try Self.text(below: "Sources")
        let tests = try Self.text(below: "Tests")
        for incident in Self.incidents {
            guard case .impossible(let impossibility) = incident.status else { continue }
            let isDeclared = ["struct", "enum", "class", "protocol"].contains { kind in
                [":", " {", "<"].contains { sources.contains("\(kind) \(impossibility.type)\($0)") }
            }
            #expect(isDeclared, "\(incident.id): no type \(impossibility.type)")
            #expect(tests.contains("\"\(impossibility.test)\""), "\(incident.id): no test \"\(impossibility.test)\"")
        }
    }

    @Test("the page in docs has a line for each, with its standing")
    func page() throws {
        let page = try Repository.text("docs/scenarios.md")
        for incident in Self.incidents {
            let line = page.split(separator: "\n").first { $0.hasPrefix("| \(incident.id) |") } ?? ""
            switch incident.status {
            case .reproduced(let reproduction): #expect(line.contains("`\(reproduction.scenario)`"), "\(incident.id)")
            case .impossible(let impossibility): #expect(line.contains("`\(impossibility.type)`"), "\(incident.id)")
            case .notModelled: #expect(line.contains("not modelled yet"), "\(incident.id)")
            }
        }
    }

    static func outcome(of reproduction: Incident.Reproduction, seeds: ClosedRange<UInt64>) throws -> IncidentOutcome {
        let scenario = try Self.scenario(reproduction.scenario)
        let path = { (profile: String) in
            URL(fileURLWithPath: profile).standardizedFileURL.path
                .replacingOccurrences(of: Repository.root.standardizedFileURL.path + "/", with: "")
        }
        let profile = path(reproduction.profile)
        let runs = { (path: String, overrides: [String]) in
            try seeds.map { try StoryRun.run(path, in: scenario, seed: $0, set: overrides).metrics }
        }
        return IncidentOutcome(
            reproduction, faulty: try runs(profile, reproduction.surroundings + reproduction.fault),
            control: reproduction.fault.isEmpty ? [] : try runs(profile, reproduction.surroundings),
            node: try runs("node.yaml", reproduction.nodeChanges)
        )
    }

    private static func scenario(_ name: String) throws -> Scenario {
        let inCatalogue = FileManager.default.fileExists(atPath: Repository.path("scenarios/catalogue/\(name).yaml"))
        return try StoryRun.scenario(inCatalogue ? "catalogue/\(name)" : name)
    }

    private static func text(below folder: String) throws -> String {
        let root = Repository.root.appendingPathComponent(folder)
        let files = try #require(FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil))
        var text = ""
        for case let file as URL in files where file.pathExtension == "swift" {
            text += try String(contentsOf: file, encoding: .utf8)
        }
        return text
    }
}
