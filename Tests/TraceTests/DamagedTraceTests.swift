import Kernel
import Testing

@testable import Trace

@Suite("Damaged traces") struct DamagedTraceTests {
    private static let whole = Lines.trace([.start, .wake, .shutdown])

    private func error(_ lines: [String]) -> TraceError? { Lines.error(Array(lines.map { $0 + "\n" }.joined().utf8)) }

    /// What becomes of the whole trace when one line is another.
    private func error(line: Int, _ text: String) -> TraceError? {
        var lines = Self.whole
        lines[line - 1] = text
        return error(lines)
    }

    @Test("a whole trace has no error")
    func whole() { #expect(error(Self.whole) == nil) }

    @Test("an empty file, another file and another format are told apart, all at line 1")
    func header() {
        #expect(Lines.error([])?.code == .empty)
        #expect(error(line: 1, "modules: {}")?.code == .notATrace)
        #expect(error(line: 1, "{\"digest\":1}")?.code == .notATrace)
        let newer = Self.whole[0].replacing("\"trace\":2", with: "\"trace\":3")
        let failure = error(line: 1, newer)
        #expect(failure?.code == .otherFormat)
        #expect(failure?.line == 1)
        #expect(failure?.message.contains("format 3") == true)
        #expect(error(line: 1, Self.whole[0].replacing("\"profile\":0", with: "\"profile\":7"))?.code == .badField)
        #expect(error(line: 1, Self.whole[0].replacing("\"identity\"", with: "\"identities\""))?.code == .badField)
    }

    @Test(
        "each damage to a record is named with its line",
        arguments: [
            ("{\"t\":1.0", TraceError.Code.notJSON), ("", .notJSON), ("[1]", .badField), ("{}", .badField),
            (#"{"t":1,"node":"n1","in":"wake","wall_ms":5}"#, .badField),
            (#"{"t":1.000000000,"node":"n1","in":"wake"}"#, .badField),
            (#"{"t":1.000000000,"node":"n1","in":"sleep","wall_ms":5}"#, .unknownKind),
            (#"{"t":1.000000000,"node":"n1","out":"sleep"}"#, .unknownKind),
            (#"{"t":1.000000000,"node":"n1","wall_ms":5}"#, .unknownKind),
            (
                #"{"t":1.000000000,"node":"n1","in":"open-failed","link":1,"reason":"bad-luck","wall_ms":5}"#,
                .unknownKind
            ),
            (#"{"t":1.000000000,"node":"n1","in":"persisted","token":-1,"wall_ms":5}"#, .badField),
            (#"{"t":1.000000000,"node":"n1","in":"persisted","token":18446744073709551616,"wall_ms":5}"#, .badField),
            (
                #"{"t":1.000000000,"node":"n1","in":"verified","token":1,"checks":1,"holds":["ff"],"wall_ms":5}"#,
                .badField
            ),
            (
                #"{"t":1.000000000,"node":"n1","in":"verified","token":1,"checks":1,"holds":["0000000000000002"],"#
                    + #""wall_ms":5}"#,
                .badField
            ),
            (
                #"{"t":1.000000000,"node":"n1","in":"verified","token":1,"checks":-1,"holds":["0000000000000000"],"#
                    + #""wall_ms":5}"#,
                .badField
            ),
            (
                #"{"t":1.000000000,"node":"n1","in":"read-failed","token":1,"code":"bad-luck","error":"","wall_ms":5}"#,
                .unknownKind
            ),
            (#"{"t":1.000000000,"node":"n1","in":"opened","link":1,"identity":"0g","wall_ms":5}"#, .badField),
            (
                #"{"t":1.000000000,"node":"n1","in":"received","link":1,"message":{"kind":"yo"},"wall_ms":5}"#,
                .unknownKind
            ),
            (#"{"t":1.000000000,"node":"n1","in":"received","link":1,"message":"ping","wall_ms":5}"#, .badField),
            (#"{"t":1.000000000,"node":"n1","admitted":1,"remote":"nowhere"}"#, .badField),
            (#"{"t":1.000000000,"node":"n1","checkpoint":{}}"#, .badField),
        ]
    )
    func record(text: String, code: TraceError.Code) {
        let failure = error(line: 3, text)
        #expect(failure?.code == code, "\(String(describing: failure))")
        #expect(failure?.line == 3)
    }

    @Test("a trace that was cut off is not taken for a whole one")
    func cutOff() {
        let text = Array(Self.whole.map { $0 + "\n" }.joined().utf8)
        // In the middle of a line, of the last one too.
        #expect(Lines.error(text.dropLast(4))?.code == .cutOff)
        let middle = Lines.error(Array(text.prefix(Self.whole[0].utf8.count + 20)))
        #expect(middle?.code == .cutOff)
        #expect(middle?.line == 2)
        // Between two lines.
        #expect(error(Array(Self.whole.dropLast()))?.code == .cutOff)
        // In the middle of the file.
        var shorter = Self.whole
        shorter.remove(at: 2)
        #expect(error(shorter)?.code == .cutOff)
        #expect(error(Self.whole + [Self.whole[1]])?.code == .outOfPlace)
    }

    @Test("a line without an end is refused before it fills the memory")
    func endless() {
        var given = 0
        do throws(TraceError) {
            _ = try TraceReader {
                given += 1 << 20
                return [UInt8](repeating: UInt8(ascii: "x"), count: 1 << 20)
            }
            Issue.record("an endless line was read")
        } catch {
            #expect(error.code == .tooLong)
        }
        #expect(given <= TraceReader.maximumLine + 2 << 20)
    }

    @Test("a file that the system does not give on is an error with the line that was being read")
    func unreadable() {
        struct Gone: Error {}
        let bytes = Array(Self.whole.prefix(2).map { $0 + "\n" }.joined().utf8)
        var isGiven = false
        do throws(TraceError) {
            var reader = try TraceReader {
                if isGiven { throw Gone() }
                isGiven = true
                return bytes
            }
            _ = try Lines.entries(&reader)
            Issue.record("nothing was thrown")
        } catch {
            #expect(error.code == .unreadable)
            #expect(error.line == 3)
        }
    }

    @Test("no damage to any byte traps")
    func fuzz() {
        let text = Array(Lines.trace(Samples.inputs).map { $0 + "\n" }.joined().utf8)
        var random = RandomStream(seed: 1, name: "damage")
        var errors = 0
        for _ in 0..<200 {
            var bytes = text
            for _ in 0...random.below(3) { bytes[Int(random.below(UInt64(bytes.count)))] = UInt8(random.below(256)) }
            if Lines.error(bytes) != nil { errors += 1 }
        }
        #expect(errors > 0)
    }
}
