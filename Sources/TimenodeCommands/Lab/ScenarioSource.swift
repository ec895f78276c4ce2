import ArgumentParser
import Foundation
import Lab
import Profile

/// Finds and loads scenario files by name or path.
enum ScenarioSource {
    /// - Parameter profile: a profile of the comparison: scenarios lie beside it, or beside its folder.
    static func load(_ name: String, near profile: String?) throws(CommandFailure) -> Scenario {
        let path = try locate(name, near: profile)
        let outcome = Scenario.load(path: path)
        CommandScope.current.console.error(outcome.renderedDiagnostics())
        guard let scenario = outcome.value else { throw .silent(.usage) }
        return scenario
    }

    static func locate(_ name: String, near profile: String?) throws(CommandFailure) -> String {
        if name.hasSuffix(".yaml") || name.contains("/") { return name }
        let known = listed(near: profile)
        if let found = known.first(where: { $0.name == name }) { return found.path }
        let help =
            known.isEmpty
            ? "Name a scenario file by its path." : "There are: \(known.map(\.name).joined(separator: ", "))."
        throw CommandFailure(.usage, "no scenario '\(name)'", help: help)
    }

    /// A scenario file in reach.
    struct Listed {
        /// The folder below the scenarios' own that it lies in; nil for none.
        var group: String?
        var name: String
        var path: String
    }

    /// The catalogue of incidents and the studies of detectors lie beside the scenarios and are none.
    static let others = ["catalogue.yaml", "detectors.yaml", "detectors-at-one-bound.yaml"]

    /// The scenarios in reach: those that lie nearest to hand first, then by group and name. Of two with one name the
    /// first is meant.
    static func listed(near profile: String?) -> [Listed] {
        var found: [Listed] = []
        for folder in folders(near: profile) {
            add(folder, group: nil, to: &found)
            for group in Files.folders(in: folder) { add(Files.join(folder, group), group: group, to: &found) }
        }
        return found
    }

    private static func add(_ folder: String, group: String?, to found: inout [Listed]) {
        for file in Files.names(in: folder) ?? [] where file.hasSuffix(".yaml") && !others.contains(file) {
            let name = String(file.dropLast(5))
            guard !found.contains(where: { $0.name == name }) else { continue }
            found.append(Listed(group: group, name: name, path: Files.join(folder, file)))
        }
    }

    private static func folders(near profile: String?) -> [String] {
        guard let profile else { return ["scenarios"] }
        let folder = Files.folder(of: profile)
        return ["scenarios", Files.join(folder, "scenarios"), Files.join(folder, "../scenarios")]
    }
}
