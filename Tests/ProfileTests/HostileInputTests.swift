import Foundation
import Testing

@testable import Profile

/// Files that somebody made to hurt. What bounds the work is asserted (bytes read, nodes built), never the clock; the
/// time limit only ends a test that hangs.
@Suite("Hostile input", .timeLimit(.minutes(1)))
struct HostileInputTests {
    private let folder = TemporaryFolder()
    private let loader = ProfileLoader(catalogue: SmallCatalogue.catalogue)

    private func message(_ path: String) -> String {
        let outcome = loader.load(path: path)
        #expect(outcome.value == nil)
        return outcome.renderedDiagnostics().replacing(folder.path + "/", with: "")
    }

    @Test("a file of 10 MB is refused by its size, unread")
    func huge() throws {
        let path = try folder.write("huge.yaml", Data(repeating: 0x61, count: 10_000_000))
        // The path in the message is shortened where the temporary directory's is long.
        let message = message(path)
        #expect(message.hasPrefix("huge.yaml: error: the profile '"), "\(message)")
        #expect(message.contains("is too large: it has 10MB, the limit is 1MiB"), "\(message)")
    }

    @Test("a text of more than 1 MiB is refused, however it came here")
    func longText() {
        let outcome = loader.load(text: String(repeating: "a", count: 1_100_000), name: "text.yaml")
        #expect(outcome.diagnostics.map(\.code) == [.tooLarge])
    }

    @Test("20,000 open brackets are refused at the 65th", arguments: ["[", "{a: ", "- "])
    func deep(opening: String) throws {
        let path = try folder.write("deep.yaml", Data(String(repeating: opening, count: 20_000).utf8))
        let outcome = loader.load(path: path)
        #expect(outcome.diagnostics.map(\.code) == [.tooDeep])
        #expect(outcome.diagnostics.first?.location?.column == 64 * opening.count + 1)
    }

    @Test("64 levels are still read")
    func deepEnough() {
        let text = String(repeating: "[", count: 64) + String(repeating: "]", count: 64)
        let outcome = loader.load(text: text, name: "deep.yaml")
        #expect(outcome.diagnostics.map(\.code) == [.wrongType])
    }

