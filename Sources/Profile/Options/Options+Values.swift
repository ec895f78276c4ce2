/// Typed reading. A key that the module does not declare, or another type than it declares, is a mistake of the module's
/// author: the program stops at the line that reads, and says what to write there. What people write in files was checked
/// before.
extension Options {
    /// True or false.
    public func boolean(_ key: String, file: StaticString = #fileID, line: UInt = #line) -> Bool {
        present(optionalBoolean(key, file: file, line: line), key, file, line)
    }

    /// The same, nil where it is `unset`.
    public func optionalBoolean(_ key: String, file: StaticString = #fileID, line: UInt = #line) -> Bool? {
        read(key, as: "boolean", file, line) { if case .boolean(let value) = $0 { value } else { nil } }
    }

    /// A whole number.
    public func integer(_ key: String, file: StaticString = #fileID, line: UInt = #line) -> Int {
        present(optionalInteger(key, file: file, line: line), key, file, line)
    }

    /// The same, nil where it is `unset`.
    public func optionalInteger(_ key: String, file: StaticString = #fileID, line: UInt = #line) -> Int? {
        read(key, as: "integer", file, line) { if case .integer(let value) = $0 { value } else { nil } }
    }

    /// A number.
    public func ratio(_ key: String, file: StaticString = #fileID, line: UInt = #line) -> Double {
        present(optionalRatio(key, file: file, line: line), key, file, line)
    }

    /// The same, nil where it is `unset`.
    public func optionalRatio(_ key: String, file: StaticString = #fileID, line: UInt = #line) -> Double? {
        read(key, as: "ratio", file, line) { if case .ratio(let value) = $0 { value } else { nil } }
    }

    /// A duration.
    public func duration(_ key: String, file: StaticString = #fileID, line: UInt = #line) -> Duration {
        present(optionalDuration(key, file: file, line: line), key, file, line)
    }

    /// The same, nil where it is `unset`.
    public func optionalDuration(_ key: String, file: StaticString = #fileID, line: UInt = #line) -> Duration? {
        read(key, as: "duration", file, line) { if case .duration(let value) = $0 { value } else { nil } }
    }

    /// A size in bytes.
    public func bytes(_ key: String, file: StaticString = #fileID, line: UInt = #line) -> Int {
        present(optionalBytes(key, file: file, line: line), key, file, line)
    }

    /// The same, nil where it is `unset`.
    public func optionalBytes(_ key: String, file: StaticString = #fileID, line: UInt = #line) -> Int? {
        read(key, as: "bytes", file, line) { if case .bytes(let value) = $0 { value } else { nil } }
    }

    /// Text; also a choice, a path, an endpoint, an address or an identity.
    public func string(_ key: String, file: StaticString = #fileID, line: UInt = #line) -> String {
        present(optionalString(key, file: file, line: line), key, file, line)
    }

    /// The same, nil where it is `unset`.
    public func optionalString(_ key: String, file: StaticString = #fileID, line: UInt = #line) -> String? {
        read(key, as: "string", file, line) { if case .string(let value) = $0 { value } else { nil } }
    }

    /// A list.
    public func list(_ key: String, file: StaticString = #fileID, line: UInt = #line) -> [OptionValue] {
        present(optionalList(key, file: file, line: line), key, file, line)
    }

    /// The same, nil where it is `unset`.
    public func optionalList(_ key: String, file: StaticString = #fileID, line: UInt = #line) -> [OptionValue]? {
        read(key, as: "list", file, line) { if case .list(let value) = $0 { value } else { nil } }
    }

    /// A block of options; also the value of a union.
    public func record(_ key: String, file: StaticString = #fileID, line: UInt = #line) -> Options {
        present(optionalRecord(key, file: file, line: line), key, file, line)
    }

    /// The same, nil where it is `unset`.
    public func optionalRecord(_ key: String, file: StaticString = #fileID, line: UInt = #line) -> Options? {
        read(key, as: "record", file, line) { if case .record(let value) = $0 { value } else { nil } }
    }

