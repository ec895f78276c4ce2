/// A JSON value whose members keep their order, so that the same input always prints the same text.
public enum JSONValue: Sendable, Hashable {
    case null
    case boolean(Bool)
    case integer(Int)
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object([JSONMember])

    /// The text of the value (RFC 8259). With `indented`, two spaces a level; otherwise one line.
    public func render(indented: Bool = false) -> String {
        var text = ""
        write(to: &text, indented: indented, level: 0)
        return text
    }

    private func write(to text: inout String, indented: Bool, level: Int) {
        switch self {
        case .null: text += "null"
        case .boolean(let value): text += value ? "true" : "false"
        case .integer(let value): text += String(value)
        case .number(let value): text += value.isFinite ? "\(value)" : "null"
        case .string(let value): JSONValue.write(value, to: &text)
        case .array(let items):
            JSONValue.writeList(items, brackets: ("[", "]"), to: &text, indented: indented, level: level) {
                $0.write(to: &$1, indented: indented, level: level + 1)
            }
        case .object(let members):
            JSONValue.writeList(members, brackets: ("{", "}"), to: &text, indented: indented, level: level) {
                JSONValue.write($0.name, to: &$1)
                $1 += indented ? ": " : ":"
                $0.value.write(to: &$1, indented: indented, level: level + 1)
            }
        }
    }

    private static func writeList<Item>(
        _ items: [Item],
        brackets: (open: String, close: String),
        to text: inout String,
        indented: Bool,
        level: Int,
        item: (Item, inout String) -> Void
    ) {
        text += brackets.open
        for (index, value) in items.enumerated() {
            if index > 0 { text += "," }
            if indented { text += "\n" + String(repeating: "  ", count: level + 1) }
            item(value, &text)
        }
        if indented, !items.isEmpty { text += "\n" + String(repeating: "  ", count: level) }
        text += brackets.close
    }

    private static func write(_ string: String, to text: inout String) {
        text += "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case "\u{0}"..."\u{1F}", "\u{7F}", "\u{2028}", "\u{2029}":
                let digits = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }
}

/// One member of a JSON object.
public struct JSONMember: Sendable, Hashable {
    public var name: String
    public var value: JSONValue

    public init(_ name: String, _ value: JSONValue) {
        self.name = name
        self.value = value
    }
}
