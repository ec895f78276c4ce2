/// One option: its key, type, default and what it is for.
public struct OptionField: Sendable {
    public let key: String
    public let type: OptionType
    /// The value where nothing is stated; absent for a required option and for one that may be unset.
    public var `default`: OptionValue?
    public var isRequired: Bool
    /// The value may be the word `unset`: no value, also where there is a default.
    public var isOptional: Bool
    /// One line, for messages and the reference: "time between pings on an idle link".
    public let summary: String
    /// A value as it is written in a file; absent where the type's own sample is good enough.
    public var example: String?
    /// The key to use instead. A value of the old key is taken for the new one, with a warning.
    public var deprecatedBy: String?
    /// Never printed.
    public var isSecret: Bool
    /// All nodes of a network must have the same value, or they refuse each other (`different-agreement`).
    public var isAgreed = false
    /// Words of a choice that have another name now. The old one is taken for the new one, with a warning.
    public var renamedWords: [RenamedWord] = []

    /// A word of a choice that has another name now.
    public struct RenamedWord: Sendable, Hashable {
        public var old: String
        public var new: String
    }

    public init(
        key: String,
        type: OptionType,
        default: OptionValue? = nil,
        isRequired: Bool,
        isOptional: Bool = false,
        summary: String,
        example: String? = nil,
        deprecatedBy: String? = nil,
        isSecret: Bool = false
    ) {
        self.key = key
        self.type = type
        self.default = `default`
        self.isRequired = isRequired
        self.isOptional = isOptional || (`default` == nil && !isRequired)
        self.summary = summary
        self.example = example
        self.deprecatedBy = deprecatedBy
        self.isSecret = isSecret
    }

    /// The same option under an old key: `self` gives way to `key`.
    public func deprecated(by key: String) -> OptionField {
        var copy = self
        copy.deprecatedBy = key
        copy.isRequired = false
        copy.default = nil
        copy.isOptional = true
        return copy
    }

    /// The same option, of which all nodes of a network must have the same value.
    public func agreed() -> OptionField {
        var copy = self
        copy.isAgreed = true
        return copy
    }

    /// The same choice, which still takes the word `old` for `new`.
    public func renaming(_ old: String, to new: String) -> OptionField {
        var copy = self
        copy.renamedWords.append(RenamedWord(old: old, new: new))
        return copy
    }

    /// The same option with a value to show in messages and in a new file.
    public func withExample(_ text: String) -> OptionField {
        var copy = self
        copy.example = text
        return copy
    }

    /// The same option, never printed.
    public func asSecret() -> OptionField {
        var copy = self
        copy.isSecret = true
        return copy
    }

    /// `(duration, 1s…10m, default 30s: time between pings on an idle link)`.
    public var hint: String {
        var parts = [type.name]
        if let range = type.range, !range.isEmpty { parts.append(range) }
        if isRequired { parts.append("required") }
        if isOptional { parts.append(self.default == nil ? "optional" : "or unset") }
        if let text = defaultText, text != "unset" { parts.append("default \(text)") }
        return "(\(parts.joined(separator: ", ")): \(summary))"
    }

    /// The default as it is written in a file; nil if the option is required or a block of options.
    public var defaultText: String? {
        if isRequired { return nil }
        guard let value = self.default else { return isOptional && deprecatedBy == nil ? "unset" : nil }
        if case .record = value { return nil }
        return isSecret ? "secret" : ValueText.flow(value, type: type)
    }

    /// A value as it is written in a file.
    public var exampleText: String {
        example ?? defaultText.flatMap { $0 == "unset" || $0 == "[]" ? nil : $0 } ?? type.sample
    }

    /// Why `value` cannot be this option's value, nil if it can.
    func problem(with value: OptionValue) -> String? {
        if case .none = value { return isOptional ? nil : "must have a value" }
        return type.problem(with: value)
    }
}

extension OptionType {
    /// Why `value` is not of this type and range, nil if it is.
    func problem(with value: OptionValue) -> String? {
        switch (self, value) {
        case (.boolean, .boolean), (.path, .string), (.timestamp, .integer), (.record, .record), (.union, .record):
            return nil
        case (.integer(let range), .integer(let value)):
            return range.contains(value) ? nil : "is out of range: \(value)"
        case (.ratio(let range), .ratio(let value)):
            return range.contains(value) ? nil : "is out of range: \(value)"
        case (.duration(let range), .duration(let value)):
            return range.contains(value) ? nil : "is out of range: \(value)"
        case (.bytes(let range), .bytes(let value)):
            return range.contains(value) ? nil : "is out of range: \(value)"
        case (.choice(let names), .string(let value)):
            return names.contains(value) ? nil : "is not a choice: \(value)"
        case (.string(let maxBytes), .string(let value)):
            return value.utf8.count <= maxBytes ? nil : "is too long"
        case (.endpoint, .string(let value)):
            return AddressText.endpoint(value) == nil ? "is not an endpoint: \(value)" : nil
        case (.ipAddress, .string(let value)):
            return AddressText.address(value) == nil ? "is not an address: \(value)" : nil
        case (.identity, .string(let value)):
            guard let (_, fault) = ScalarReader.identity(value) else { return "is not an identity: \(value)" }
            return fault.map { "is not a node's public key: \($0.explanation)" }
        case (.list(let element, let count), .list(let items)):
            guard count.contains(items.count) else { return "has \(items.count) items" }
            return items.lazy.compactMap { element.problem(with: $0) }.first
        default: return "is not a \(name)"
        }
    }
}
