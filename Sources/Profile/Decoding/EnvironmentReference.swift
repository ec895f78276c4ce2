/// `${env:NAME}` and `${env:NAME:default}` inside a scalar; `$${` stands for a plain `${`.
enum EnvironmentReference {
    struct Outcome {
        var text: String
        /// The first variable that was set and used.
        var name: String?
        /// Whether the text holds a reference at all (then it is read as if it stood there without quotes).
        var isReference: Bool
    }

    struct Problem: Error {
        var message: String
        var help: String
    }

    static func substitute(_ text: String, _ environment: [String: String]) throws(Problem) -> Outcome {
        guard text.contains("${") else { return Outcome(text: text, name: nil, isReference: false) }
        var outcome = Outcome(text: "", name: nil, isReference: false)
        var rest = Substring(text)
        while let character = rest.first {
            if rest.hasPrefix("$${") {
                outcome.text += "${"
                rest = rest.dropFirst(3)
            } else if rest.hasPrefix("${") {
                guard let end = rest.firstIndex(of: "}") else {
                    throw Problem(
                        message: "a reference is not closed", help: "add the '}', or write '$${' for a plain '${'")
                }
                let (value, name) = try value(of: rest[..<end].dropFirst(2), environment)
                outcome.text += value
                outcome.name = outcome.name ?? name
                outcome.isReference = true
                rest = rest[end...].dropFirst()
            } else {
                outcome.text.append(character)
                rest = rest.dropFirst()
            }
        }
        return outcome
    }

    private static func value(
        of reference: Substring, _ environment: [String: String]
    ) throws(Problem) -> (value: String, name: String?) {
        let parts = reference.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.first == "env", parts.count >= 2 else {
            throw Problem(
                message: "the reference \(quoted("${\(reference)}")) is not known",
                help: "write '${env:NAME}' or '${env:NAME:default}', or '$${' for a plain '${'"
            )
        }
        let name = String(parts[1])
        let isWord = { (character: Character) in character.isASCII && (character.isLetter || character.isNumber) }
        guard let first = name.first, !first.isNumber, name.allSatisfy({ isWord($0) || $0 == "_" }) else {
            throw Problem(
                message: "\(quoted(name)) is not the name of an environment variable",
                help: "write letters, digits and '_' only: '${env:NAME}'"
            )
        }
        if let value = environment[name] { return (value, name) }
        if parts.count == 3 { return (String(parts[2]), nil) }
        throw Problem(
            message: "the environment variable '\(name)' is not set",
            help: "set it, or give a default: '${env:\(name):default}'"
        )
    }
}
