import Foundation

/// Where the tests find the program and the files of the project.
enum Place {
    /// The project's folder.
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path

    static func file(_ name: String) -> String { "\(root)/\(name)" }

    /// The program that was built with the tests; nil where only the tests were.
    static let program: String? = {
        // The test bundle lies beside it.
        var folders = [Bundle.main.bundleURL, Bundle.main.bundleURL.deletingLastPathComponent()]
        if let bundle = Bundle.allBundles.first(where: { $0.bundlePath.hasSuffix(".xctest") }) {
            folders.append(bundle.bundleURL.deletingLastPathComponent())
        }
        folders += CommandLine.arguments.filter { $0.contains(".xctest") }
            .map { URL(fileURLWithPath: $0).deletingLastPathComponent() }
        folders.append(URL(fileURLWithPath: root).appendingPathComponent(".build/debug"))
        return folders.map { $0.appendingPathComponent("timenode").path }
            .first { FileManager.default.isExecutableFile(atPath: $0) && !isDirectory($0) }
    }()

    private static func isDirectory(_ path: String) -> Bool {
        var isDirectory: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) && isDirectory.boolValue
    }
}
