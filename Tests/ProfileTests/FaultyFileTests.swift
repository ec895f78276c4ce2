import Foundation
import Profile
import Testing

/// Each faulty file has the text beside it that its reader gets to see. `UPDATE_GOLDEN=1` writes the texts anew: read
/// them before you believe them.
///
/// A file can bring its own surroundings in its first lines: `# env: NAME=VALUE`, `# set: path=value`.
@Suite("Faulty files")
struct FaultyFileTests {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Faulty").path

    static let names: [String] = {
        let entries = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return entries.filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) }.sorted()
    }()

    /// The folder of faulty files as if it were the current one, so that no path of a machine is in the texts.
    static let fileSystem = ProfileFileSystem(
        read: { ProfileFileSystem.real.read(folder + "/" + $0) },
        canonicalPath: { ProfileFileSystem.real.canonicalPath(folder + "/" + $0) }
    )

    @Test("there are at least 45 of them")
    func enough() {
        #expect(Self.names.count >= 45)
    }

    @Test("a faulty file is refused with the text beside it", arguments: names)
    func refused(name: String) throws {
        let (text, isRefused) = Self.load(name)
        #expect(isRefused)
        let golden = Self.folder + "/" + name + ".expected"
        if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] != nil {
            try text.write(toFile: golden, atomically: true, encoding: .utf8)
        }
        let expected = try String(contentsOfFile: golden, encoding: .utf8)
        #expect(text == expected)
    }

    @Test("every line of a refusal is short enough to read", arguments: names)
    func short(name: String) {
        for line in Self.load(name).text.split(separator: "\n") { #expect(line.count <= 400, "\(line)") }
    }

    private static func load(_ name: String) -> (text: String, isRefused: Bool) {
        if name.hasPrefix("network-") {
            let outcome = NetworkDescription.load(path: name + ".yaml", fileSystem: fileSystem)
            return (outcome.renderedDiagnostics(), outcome.value == nil)
        }
        let source = (try? fileSystem.read(name + ".yaml").get()) ?? []
        let lines = String(decoding: source, as: UTF8.self).split(separator: "\n").map(String.init)
        var environment: [String: String] = [:]
        for text in directives("# env: ", lines) {
            let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
            environment[parts[0]] = parts[1]
        }
        let loader = ProfileLoader(
            catalogue: SmallCatalogue.catalogue, environment: environment, fileSystem: fileSystem
        )
        let outcome = loader.load(path: name + ".yaml", overrides: directives("# set: ", lines))
        return (outcome.renderedDiagnostics(), outcome.value == nil)
    }

    private static func directives(_ prefix: String, _ lines: [String]) -> [String] {
        lines.filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }
    }
}
