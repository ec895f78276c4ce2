import Foundation

/// The files of this repository that tests read.
enum Repository {
    /// The top folder.
    static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// The path of a file under the top folder.
    static func path(_ relative: String) -> String { root.appendingPathComponent(relative).path }

    /// A text file under the top folder.
    static func text(_ relative: String) throws -> String {
        try String(contentsOf: root.appendingPathComponent(relative), encoding: .utf8)
    }
}
