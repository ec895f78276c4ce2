/// A Swift source with its comments and the content of its string literals blanked, line by line as it was.
struct SourceText {
    let lines: [String]

    private enum Mode: Equatable {
        case code
        case lineComment
        case blockComment(depth: Int)
        /// `hashes` is the number of `#` around the literal.
        case string(isMultiline: Bool, hashes: Int)
    }

    init(_ text: String) {
        var lines: [String] = []
        var line: [UInt8] = []
        var mode = Mode.code
        let bytes = Array(text.utf8)
        var index = 0
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "\n") {
                lines.append(String(decoding: line, as: UTF8.self))
                line.removeAll(keepingCapacity: true)
                index += 1
                if mode == .lineComment { mode = .code }
                if case .string(false, _) = mode { mode = .code }
                continue
            }
            let step = Self.step(mode, bytes, index)
            line.append(step.isCode ? bytes[index] : UInt8(ascii: " "))
            mode = step.next
            for _ in 1..<step.length { line.append(UInt8(ascii: " ")) }
            index += step.length
        }
        lines.append(String(decoding: line, as: UTF8.self))
        self.lines = lines
    }

    private static let lineComment = Array("//".utf8)
    private static let commentStart = Array("/*".utf8)
    private static let commentEnd = Array("*/".utf8)
    private static let quote = Array("\"".utf8)
    private static let longQuote = Array("\"\"\"".utf8)

    /// What stands at `index`: how much of it to take, whether it is code, and what follows.
    private static func step(_ mode: Mode, _ text: [UInt8], _ index: Int) -> (length: Int, isCode: Bool, next: Mode) {
        switch mode {
        case .lineComment: return (1, false, mode)
        case .blockComment(let depth):
            if has(commentEnd, text, index) { return (2, false, depth == 1 ? .code : .blockComment(depth: depth - 1)) }
            if has(commentStart, text, index) { return (2, false, .blockComment(depth: depth + 1)) }
            return (1, false, mode)
        case .string(let isMultiline, let hashes):
            let end = (isMultiline ? longQuote : quote) + Array(repeating: UInt8(ascii: "#"), count: hashes)
            if has(end, text, index) { return (end.count, false, .code) }
            let isEscape = hashes == 0 && text[index] == UInt8(ascii: "\\")
            return (isEscape && index + 1 < text.count && text[index + 1] != UInt8(ascii: "\n") ? 2 : 1, false, mode)
        case .code:
            if has(lineComment, text, index) { return (2, false, .lineComment) }
            if has(commentStart, text, index) { return (2, false, .blockComment(depth: 1)) }
            return opening(text, index)
        }
    }

    private static func opening(_ text: [UInt8], _ index: Int) -> (length: Int, isCode: Bool, next: Mode) {
        var hashes = 0
        while index + hashes < text.count, text[index + hashes] == UInt8(ascii: "#") { hashes += 1 }
        if has(longQuote, text, index + hashes) {
            return (hashes + 3, false, .string(isMultiline: true, hashes: hashes))
        }
        if has(quote, text, index + hashes) {
            return (hashes + 1, false, .string(isMultiline: false, hashes: hashes))
        }
        return (1, true, .code)
    }

    private static func has(_ word: [UInt8], _ text: [UInt8], _ index: Int) -> Bool {
        guard index + word.count <= text.count else { return false }
        for offset in word.indices where text[index + offset] != word[offset] { return false }
        return true
    }

    /// Whether a line holds one of some words: what a regular expression is worth being tried on.
    static func line(_ line: String, holdsOneOf words: [String]) -> Bool {
        let text = Array(line.utf8)
        return words.contains { word in
            let bytes = Array(word.utf8)
            return text.indices.contains { text[$0] == bytes[0] && has(bytes, text, $0) }
        }
    }
}

extension SourceText {
    /// One function or initialiser with a body.
    struct Function {
        let name: String
        /// Counted from 1.
        let firstLine: Int
        let lineCount: Int
    }

    /// Every function and initialiser that has a body.
    var functions: [Function] {
        lines.indices.compactMap { index in
            guard Self.line(lines[index], holdsOneOf: ["func", "init"]),
                let match = lines[index].firstMatch(of: /\b(func\s+\S+?|init\??)\s*[(<]/)
            else { return nil }
            // A call is no declaration.
            let before = lines[index][..<match.range.lowerBound]
            guard !before.contains(/[.=({:,]\s*$|\b(return|try|await|in)\s+$/) else { return nil }
            guard let last = endOfBody(from: index, column: match.range.lowerBound) else { return nil }
            return Function(name: String(match.output.1), firstLine: index + 1, lineCount: last - index + 1)
        }
    }

    /// The line of the brace that closes the first body after a place; nil for a declaration without one.
    private func endOfBody(from start: Int, column: String.Index) -> Int? {
        var parentheses = 0
        var braces = 0
        for index in start..<lines.count {
            let text = index == start ? lines[index][column...] : lines[index][...]
            if index > start, braces == 0, parentheses == 0,
                text.contains(
                    /^\s*(@\w+|(public|package|private|mutating|static|override|nonisolated)\b|func\b|var\b|let\b|init\b|case\b|\})/
                )
            {
                return nil
            }
            for byte in text.utf8 {
                switch byte {
                case UInt8(ascii: "("), UInt8(ascii: "["): parentheses += 1
                case UInt8(ascii: ")"), UInt8(ascii: "]"): parentheses -= 1
                case UInt8(ascii: "{") where parentheses == 0 || braces > 0: braces += 1
                case UInt8(ascii: "}") where braces > 0:
                    braces -= 1
                    if braces == 0 { return index }
                default: break
                }
            }
        }
        return nil
    }
}