    /// One of the words that the spec lists.
    public func choice(_ key: String, file: StaticString = #fileID, line: UInt = #line) -> String {
        string(key, file: file, line: line)
    }

    /// A path, resolved against the folder of the file that states it.
    public func path(_ key: String, file: StaticString = #fileID, line: UInt = #line) -> String {
        string(key, file: file, line: line)
    }

    /// The same, nil where it is `unset`.
    public func optionalPath(_ key: String, file: StaticString = #fileID, line: UInt = #line) -> String? {
        optionalString(key, file: file, line: line)
    }

    /// An endpoint such as `127.0.0.1:24100`.
    public func endpoint(_ key: String, file: StaticString = #fileID, line: UInt = #line) -> String {
        string(key, file: file, line: line)
    }

    /// The same, nil where it is `unset`.
    public func optionalEndpoint(_ key: String, file: StaticString = #fileID, line: UInt = #line) -> String? {
        optionalString(key, file: file, line: line)
    }

    /// A point in time: milliseconds since 1970, UTC.
    public func timestamp(_ key: String, file: StaticString = #fileID, line: UInt = #line) -> Int64 {
        Int64(integer(key, file: file, line: line))
    }

    /// The same, nil where it is `unset`.
    public func optionalTimestamp(_ key: String, file: StaticString = #fileID, line: UInt = #line) -> Int64? {
        optionalInteger(key, file: file, line: line).map { Int64($0) }
    }

    /// A list of texts (choices, endpoints, identities).
    public func strings(_ key: String, file: StaticString = #fileID, line: UInt = #line) -> [String] {
        elements(key, as: "strings", file, line) { if case .string(let value) = $0 { value } else { nil } }
    }

    /// A list of whole numbers.
    public func integers(_ key: String, file: StaticString = #fileID, line: UInt = #line) -> [Int] {
        elements(key, as: "integers", file, line) { if case .integer(let value) = $0 { value } else { nil } }
    }

    /// A list of durations.
    public func durations(_ key: String, file: StaticString = #fileID, line: UInt = #line) -> [Duration] {
        elements(key, as: "durations", file, line) { if case .duration(let value) = $0 { value } else { nil } }
    }

    /// A list of blocks of options; also of unions.
    public func records(_ key: String, file: StaticString = #fileID, line: UInt = #line) -> [Options] {
        elements(key, as: "records", file, line) { if case .record(let value) = $0 { value } else { nil } }
    }

    // MARK: Mistakes

    private func read<Value>(
        _ key: String, as reader: String, _ file: StaticString, _ line: UInt, _ extract: (OptionValue) -> Value?
    ) -> Value? {
        let index = index(of: key, file, line)
        let value = entries[index].value
        if case .none = value { return nil }
        guard let result = extract(value) else {
            let message = OptionsMisuse(spec: spec).wrongType(key, spec.fields[index].type, readAs: reader)
            OptionsMisuse.stop(message, at: .init(file: file, line: line))
        }
        return result
    }

    private func present<Value>(_ value: Value?, _ key: String, _ file: StaticString, _ line: UInt) -> Value {
        guard let value else {
            let message = OptionsMisuse(spec: spec).unset(key, spec.fields[index(of: key, file, line)].type)
            OptionsMisuse.stop(message, at: .init(file: file, line: line))
        }
        return value
    }

    private func elements<Value>(
        _ key: String, as reader: String, _ file: StaticString, _ line: UInt, _ extract: (OptionValue) -> Value?
    ) -> [Value] {
        list(key, file: file, line: line).map { element in
            guard let value = extract(element) else {
                let type = spec.fields[index(of: key, file, line)].type
                let message = OptionsMisuse(spec: spec).wrongType(key, type, readAs: reader)
                OptionsMisuse.stop(message, at: .init(file: file, line: line))
            }
            return value
        }
    }
}
