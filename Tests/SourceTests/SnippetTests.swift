import Foundation
import Testing

/// Swift in the documentation is quoted from sources that are compiled, so that what a reader copies compiles too.
struct SnippetTests {
    /// A fenced block of Swift.
    struct Snippet: CustomTestStringConvertible {
        let file: String
        /// Of its first line, from 1.
        let line: Int
        let lines: [String]

        var testDescription: String { "\(file):\(line)" }

        /// The pieces between lines that say that something is left out.
        var pieces: [[String]] {
            lines.split { $0.trimmed == "…" }.map { Self.significant(Array($0)) }.filter { !$0.isEmpty }
        }

        /// Without comments, blank lines and indentation.
        static func significant(_ lines: [String]) -> [String] {
            lines.map(\.trimmed).filter { !$0.isEmpty && !$0.hasPrefix("//") }
        }
    }

    static let snippets = (SourceTree.documents).flatMap { file in
        snippets(in: (try? SourceTree.text(file)) ?? "", file)
    }

    private static func snippets(in text: String, _ file: String) -> [Snippet] {
        var found: [Snippet] = []
        var open: Snippet?
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let line = String(line)
            if let snippet = open {
                if line.hasPrefix("```") {
                    found.append(snippet)
                    open = nil
                } else {
                    open = Snippet(file: file, line: snippet.line, lines: snippet.lines + [line])
                }
            } else if line.hasPrefix("```swift") {
                open = Snippet(file: file, line: index + 2, lines: [])
            }
        }
        return found
    }

    @Test(
        "every Swift snippet of the documentation stands in an example or a source that is compiled",
        arguments: snippets)
    func quoted(_ snippet: Snippet) throws {
        let sources = SourceTree.files(under: ["Examples", "Sources"], endingIn: [".swift"])
        let isQuoted = try sources.contains { source in
            var rest = Snippet.significant(try SourceTree.text(source).components(separatedBy: "\n"))[...]
            for piece in snippet.pieces {
                guard let place = Self.place(of: piece, in: rest) else { return false }
                rest = rest[(place + piece.count)...]
            }
            return true
        }
        #expect(isQuoted, "quote it from a file below Examples, where it is compiled: \(snippet.lines.first ?? "")")
    }

    private static func place(of piece: [String], in lines: ArraySlice<String>) -> Int? {
        guard piece.count <= lines.count else { return nil }
        return (lines.startIndex...lines.endIndex - piece.count).first { Array(lines[$0..<$0 + piece.count]) == piece }
    }

    @Test("there are snippets, and one that no source has is noticed")
    func selfCheck() {
        #expect(Self.snippets.count >= 8)
        let lines = Snippet.significant(["a", "", "  // no", "    b", "c"])
        #expect(lines == ["a", "b", "c"])
        #expect(Self.place(of: ["b", "c"], in: lines[...]) == 1)
        #expect(Self.place(of: ["c", "b"], in: lines[...]) == nil)
    }
}

extension String {
    fileprivate var trimmed: String { trimmingCharacters(in: .whitespaces) }
}
