/// Finds the place that the message of a rule names: `key: …`, `key[2].inner: …`.
enum RulePlace {
    /// The place of the key that the message begins with; nil if it names none, or one that is not written down.
    static func location(of message: String, spec: OptionSpec, node: YAMLNode?) -> SourceLocation? {
        guard let node, let colon = message.firstIndex(of: ":"), message[colon...].hasPrefix(": ") else { return nil }
        guard let steps = steps(message[..<colon]), case .key(let first)? = steps.first, spec.field(first) != nil else {
            return nil
        }
        return location(steps, in: node)
    }

    private enum Step {
        case key(String)
        case index(Int)
    }

    private static func steps(_ path: Substring) -> [Step]? {
        var steps: [Step] = []
        for part in path.split(separator: ".", omittingEmptySubsequences: false) {
            let pieces = part.split(separator: "[", omittingEmptySubsequences: false)
            guard let key = pieces.first, !key.isEmpty, !key.contains(" ") else { return nil }
            steps.append(.key(String(key)))
            for piece in pieces.dropFirst() {
                guard piece.last == "]", let index = Int(piece.dropLast()) else { return nil }
                steps.append(.index(index))
            }
        }
        return steps
    }

    /// The place of the value at the end of the path, or of as much of the path as is written down.
    private static func location(_ steps: [Step], in node: YAMLNode) -> SourceLocation? {
        var current = node
        var found: SourceLocation?
        for step in steps {
            switch (step, current.content) {
            case (.key(let key), .mapping(let pairs)):
                guard let pair = pairs.first(where: { $0.key == key }) else { return found }
                current = pair.value
            case (.index(let index), .sequence(let items)):
                guard items.indices.contains(index) else { return found }
                current = items[index]
            default: return found
            }
            found = current.location
        }
        return found
    }
}
