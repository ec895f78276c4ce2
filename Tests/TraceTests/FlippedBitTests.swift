import Kernel
import Testing

@testable import Trace

@Suite("Flipped bits of a trace") struct FlippedBitTests {
    private static let whole = Array(
        Lines.trace(
            [.start, .openFailed(LinkID(number: 1), .reset), .wake], digest: String(repeating: "ab", count: 32)
        )
        .map { $0 + "\n" }.joined().utf8
    )

    @Test("the trace that each of them changes is whole")
    func whole() { #expect(Lines.error(Self.whole) == nil) }

    @Test("every one of them is found, header and last line included", arguments: 0..<8)
    func found(bit: Int) {
        for place in Self.whole.indices {
            var bytes = Self.whole
            bytes[place] ^= 1 << bit
            #expect(Lines.error(bytes) != nil, "byte \(place), bit \(bit): \(Character(.init(Self.whole[place])))")
        }
    }

    @Test("a record in another form is refused also where the last line was forged to fit it")
    func forms() throws {
        let record = #"{"t":0.000000000,"node":"n1","in":"open-failed","link":1,"reason":"reset","wall_ms":5}"#
        let header = Lines.text(of: Lines.header())
        #expect(try Lines.error(closing: [header, record]) == nil)
        for (old, new, code) in [
            ("\"wall_ms\":5", "\"wall_ms\":5,\"wall_ms\":5", TraceError.Code.notJSON),
            ("\"link\":1", "\"link\":1,\"l\\u0069nk\":1", .notJSON),
            ("\"wall_ms\":5", "\"wall_ms\":5,\"x\":1", .otherForm),
            ("\"wall_ms\":5", "\"wall_ms\":5.0", .badField), ("\"wall_ms\":5", "\"wall_ms\":-0", .otherForm),
            ("\"t\":0.0", "\"t\":-0.0", .otherForm), ("\"link\":1", "\"link\":1e0", .badField),
            ("\"link\":1", "\"link\":\"1\"", .badField), ("\"in\"", "\"out\":\"send\",\"in\"", .otherForm),
        ] {
            let changed = record.replacing(old, with: new)
            let error = try Lines.error(closing: [header, changed])
            #expect(error?.code == code, "\(changed): \(String(describing: error))")
            #expect(error?.line == 2)
        }
        for (old, new) in [
            ("\"source\":\"node\"", "\"source\":\"node\",\"color\":\"red\""), ("\"profile\":0", "\"profile\":-0"),
            ("\"digest\":\"", "\"digest\":\"\",\"digest\":\""), ("192.0.2.1:24100", "::ffff:192.0.2.1:24100"),
            ("ffff", "FFFF"),
        ] {
            let error = try Lines.error(closing: [header.replacing(old, with: new), record])
            #expect(error?.line == 1, "\(new): \(String(describing: error))")
        }
    }

    @Test("an empty change is none: spaces and the order of members say nothing, and the check tells them too")
    func spaces() throws {
        let header = Lines.text(of: Lines.header())
        let record = #"{ "node":"n1", "t":0.000000000, "wall_ms":5, "in":"start" }"#
        #expect(try Lines.error(closing: [header, record]) == nil)
        var lines = Lines.trace([.start])
        lines[1] = record
        #expect(Lines.error(Array(lines.map { $0 + "\n" }.joined().utf8))?.code == .changed)
    }
}

extension Lines {
    /// What reading these lines throws, with the last line that belongs below them.
    fileprivate static func error(closing lines: [String]) throws -> TraceError? {
        error(Array(closed(lines).map { $0 + "\n" }.joined().utf8))
    }
}
