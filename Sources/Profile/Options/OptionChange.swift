/// One option whose value differs between two blocks, as values are written in a file.
public struct OptionChange: Sendable, Hashable, CustomStringConvertible {
    public let key: String
    /// The value before; `<redacted>` for a secret, in either place.
    public let before: String
    public let after: String

    /// `interval: 30s -> 10s`.
    public var description: String { "\(key): \(before) -> \(after)" }
}

extension Options {
    /// What differs from `old`, in the order of the spec.
    ///
    /// - Precondition: both are of one spec.
    public func changes(from old: Options) -> [OptionChange] {
        spec.fields.filter { value($0.key) != old.value($0.key) }.map { field in
            let text = { (value: OptionValue) in
                field.isSecret && value != .none ? "<redacted>" : ValueText.flow(value, type: field.type)
            }
            return OptionChange(key: field.key, before: text(old.value(field.key)), after: text(value(field.key)))
        }
    }
}
