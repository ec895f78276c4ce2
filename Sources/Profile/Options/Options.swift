/// The values of a block: complete (defaults are filled in), checked, and each with the place it came from.
///
/// Two are equal if they hold the same values under the same keys; where the values came from does not count, so a
/// reload sees a change only where there is one.
public struct Options: Sendable, Hashable {
    struct Entry: Sendable {
        var value: OptionValue
        var provenance: Provenance
    }

    public let spec: OptionSpec
    /// Beside `spec.fields`, in their order.
    var entries: [Entry]
    /// For the value of a union: the key that says its kind.
    public let variant: String?

    init(spec: OptionSpec, entries: [Entry], variant: String? = nil) {
        precondition(entries.count == spec.fields.count, "one entry a field")
        self.spec = spec
        self.entries = entries
        self.variant = variant
    }

    /// All defaults of a spec.
    ///
    /// - Throws: ``OptionsError`` `missingKey` if an option is required.
    public static func defaults(of spec: OptionSpec) throws -> Options {
        var entries: [Entry] = []
        for field in spec.fields {
            if field.isRequired {
                throw OptionsError(
                    code: .missingKey,
                    message: "'\(field.key)' has no default: state it \(field.hint)"
                )
            }
            entries.append(Entry(value: field.default ?? .none, provenance: .default))
        }
        return Options(spec: spec, entries: entries)
    }

    /// A copy with one value replaced.
    ///
    /// - Precondition: the spec has the key, and the value is of its type and range.
    public func setting(
        _ key: String, to value: OptionValue, file: StaticString = #fileID, line: UInt = #line
    ) -> Options {
        let index = index(of: key, file, line)
        if let problem = spec.fields[index].problem(with: value) {
            OptionsMisuse.stop(OptionsMisuse(spec: spec).invalid(key, problem), at: .init(file: file, line: line))
        }
        var copy = self
        copy.entries[index] = Entry(value: value, provenance: .override(key))
        return copy
    }

    /// The value under a key, whatever its type.
    ///
    /// - Precondition: the spec has the key.
    public func value(_ key: String, file: StaticString = #fileID, line: UInt = #line) -> OptionValue {
        entries[index(of: key, file, line)].value
    }

    /// The values that all nodes of a network must have, as a file would have them, in the order of the spec. The text is
    /// the same wherever the value is.
    public var agreedValues: [(key: String, text: String)] {
        spec.fields.filter(\.isAgreed).map { ($0.key, ValueText.flow(value($0.key), type: $0.type)) }
    }

    /// Where the value under a key came from.
    ///
    /// - Precondition: the spec has the key.
    public func provenance(of key: String, file: StaticString = #fileID, line: UInt = #line) -> Provenance {
        entries[index(of: key, file, line)].provenance
    }

    /// Whether the spec has the key.
    public func has(_ key: String) -> Bool { spec.field(key) != nil }

    /// - Parameters:
    ///   - file: the code that asks, for the message where the spec lacks the key.
    ///   - line: its line.
    func index(of key: String, _ file: StaticString = #fileID, _ line: UInt = #line) -> Int {
        guard let index = spec.fields.firstIndex(where: { $0.key == key }) else {
            OptionsMisuse.stop(OptionsMisuse(spec: spec).undeclared(key), at: .init(file: file, line: line))
        }
        return index
    }

    public static func == (left: Options, right: Options) -> Bool {
        guard left.entries.count == right.entries.count, left.variant == right.variant else { return false }
        for index in left.entries.indices {
            guard left.spec.fields[index].key == right.spec.fields[index].key else { return false }
            guard left.entries[index].value == right.entries[index].value else { return false }
        }
        return true
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(variant)
        for (field, entry) in zip(spec.fields, entries) {
            hasher.combine(field.key)
            hasher.combine(entry.value)
        }
    }
}

extension Options: CustomStringConvertible {
    /// The values on one line, secrets hidden.
    public var description: String {
        guard case .record(let redacted) = OptionValue.record(self).redacted else { return "" }
        return ValueText.flow(redacted)
    }
}

/// Why options cannot be made.
public struct OptionsError: Error, Sendable, Hashable, CustomStringConvertible {
    public enum Code: String, Sendable {
        case missingKey = "missing-key"
    }

    public let code: Code
    public let message: String

    public init(code: Code, message: String) {
        self.code = code
        self.message = message
    }

    public var description: String { message }
}
