/// One problem of a document: what is wrong, where, and what to write instead.
public struct Diagnostic: Sendable, Hashable {
    /// An error refuses the document; a warning does not.
    public enum Severity: String, Sendable, Hashable {
        case error, warning
    }

    /// A stable name of the kind of problem, for programs.
    public enum Code: String, Sendable, Hashable {
        case syntax, encoding, indentation
        case unreadable, tooLarge = "too-large", tooDeep = "too-deep", tooMany = "too-many"
        case emptyDocument = "empty-document", severalDocuments = "several-documents"
        case unsupported = "unsupported-yaml"
        case duplicateKey = "duplicate-key", unknownKey = "unknown-key", missingKey = "missing-key"
        case unknownRole = "unknown-role", missingRole = "missing-role", unknownModule = "unknown-module"
        case wrongType = "wrong-type", outOfRange = "out-of-range", missingUnit = "missing-unit"
        case environment, extends, override, deprecated, rule
    }

    public var severity: Severity
    public var code: Code
    public var location: SourceLocation?
    public var message: String
    /// The line of the source, without its line break; absent where it would show a secret.
    public var snippet: String?
    /// What to do about it.
    public var help: String?

    public init(
        severity: Severity,
        code: Code,
        location: SourceLocation?,
        message: String,
        snippet: String? = nil,
        help: String? = nil
    ) {
        self.severity = severity
        self.code = code
        self.location = location
        self.message = message
        self.snippet = snippet
        self.help = help
    }

    /// The problem as people read it: place, message, the line with the mark under it, and the help.
    public func render() -> String {
        let place = location.map { "\($0): " } ?? ""
        var lines = ["\(place)\(severity.rawValue): \(message)"]
        if let location, location.line > 0, let snippet {
            let window = SnippetWindow(line: snippet, column: location.column, length: location.length)
            lines.append(leftPadded(String(location.line), to: 5) + " | " + window.text)
            lines.append("      | " + window.mark + (help.map { " " + $0 } ?? ""))
        } else if let help {
            lines.append("      = " + help)
        }
        return lines.map { trimmedRight($0) }.joined(separator: "\n")
    }

    /// The problem for programs: `{"severity","code","file","line","column","length","message","help"}`;
    /// what is not known is left out.
    public var jsonObject: JSONValue {
        var members = [
            JSONMember("severity", .string(severity.rawValue)),
            JSONMember("code", .string(code.rawValue)),
        ]
        if let location {
            members.append(JSONMember("file", .string(location.file)))
            if location.line > 0 {
                members.append(JSONMember("line", .integer(location.line)))
                members.append(JSONMember("column", .integer(location.column)))
                members.append(JSONMember("length", .integer(location.length)))
            }
        }
        members.append(JSONMember("message", .string(message)))
        if let help { members.append(JSONMember("help", .string(help))) }
        return .object(members)
    }
}

/// The part of a source line that fits on a terminal, with the mark under it.
private struct SnippetWindow {
    static let width = 100

    let text: String
    let mark: String

    init(line: String, column: Int, length: Int) {
        let characters = Array(printable(line, limit: .max))
        let start = max(0, min(column - 1, characters.count))
        var from = 0
        if characters.count > SnippetWindow.width, start > SnippetWindow.width / 2 {
            from = start - SnippetWindow.width / 2
        }
        let to = min(characters.count, from + SnippetWindow.width)
        let head = from > 0 ? "…" : ""
        let tail = to < characters.count ? "…" : ""
        text = head + String(characters[from..<to]) + tail
        let visible = max(1, min(length, to - start))
        let indent = String(repeating: " ", count: start - from + head.count)
        mark = indent + "^" + String(repeating: "~", count: visible - 1)
    }
}
