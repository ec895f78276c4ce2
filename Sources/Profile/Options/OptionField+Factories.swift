/// Short declarations. An option without a default is required; an `optional…` one may be `unset`, and is where it has
/// no default.
extension OptionField {
    /// True or false; required where there is no default.
    public static func boolean(
        _ key: String, default value: Bool? = nil, _ summary: String
    ) -> OptionField {
        make(key, .boolean, value.map { .boolean($0) }, summary)
    }

    /// True or false, or `unset`.
    public static func optionalBoolean(
        _ key: String, default value: Bool? = nil, _ summary: String
    ) -> OptionField {
        makeOptional(key, .boolean, value.map { .boolean($0) }, summary)
    }

    /// A whole number; required where there is no default.
    public static func integer(
        _ key: String, default value: Int? = nil, in range: ClosedRange<Int>, _ summary: String
    ) -> OptionField {
        make(key, .integer(range), value.map { .integer($0) }, summary)
    }

    /// A whole number, or `unset`.
    public static func optionalInteger(
        _ key: String, default value: Int? = nil, in range: ClosedRange<Int>, _ summary: String
    ) -> OptionField {
        makeOptional(key, .integer(range), value.map { .integer($0) }, summary)
    }

    /// A number, from 0 to 1 unless said; required where there is no default.
    public static func ratio(
        _ key: String, default value: Double? = nil, in range: ClosedRange<Double> = 0...1, _ summary: String
    ) -> OptionField {
        make(key, .ratio(range), value.map { .ratio($0) }, summary)
    }

    /// A number, from 0 to 1 unless said, or `unset`.
    public static func optionalRatio(
        _ key: String, default value: Double? = nil, in range: ClosedRange<Double> = 0...1, _ summary: String
    ) -> OptionField {
        makeOptional(key, .ratio(range), value.map { .ratio($0) }, summary)
    }

    /// A duration; required where there is no default.
    public static func duration(
        _ key: String, default value: Duration? = nil, in range: ClosedRange<Duration>, _ summary: String
    ) -> OptionField {
        make(key, .duration(range), value.map { .duration($0) }, summary)
    }

    /// A duration, or `unset`.
    public static func optionalDuration(
        _ key: String, default value: Duration? = nil, in range: ClosedRange<Duration>, _ summary: String
    ) -> OptionField {
        makeOptional(key, .duration(range), value.map { .duration($0) }, summary)
    }

    /// A size in bytes; required where there is no default.
    public static func bytes(
        _ key: String, default value: Int? = nil, in range: ClosedRange<Int>, _ summary: String
    ) -> OptionField {
        make(key, .bytes(range), value.map { .bytes($0) }, summary)
    }

    /// A size in bytes, or `unset`.
    public static func optionalBytes(
        _ key: String, default value: Int? = nil, in range: ClosedRange<Int>, _ summary: String
    ) -> OptionField {
        makeOptional(key, .bytes(range), value.map { .bytes($0) }, summary)
    }

    /// One of several words; required where there is no default.
    public static func choice(
        _ key: String, default value: String? = nil, of names: [String], _ summary: String
    ) -> OptionField {
        make(key, .choice(names), value.map { .string($0) }, summary)
    }

    /// One of several words, or `unset`.
    public static func optionalChoice(
        _ key: String, default value: String? = nil, of names: [String], _ summary: String
    ) -> OptionField {
        makeOptional(key, .choice(names), value.map { .string($0) }, summary)
    }

    /// Text of at most `maxBytes` bytes of UTF-8; required where there is no default.
    public static func string(
        _ key: String, default value: String? = nil, maxBytes: Int = 256, _ summary: String
    ) -> OptionField {
        make(key, .string(maxBytes: maxBytes), value.map { .string($0) }, summary)
    }

    /// Text of at most `maxBytes` bytes of UTF-8, or `unset`.
    public static func optionalString(
        _ key: String, default value: String? = nil, maxBytes: Int = 256, _ summary: String
    ) -> OptionField {
        makeOptional(key, .string(maxBytes: maxBytes), value.map { .string($0) }, summary)
    }

    /// A path, resolved against the folder of the file that states it; required where there is no default.
    public static func path(
        _ key: String, default value: String? = nil, _ summary: String
    ) -> OptionField {
        make(key, .path, value.map { .string($0) }, summary)
    }

