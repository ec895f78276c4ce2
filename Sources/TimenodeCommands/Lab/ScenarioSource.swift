import ArgumentParser
import Foundation
import Lab
import Profile

/// Finds and loads scenario files by name or path.
struct ScenarioSource {
    /// Where scenarios are looked for, in this order, and in the folders in each.
    private let folders: [String]

    /// Looks in `scenarios` here, and beside some files and their folders.
    ///
    /// - Parameters:
    ///   - files: profiles, and the files that they extend.
    ///   - list: a file that lies among scenarios, such as a study, and names some of them.
    init(near files: [String] = [], among list: String? = nil) {
        var folders = list.map { [Files.folder(of: $0)] } ?? []
        folders.append("scenarios")
        for file in files + (list.map { [$0] } ?? []) {
            let folder = Files.folder(of: file)
            folders += [Files.join(folder, "scenarios"), Files.join(folder, "../scenarios")]
        }
        // One folder has many names: `scenarios` and `./profiles/../scenarios`.
        var seen: [String] = []
        self.folders = folders.filter { folder in
            let place = Files.absolute(folder)
            if seen.contains(place) { return false }
            seen.append(place)
            return true
        }
    }

    /// The scenario of a name, or the one at a path.
    func load(_ name: String) throws(CommandFailure) -> Scenario {
        let outcome = Scenario.load(path: try locate(name))
        CommandScope.current.console.error(outcome.renderedDiagnostics())
        guard let scenario = outcome.value else { throw .silent(.usage) }
        return scenario
    }

    /// The path of the scenario of a name; a path stays what it is.
    func locate(_ name: String) throws(CommandFailure) -> String {
        let isPath = name.contains("/")
        if isPath || (name.hasSuffix(".yaml") && Files.exists(name)) { return name }
        let known = listed
        let stem = name.hasSuffix(".yaml") ? String(name.dropLast(5)) : name
        if let found = known.first(where: { $0.name == stem }) { return found.path }
        throw CommandFailure(.usage, "there is no scenario '\(name)'", help: help(for: stem, known))
    }

    private func help(for name: String, _ known: [Listed]) -> String {
        var lines: [String] = []
        if let near = Spelling.closest(to: name, among: known.map(\.name)) { lines.append("Did you mean '\(near)'?") }
        let places = folders.map { folder in
            Files.isFolder(folder) ? "\(folder), and the folders in it" : "\(folder) (there is no such folder)"
        }
        lines.append("Looked in \(places.joined(separator: "; ")).")
        lines.append("'timenode scenarios list' names those below this folder; a path works as well: ./\(name).yaml")
        return lines.joined(separator: "\n")
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
    var listed: [Listed] {
        var found: [Listed] = []
        for folder in folders {
            Self.add(folder, group: nil, to: &found)
            for group in Files.folders(in: folder) { Self.add(Files.join(folder, group), group: group, to: &found) }
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
}
