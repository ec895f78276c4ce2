import Foundation

/// The files of this repository.
enum SourceTree {
    static let root = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// Paths below the root, sorted; nothing that is built, hidden or made by a run.
    static func files(under folders: [String], endingIn suffixes: [String]) -> [String] {
        folders.flatMap { folder -> [String] in
            let base = root.appendingPathComponent(folder)
            guard let walk = FileManager.default.enumerator(atPath: base.path) else { return [] }
            return walk.compactMap { $0 as? String }
                .filter { path in !path.split(separator: "/").contains { $0.hasPrefix(".") || $0 == "Generated" } }
                .map { "\(folder)/\($0)" }
        }
        .filter { path in suffixes.contains { path.hasSuffix($0) } }
        .sorted()
    }

    /// What people read.
    static let documents =
        files(under: ["docs", "Examples", "Benchmarks", "Fuzz"], endingIn: [".md"])
        + ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"].filter(exists)

    static func text(_ path: String) throws -> String {
        String(decoding: try Data(contentsOf: root.appendingPathComponent(path)), as: UTF8.self)
    }

    static func exists(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: root.appendingPathComponent(path).path)
    }

    /// The targets that must give the same in every process: no clock, no task, no draw of the system's.
    static let pureTargets = ["Kernel", "Links", "Discovery", "Liveness", "Consensus", "Application", "Trace", "Lab"]

    /// The one folder of pure targets in which there are tasks: what spreads runs over cores. Each run is of one thread.
    static func isEdge(_ file: String, of rule: String) -> Bool {
        rule == "task" && file.hasPrefix("Sources/Lab/Running/")
    }

    static let pureSources = files(under: pureTargets.map { "Sources/\($0)" }, endingIn: [".swift"])
    /// The pure sources without their comments and texts.
    static let pureTexts = pureSources.map { path in
        (path: path, text: SourceText((try? text(path)) ?? ""))
    }
    static let allSources = files(under: ["Sources", "Tests", "Examples", "Benchmarks", "Fuzz"], endingIn: [".swift"])
}
