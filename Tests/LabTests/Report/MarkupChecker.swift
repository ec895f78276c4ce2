/// Finds tags that do not match, stray angle brackets and ampersands, and repeated ids: enough to catch a template
/// that forgot to close or to escape.
enum MarkupChecker {
    private static let withoutEnd = ["meta", "br", "hr", "img"]

    static func problems(in text: String) -> [String] {
        var problems: [String] = []
        var open: [String] = []
        var ids: [String] = []
        // A style sheet has its own grammar.
        var rest = withoutStyleSheet(text)[...]
        while let start = rest.firstIndex(of: "<") {
            problems += contentProblems(rest[..<start])
            guard let end = rest[start...].firstIndex(of: ">") else {
                return problems + ["'<' without '>' near \(rest[start...].prefix(30))"]
            }
            let tag = rest[rest.index(after: start)..<end]
            rest = rest[rest.index(after: end)...]
            if tag.hasPrefix("!") { continue }
            if tag.hasPrefix("/") {
                let name = String(tag.dropFirst())
                if open.last == name { open.removeLast() } else { problems.append("</\(name)> closes \(open)") }
                continue
            }
            if tag.count(where: { $0 == "\"" }) % 2 != 0 || tag.contains("<") { problems.append("quotes in <\(tag)>") }
            let name = String(tag.prefix { $0 != " " && $0 != "/" })
            if let id = attribute("id", of: tag) {
                if ids.contains(id) { problems.append("id \(id) twice") }
                ids.append(id)
            }
            if !tag.hasSuffix("/"), !withoutEnd.contains(name) { open.append(name) }
        }
        return problems + contentProblems(rest) + open.map { "<\($0)> never closes" }
    }

    private static func withoutStyleSheet(_ text: String) -> String {
        guard let start = text.firstRange(of: "<style>"), let end = text.firstRange(of: "</style>") else { return text }
        return String(text[..<start.lowerBound] + text[end.upperBound...])
    }

    private static func contentProblems(_ text: Substring) -> [String] {
        var problems: [String] = text.contains(">") ? ["stray '>' in \(text.prefix(40))"] : []
        for part in text.split(separator: "&", omittingEmptySubsequences: false).dropFirst()
        where !["amp;", "lt;", "gt;", "quot;", "#39;"].contains(where: part.hasPrefix) {
            problems.append("stray '&' before \(part.prefix(20))")
        }
        return problems
    }

    private static func attribute(_ name: String, of tag: Substring) -> String? {
        guard let start = tag.firstRange(of: " \(name)=\"") else { return nil }
        return String(tag[start.upperBound...].prefix { $0 != "\"" })
    }
}
