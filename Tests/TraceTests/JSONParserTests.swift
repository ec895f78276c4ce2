import Foundation
import Kernel
import Testing

@testable import Trace

@Suite("The reader of JSON") struct JSONParserTests {
    private func tree(_ text: String) throws(JSONParser.Failure) -> JSONTree {
        try JSONParser.tree(Array(text.utf8))
    }

    @Test(
        "reads what JSON allows",
        arguments: [
            ("null", JSONTree.null), (" true ", .boolean(true)), ("-0.5e+10", .number("-0.5e+10")),
            ("18446744073709551615", .number("18446744073709551615")), (#""""#, .string("")),
            (#""\u0041\ud834\udd1e\/\b\f\n\r\t\"\\""#, .string("A𝄞/\u{8}\u{c}\n\r\t\"\\")), ("[]", .array([])),
            ("{ }", .object([])), ("[1, [2]]", .array([.number("1"), .array([.number("2")])])),
            (#"{"a" : {"b":null}}"#, .object([.init(name: "a", value: .object([.init(name: "b", value: .null)]))])),
        ]
    )
    func accepts(text: String, expected: JSONTree) throws {
        #expect(try tree(text) == expected)
        #expect(try JSONParser.tree(expected.bytes) == expected)
    }

    @Test(
        "refuses what it does not",
        arguments: [
            "", " ", "nul", "tru", "+1", "01", "-", "1.", ".5", "1e", "-01", "[1", "[1,]", "[,]", "{", "{\"a\"}",
            "{\"a\":}", "{\"a\":1,}", "{a:1}", "\"", "\"\\", "\"\\x\"", "\"\\u12\"", "\"\\ud834\"", "\"\\udd1e\"",
            "\"\\ud834\\u0041\"", "\"a\nb\"", "1 2", "[1]]", "NaN", "'a'",
        ]
    )
    func refuses(text: String) {
        #expect(throws: JSONParser.Failure.self) { try tree(text) }
    }

    @Test("refuses text that is not UTF-8, and values too deep inside one another")
    func hostile() {
        #expect(throws: JSONParser.Failure.self) { try JSONParser.tree([0x22, 0xff, 0x22]) }
        let deep = String(repeating: "[", count: 100_000)
        #expect(throws: JSONParser.Failure.self) { try tree(deep) }
    }

    @Test("says where two values differ first")
    func difference() throws {
        let left = try tree(#"{"a":1,"b":[1,{"c":"x"}],"d":true}"#)
        #expect(left.difference(from: try tree(#"{"d":true,"b":[1,{"c":"x"}],"a":1}"#)) == nil)
        let other = try tree(#"{"a":1,"b":[1,{"c":"y"}],"d":true}"#)
        #expect(left.difference(from: other) == .init(path: "b[1].c", left: "\"x\"", right: "\"y\""))
        let shorter = try tree(#"{"a":1,"b":[1],"d":true}"#)
        #expect(left.difference(from: shorter) == .init(path: "b[1]", left: #"{"c":"x"}"#, right: nil))
        let longer = try tree(#"{"a":1,"b":[1,{"c":"x"}],"d":true,"e":2}"#)
        #expect(left.difference(from: longer) == .init(path: "e", left: nil, right: "2"))
    }

    @Test("takes and refuses the same texts as another reader of JSON, and never traps")
    func fuzz() throws {
        var random = RandomStream(seed: 1, name: "json")
        let sample = Array(Lines.trace(Samples.inputs).joined(separator: " ").utf8.prefix(3_000))
        for _ in 0..<3_000 {
            let start = Int(random.below(UInt64(sample.count - 200)))
            var bytes = Array(sample[start..<start + Int(random.below(200))])
            for _ in 0..<random.below(3) where !bytes.isEmpty {
                bytes[Int(random.below(UInt64(bytes.count)))] = UInt8(random.below(256))
            }
            bytes = [UInt8(ascii: "[")] + bytes + [UInt8(ascii: "]")]
            let isRead = (try? JSONParser.tree(bytes)) != nil
            let isJSON = (try? JSONSerialization.jsonObject(with: Data(bytes))) != nil
            // The other reader also takes bytes that are no UTF-8 when it guesses another encoding, and a comma with nothing
            // behind it (RFC 8259 has neither).
            let isText = String(validating: bytes, as: UTF8.self) != nil
            let packed = bytes.filter { ![9, 10, 13, 32].contains($0) }
            let endsInComma = zip(packed, packed.dropFirst()).contains {
                $0 == UInt8(ascii: ",") && [UInt8(ascii: "]"), UInt8(ascii: "}")].contains($1)
            }
            if isText, !endsInComma { #expect(isRead == isJSON, "\(String(decoding: bytes, as: UTF8.self))") }
        }
    }
}