    /// A path, resolved against the folder of the file that states it, or `unset`.
    public static func optionalPath(
        _ key: String, default value: String? = nil, _ summary: String
    ) -> OptionField {
        makeOptional(key, .path, value.map { .string($0) }, summary)
    }

    /// An IP address with a port; required where there is no default.
    public static func endpoint(
        _ key: String, default value: String? = nil, _ summary: String
    ) -> OptionField {
        make(key, .endpoint, value.map { .string($0) }, summary)
    }

    /// An IP address with a port, or `unset`.
    public static func optionalEndpoint(
        _ key: String, default value: String? = nil, _ summary: String
    ) -> OptionField {
        makeOptional(key, .endpoint, value.map { .string($0) }, summary)
    }

    /// An IP address; required where there is no default.
    public static func ipAddress(
        _ key: String, default value: String? = nil, _ summary: String
    ) -> OptionField {
        make(key, .ipAddress, value.map { .string($0) }, summary)
    }

    /// An IP address, or `unset`.
    public static func optionalIPAddress(
        _ key: String, default value: String? = nil, _ summary: String
    ) -> OptionField {
        makeOptional(key, .ipAddress, value.map { .string($0) }, summary)
    }

    /// A public key as 64 hexadecimal digits; required where there is no default.
    public static func identity(
        _ key: String, default value: String? = nil, _ summary: String
    ) -> OptionField {
        make(key, .identity, value.map { .string($0) }, summary)
    }

    /// A public key as 64 hexadecimal digits, or `unset`.
    public static func optionalIdentity(
        _ key: String, default value: String? = nil, _ summary: String
    ) -> OptionField {
        makeOptional(key, .identity, value.map { .string($0) }, summary)
    }

    /// A point in time; the default is in milliseconds since 1970, UTC. Required where there is no default.
    public static func timestamp(
        _ key: String, default value: Int64? = nil, _ summary: String
    ) -> OptionField {
        make(key, .timestamp, value.map { .integer(Int($0)) }, summary)
    }

    /// A point in time, or `unset`.
    public static func optionalTimestamp(_ key: String, _ summary: String) -> OptionField {
        makeOptional(key, .timestamp, nil, summary)
    }

    /// A list; required where there is no default.
    public static func list(
        _ key: String, of type: OptionType, default value: [OptionValue]? = nil, count: ClosedRange<Int> = 0...1_000,
        _ summary: String
    ) -> OptionField {
        make(key, .list(of: type, count: count), value.map { .list($0) }, summary)
    }

    /// A list, or `unset`.
    public static func optionalList(
        _ key: String, of type: OptionType, count: ClosedRange<Int> = 0...1_000, _ summary: String
    ) -> OptionField {
        makeOptional(key, .list(of: type, count: count), nil, summary)
    }

    /// A block of options of its own. Left out, it has its options' defaults; required if one of them is.
    public static func record(_ key: String, _ spec: OptionSpec, _ summary: String) -> OptionField {
        make(key, .record(spec), (try? Options.defaults(of: spec)).map { .record($0) }, summary)
    }

    /// A block of options of its own; left out, there is no value.
    public static func optionalRecord(_ key: String, _ spec: OptionSpec, _ summary: String) -> OptionField {
        makeOptional(key, .record(spec), nil, summary)
    }

    /// A block with exactly one of several keys; required.
    public static func union(
        _ key: String, _ cases: [UnionCase], common: OptionSpec = OptionSpec([]), _ summary: String
    ) -> OptionField {
        make(key, .union(cases, common: common), nil, summary)
    }

    /// A block with exactly one of several keys; left out, there is no value.
    public static func optionalUnion(
        _ key: String, _ cases: [UnionCase], common: OptionSpec = OptionSpec([]), _ summary: String
    ) -> OptionField {
        makeOptional(key, .union(cases, common: common), nil, summary)
    }

    private static func make(
        _ key: String, _ type: OptionType, _ value: OptionValue?, _ summary: String
    ) -> OptionField {
        OptionField(key: key, type: type, default: value, isRequired: value == nil, summary: summary)
    }

    private static func makeOptional(
        _ key: String, _ type: OptionType, _ value: OptionValue?, _ summary: String
    ) -> OptionField {
        OptionField(key: key, type: type, default: value, isRequired: false, isOptional: true, summary: summary)
    }
}
