import Logging
import Testing
import Trace

@testable import TimenodeCommands

@Suite("The file of a recording") struct RecordingFileTests {
    private static func recorder() -> FlightRecorder {
        FlightRecorder(
            profile: TraceHeader.Profile(name: "p", path: "p.yaml", digest: "d", text: ""), program: "test",
            limit: 1 << 20
        )
    }

    private func file(_ path: String) throws(CommandFailure) -> RecordingFile {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        return try RecordingFile(path, recorder: Self.recorder(), logger: logger)
    }

    @Test("one that is not there yet is taken, and so is a trace of an earlier run")
    func taken() throws {
        let directory = try TemporaryDirectory()
        _ = try file(directory.file("new.jsonl"))
        _ = try file(try directory.write(#"{"trace":1}"#, to: "old.jsonl"))
    }

    @Test("one that is no trace is left as it is", arguments: ["node:\n", "", #"{"trac"#])
    func noTrace(_ content: String) throws {
        let directory = try TemporaryDirectory()
        let path = try directory.write(content, to: "node.yaml")
        let error = #expect(throws: CommandFailure.self) { try file(path) }
        #expect(error?.code == .usage)
        #expect(error?.message == "--record would replace \(path), which is no trace")
        #expect(try directory.read("node.yaml") == content)
    }

    @Test("one that cannot be read is left as it is, and told with the reason")
    func unreadable() throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("trace.jsonl")
        // A folder, since who runs the tests may be allowed to read every file.
        try Files.makeDirectory(path)
        let error = #expect(throws: CommandFailure.self) { try file(path) }
        #expect(error?.code == .failed)
        #expect(error?.message.contains("\(path), which cannot be read") == true)
        #expect(error?.cause != nil && error?.help != nil)
        #expect(Files.exists(path))
    }
}
