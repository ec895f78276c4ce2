/// Values as they are written in a file; what is written here is read back as the same value.
enum ValueText {
    /// The value on one line.
    static func flow(_ value: OptionValue, type: OptionType) -> String {
        switch value {
        case .boolean(let value): value ? "true" : "false"
        case .integer(let value):
            if case .timestamp = type { TimestampText.format(milliseconds: Int64(value)) } else { String(value) }
        case .ratio(let value): ratio(value)
        case .duration(let value): DurationText.format(value)
        case .bytes(let value): ByteSizeText.format(value)
        case .string(let value): string(value)
        case .none: "unset"
        case .list(let items):
            if case .list(let element, _) = type {
                "[" + items.map { flow($0, type: element) }.joined(separator: ", ") + "]"
            } else {
                "[]"
            }
        case .record(let options): flow(options)
        }
    }

    /// A block on one line; options without a value are left out where that means the same.
    static func flow(_ options: Options) -> String {
        let members = options.printed().map { "\($0.field.key): \(flow($0.value, type: $0.field.type))" }
        return "{" + members.joined(separator: ", ") + "}"
    }

    static func ratio(_ value: Double) -> String {
        let text = "\(value)"
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }

    /// Text, in double quotes where YAML or this reader would take it for something else.
    static func string(_ value: String) -> String {
        if isPlain(value) { return value }
        var text = "\""
        var rest = Substring(value)
        while let character = rest.first {
            if rest.hasPrefix("${") { text += "$" }
            for scalar in character.unicodeScalars { text += escaped(scalar) }
            rest.removeFirst()
        }
        return text + "\""
    }

    private static func escaped(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "\"": return "\\\""
        case "\\": return "\\\\"
        case "\n": return "\\n"
        case "\t": return "\\t"
        default: break
        }
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned:
            let digits = String(scalar.value, radix: 16)
            return "\\U" + String(repeating: "0", count: 8 - digits.count) + digits
        default: return String(Character(scalar))
        }
    }

    private static func isPlain(_ value: String) -> Bool {
        guard let first = value.unicodeScalars.first, value.count <= 200 else { return false }
        let isWord = { (scalar: Unicode.Scalar) in
            ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || ("0"..."9").contains(scalar)
        }
        guard isWord(first) || first == "." || first == "/", value != ".", value.last != ":" else { return false }
        guard value.unicodeScalars.allSatisfy({ isWord($0) || "_./:@+-".unicodeScalars.contains($0) }) else {
            return false
        }
        return !["unset", "null", "Null", "NULL"].contains(value) && !value.hasPrefix("...")
    }
}

extension Options {
    /// The options that are worth printing: not the old keys, and of a union only the kind that it is.
    func printed() -> [(field: OptionField, value: OptionValue, provenance: Provenance)] {
        var result: [(field: OptionField, value: OptionValue, provenance: Provenance)] = []
        for (field, entry) in zip(spec.fields, entries) where field.deprecatedBy == nil {
            if variant != nil, entry.value == .none, field.default == nil { continue }
            result.append((field, entry.value, entry.provenance))
        }
        return result
    }
}

/// A text as a value of a file: plain, or in double quotes where it would be taken for something else.
package func scalarText(_ text: String) -> String { ValueText.string(text) }
