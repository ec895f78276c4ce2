/// A text from outside made fit for a terminal: control characters are shown as marks (a file must not be able to
/// move the cursor of the person who checks it), and a long text is cut.
func printable(_ text: String, limit: Int = 60) -> String {
    var result = ""
    var count = 0
    for character in text {
        if count >= limit { return result + "…" }
        count += 1
        result.append(visible(character))
    }
    return result
}

private func visible(_ character: Character) -> Character {
    if character == "\t" { return "→" }
    for scalar in character.unicodeScalars {
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator, .surrogate: return "�"
        case .format where scalar.value != 0x200D: return "�"
        default: continue
        }
    }
    return character
}

/// A text from outside in quotes, for a message.
func quoted(_ text: String) -> String {
    "'" + printable(text) + "'"
}

func leftPadded(_ text: String, to width: Int) -> String {
    text.count >= width ? text : String(repeating: " ", count: width - text.count) + text
}

func rightPadded(_ text: String, to width: Int) -> String {
    text.count >= width ? text : text + String(repeating: " ", count: width - text.count)
}

func trimmedRight(_ text: String) -> String {
    var text = Substring(text)
    while text.last == " " { text.removeLast() }
    return String(text)
}

/// `a, b or c`.
func alternatives(_ names: [String]) -> String {
    guard let last = names.last, names.count > 1 else { return names.first ?? "" }
    return names.dropLast().joined(separator: ", ") + " or " + last
}
