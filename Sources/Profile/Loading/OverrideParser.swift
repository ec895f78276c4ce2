/// Turns the texts given with `--set` into a tree that is laid over the profile.
struct OverrideParser {
    let session: LoadSession

    /// All overrides as one tree, later ones over earlier ones; nil if there are none.
    func tree() -> YAMLNode? {
        var result: YAMLNode?
        for (index, text) in session.overrides.enumerated() {
            guard let node = node(text, line: index + 1) else { continue }
            result = result?.merged(with: node) ?? node
        }
        return result
    }

    private func node(_ text: String, line: Int) -> YAMLNode? {
        let place = { (column: Int, length: Int) in
            SourceLocation(file: SourceLocation.overrideFile, line: line, column: column, length: length)
        }
        guard let equals = text.firstIndex(of: "=") else {
            let help = "write for example --set modules.liveness.use=tcp-keepalive"
            session.error(.override, place(1, text.count), "an override needs a '=' and a value", help: help)
            return nil
        }
        let keys = text[..<equals].split(separator: ".", omittingEmptySubsequences: false)
        guard keys.allSatisfy({ !$0.isEmpty }) else {
            let help = "write the keys with a '.' between them, such as modules.liveness.use"
            session.error(.override, place(1, max(1, text[..<equals].count)), "a key is empty", help: help)
            return nil
        }
        if keys.first == "extends" {
            let help = "override the values themselves"
            session.error(.override, place(1, 7), "'extends' cannot be overridden", help: help)
            return nil
        }
        let valueColumn = text[...equals].unicodeScalars.count + 1
        guard var node = value(text[equals...].dropFirst(), place(valueColumn, 1)) else { return nil }
        var column = text[..<equals].count + 1
        for key in keys.reversed() {
            column -= key.count + (column > text[..<equals].count ? 0 : 1)
            let keyPlace = place(column, key.count)
            let pair = YAMLPair(key: String(key), keyLocation: keyPlace, value: node)
            node = YAMLNode(content: .mapping([pair]), location: keyPlace)
        }
        return node
    }

    private func value(_ text: Substring, _ place: SourceLocation) -> YAMLNode? {
        if text.allSatisfy({ $0 == " " }) {
            return YAMLNode(content: .scalar(text: "", plain: true), location: place)
        }
        let source = SourceText(name: SourceLocation.overrideFile, folder: "", bytes: Array(text.utf8))
        if source.bytes.contains(0) || source.bytes.count > ProfileFileSystem.maximumSize {
            session.error(.override, place, "the value is binary or too long")
            return nil
        }
        // In YAML a bracket begins a list. Nobody writes a list with a port behind it, and a shell takes quotes away.
        if text.hasPrefix("["), AddressText.endpoint(String(text)) != nil {
            var location = place
            location.length = text.count
            return YAMLNode(content: .scalar(text: String(text), plain: true), location: location)
        }
        var reader = YAMLReader(source: source, origin: place)
        let node = reader.read()
        for problem in reader.problems {
            // A value of several lines still belongs to one override.
            var location = problem.location.line == place.line ? problem.location : place
            location.file = SourceLocation.overrideFile
            session.error(problem.code, location, problem.message, help: problem.help)
        }
        return node
    }
}
