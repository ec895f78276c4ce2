/// Typed reading. A key that the spec lacks, or another type than the spec says, is a mistake of the caller and stops
/// the program; what people write in files was checked before.
extension Options {
    /// True or false.
    public func boolean(_ key: String) -> Bool {
        guard let value = optionalBoolean(key) else { preconditionFailure("'\(key)' is unset") }
        return value
    }

    /// The same, nil where it is `unset`.
    public func optionalBoolean(_ key: String) -> Bool? {
        switch value(key) {
        case .boolean(let value): return value
        case .none: return nil
        default: preconditionFailure("'\(key)' is not of the type boolean")
        }
    }

    /// A whole number.
    public func integer(_ key: String) -> Int {
        guard let value = optionalInteger(key) else { preconditionFailure("'\(key)' is unset") }
        return value
    }

    /// The same, nil where it is `unset`.
    public func optionalInteger(_ key: String) -> Int? {
        switch value(key) {
        case .integer(let value): return value
        case .none: return nil
        default: preconditionFailure("'\(key)' is not of the type integer")
        }
    }

    /// A number.
    public func ratio(_ key: String) -> Double {
        guard let value = optionalRatio(key) else { preconditionFailure("'\(key)' is unset") }
        return value
    }

    /// The same, nil where it is `unset`.
    public func optionalRatio(_ key: String) -> Double? {
        switch value(key) {
        case .ratio(let value): return value
        case .none: return nil
        default: preconditionFailure("'\(key)' is not of the type ratio")
        }
    }

    /// A duration.
    public func duration(_ key: String) -> Duration {
        guard let value = optionalDuration(key) else { preconditionFailure("'\(key)' is unset") }
        return value
    }

    /// The same, nil where it is `unset`.
    public func optionalDuration(_ key: String) -> Duration? {
        switch value(key) {
        case .duration(let value): return value
        case .none: return nil
        default: preconditionFailure("'\(key)' is not of the type duration")
        }
    }

    /// A size in bytes.
    public func bytes(_ key: String) -> Int {
        guard let value = optionalBytes(key) else { preconditionFailure("'\(key)' is unset") }
        return value
    }

    /// The same, nil where it is `unset`.
    public func optionalBytes(_ key: String) -> Int? {
        switch value(key) {
        case .bytes(let value): return value
        case .none: return nil
        default: preconditionFailure("'\(key)' is not of the type bytes")
        }
    }

    /// Text; also a choice, a path, an endpoint, an address or an identity.
    public func string(_ key: String) -> String {
        guard let value = optionalString(key) else { preconditionFailure("'\(key)' is unset") }
        return value
    }

    /// The same, nil where it is `unset`.
    public func optionalString(_ key: String) -> String? {
        switch value(key) {
        case .string(let value): return value
        case .none: return nil
        default: preconditionFailure("'\(key)' is not of the type string")
        }
    }

    /// A list.
    public func list(_ key: String) -> [OptionValue] {
        guard let value = optionalList(key) else { preconditionFailure("'\(key)' is unset") }
        return value
    }

    /// The same, nil where it is `unset`.
    public func optionalList(_ key: String) -> [OptionValue]? {
        switch value(key) {
        case .list(let value): return value
        case .none: return nil
        default: preconditionFailure("'\(key)' is not of the type list")
        }
    }

    /// A block of options; also the value of a union.
    public func record(_ key: String) -> Options {
        guard let value = optionalRecord(key) else { preconditionFailure("'\(key)' is unset") }
        return value
    }

    /// The same, nil where it is `unset`.
    public func optionalRecord(_ key: String) -> Options? {
        switch value(key) {
        case .record(let value): return value
        case .none: return nil
        default: preconditionFailure("'\(key)' is not of the type record")
        }
    }

    /// One of the words that the spec lists.
    public func choice(_ key: String) -> String { string(key) }

    /// A path, resolved against the folder of the file that states it.
    public func path(_ key: String) -> String { string(key) }

    /// The same, nil where it is `unset`.
    public func optionalPath(_ key: String) -> String? { optionalString(key) }

    /// An endpoint such as `127.0.0.1:24100`.
    public func endpoint(_ key: String) -> String { string(key) }

    /// The same, nil where it is `unset`.
    public func optionalEndpoint(_ key: String) -> String? { optionalString(key) }

    /// A point in time: milliseconds since 1970, UTC.
    public func timestamp(_ key: String) -> Int64 { Int64(integer(key)) }

    /// The same, nil where it is `unset`.
    public func optionalTimestamp(_ key: String) -> Int64? { optionalInteger(key).map { Int64($0) } }

    /// A list of texts (choices, endpoints, identities).
    public func strings(_ key: String) -> [String] {
        list(key).map {
            guard case .string(let value) = $0 else { preconditionFailure("'\(key)' is not a list of texts") }
            return value
        }
    }

    /// A list of whole numbers.
    public func integers(_ key: String) -> [Int] {
        list(key).map {
            guard case .integer(let value) = $0 else { preconditionFailure("'\(key)' is not a list of integers") }
            return value
        }
    }

    /// A list of durations.
    public func durations(_ key: String) -> [Duration] {
        list(key).map {
            guard case .duration(let value) = $0 else { preconditionFailure("'\(key)' is not a list of durations") }
            return value
        }
    }

    /// A list of blocks of options; also of unions.
    public func records(_ key: String) -> [Options] {
        list(key).map {
            guard case .record(let value) = $0 else { preconditionFailure("'\(key)' is not a list of blocks") }
            return value
        }
    }
}
