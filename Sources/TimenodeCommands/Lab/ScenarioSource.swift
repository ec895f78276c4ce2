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
        for folder in folders(near: profile) {
            let path = Files.join(folder, "\(name).yaml")
            if Files.exists(path) { return path }
        }
        let known = names(near: profile)
        let help =
            known.isEmpty
            ? "Name a scenario file by its path." : "There are: \(known.joined(separator: ", "))."
        throw CommandFailure(.usage, "no scenario '\(name)'", help: help)
    }

    /// Names of the scenarios in reach, sorted.
    static func names(near profile: String?) -> [String] {
        var names: [String] = []
        for folder in folders(near: profile) {
            for file in Files.names(in: folder) ?? [] where file.hasSuffix(".yaml") {
                let name = String(file.dropLast(5))
                if !names.contains(name) { names.append(name) }
            }
        }
        return names.sorted()
    }

    private static func folders(near profile: String?) -> [String] {
        guard let profile else { return ["scenarios"] }
        let folder = Files.folder(of: profile)
        return ["scenarios", Files.join(folder, "scenarios"), Files.join(folder, "../scenarios")]
    }
}