    @Test("aliases that stand for each other a billion times are refused without following one")
    func aliasBomb() throws {
        var text = "a0: &a0 [lol, lol]\n"
        for level in 1...30 {
            text +=
                "a\(level): &a\(level) [" + Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", ") + "]\n"
        }
        let outcome = loader.load(path: try folder.write("bomb.yaml", Data(text.utf8)))
        #expect(outcome.value == nil)
        #expect(outcome.diagnostics.count == LoadSession.maximumProblems + 1)
        #expect(outcome.diagnostics.contains { $0.code == .unsupported })
    }

    @Test("a binary file is refused as such")
    func binary() throws {
        let path = try folder.write("node.yaml", Data((0..<4_096).map { UInt8(truncatingIfNeeded: $0 &* 7) }))
        #expect(message(path).hasPrefix("node.yaml: error: the file is binary, not YAML text\n"))
    }

    @Test("a missing file, a directory, a device and a pipe nobody writes to are refused with the reason")
    func notFiles() throws {
        #expect(message(folder.path + "/absent.yaml").contains("cannot be read: there is no such file"))
        #expect(message(folder.path).contains("cannot be read: it is a directory"))
        #expect(message("/dev/zero").contains("cannot be read: it is not a regular file"))
        let pipe = folder.path + "/pipe.yaml"
        #expect(mkfifo(pipe, 0o600) == 0)
        #expect(message(pipe).contains("cannot be read: it is not a regular file"))
    }

    @Test("a file that may not be read is refused with the reason")
    func unreadable() throws {
        let system = ProfileFileSystem(read: { _ in .failure(FileProblem(errno: EACCES)) })
        let outcome = ProfileLoader(catalogue: SmallCatalogue.catalogue, fileSystem: system).load(path: "node.yaml")
        #expect(outcome.diagnostics.first?.message == "the profile 'node.yaml' cannot be read: permission denied")
    }

    @Test("files that extend each other in a circle are refused with the circle, also through a link")
    func circle() throws {
        let first = try folder.write("a.yaml", Data("extends: b.yaml\n".utf8))
        _ = try folder.write("b.yaml", Data("extends: c.yaml\n".utf8))
        try FileManager.default.createSymbolicLink(atPath: folder.path + "/c.yaml", withDestinationPath: "a.yaml")
        #expect(message(first).contains("the profile extends itself: a.yaml → b.yaml → a.yaml"))
    }

    @Test("lists of extended files that double at each level end at a limit")
    func wideExtends() throws {
        for level in 0..<15 {
            let next = "n\(level + 1).yaml"
            _ = try folder.write("n\(level).yaml", Data("extends: [\(next), \(next)]\n".utf8))
        }
        _ = try folder.write("n15.yaml", Data("node: {}\n".utf8))
        let reads = Counter()
        let system = ProfileFileSystem(read: {
            reads.increment()
            return ProfileFileSystem.real.read($0)
        })
        let loader = ProfileLoader(catalogue: SmallCatalogue.catalogue, fileSystem: system)
        #expect(loader.load(path: folder.path + "/n0.yaml").value == nil)
        #expect(reads.value <= ProfileTree.maximumFiles)
    }

    @Test("a thousand problems are reported as a hundred and a count")
    func manyProblems() {
        let text = "node:\n" + (0..<900).map { "  key\($0): 1\n" }.joined()
        let outcome = loader.load(text: text, name: "many.yaml")
        #expect(outcome.diagnostics.count == 101)
        #expect(outcome.diagnostics.last?.message == "801 more problems are not shown")
    }

    @Test("a block of more than 1,000 keys is refused, however they are spread over the lines")
    func manyKeys() {
        let text = (0..<100_000).map { "k\($0): 1\n" }.joined()
        let outcome = loader.load(text: text, name: "many.yaml")
        #expect(outcome.diagnostics.map(\.message) == ["a block has more than 1000 keys"])
    }

    @Test("a list of more than 10,000 items is refused, whatever it is for")
    func manyItems() {
        for text in ["modules: {discovery: {use: [", "extends: [", "node: ["] {
            let outcome = loader.load(text: text + String(repeating: "a,", count: 20_000), name: "many.yaml")
            #expect(outcome.diagnostics.map(\.message) == ["a list has more than 10000 items"])
        }
    }

    @Test("any cut and any flipped byte of a good profile gives a value or a reason, never a crash")
    func mutations() throws {
        let text = try String(contentsOfFile: FaultyFileTests.folder + "/parts/good.yaml", encoding: .utf8)
        let bytes = Array(text.utf8)
        let network = NetworkDescription.spec
        for index in bytes.indices {
            for flip in [0x01, 0x20, 0x80, 0xFF] as [UInt8] {
                var copy = bytes
                copy[index] ^= flip
                let session = LoadSession(environment: [:])
                let reader = DocumentReader(session: session, fileSystem: .real)
                if let node = reader.read(bytes: copy, name: "m.yaml") {
                    _ = ProfileDecoder(session: session, catalogue: SmallCatalogue.catalogue).decode(
                        node, path: "m.yaml")
                } else {
                    #expect(session.hasErrors)
                }
            }
            let cut = String(decoding: bytes[..<index], as: UTF8.self)
            let outcome = loader.load(text: cut, name: "cut.yaml")
            #expect(outcome.value != nil || outcome.errorCount > 0)
            let other = DocumentLoader().load(text: cut, name: "cut.yaml", spec: network)
            #expect(other.errorCount > 0)
        }
    }
}

/// A count that closures on any thread may raise.
final class Counter: @unchecked Sendable {
    private let lock = NSLock()
    private var count = 0

    var value: Int { lock.withLock { count } }

    func increment() { lock.withLock { count += 1 } }
}

/// A folder that is gone when the test is.
final class TemporaryFolder {
    let path: String

    init() {
        path = FileManager.default.temporaryDirectory.appending(path: "profile-\(UUID().uuidString)").path
        try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func write(_ name: String, _ data: Data) throws -> String {
        let file = path + "/" + name
        let parent = (file as NSString).deletingLastPathComponent
        try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
        try data.write(to: URL(filePath: file))
        return file
    }
}
