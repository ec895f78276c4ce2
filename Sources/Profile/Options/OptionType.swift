/// The type of an option with its limits. The one declaration that drives reading, checking, printing and the schema.
public indirect enum OptionType: Sendable {
    case boolean
    case integer(ClosedRange<Int>)
    case ratio(ClosedRange<Double>)
    /// Written with a unit (`30s`).
    case duration(ClosedRange<Duration>)
    /// Written with a unit (`64KiB`); limits in bytes.
    case bytes(ClosedRange<Int>)
    case choice([String])
    /// Text of at most `maxBytes` bytes of UTF-8: what is counted in characters can be of any size.
    case string(maxBytes: Int)
    /// A path; a relative one resolves against the folder of the file that states it.
    case path
    /// `1.2.3.4:24100` or `[2001:db8::1]:24100`; port 0 means any.
    case endpoint
    /// An IPv4 or IPv6 address.
    case ipAddress
    /// An Ed25519 public key as 64 hexadecimal digits.
    case identity
    /// RFC 3339 in UTC.
    case timestamp
    case list(of: OptionType, count: ClosedRange<Int>)
    case record(OptionSpec)
    /// A record with exactly one of several keys, which says what kind it is, beside keys that all kinds share:
    /// `{at: 5m, power_loss: {node: 3}}`. The value is a record whose `variant` names the kind.
    case union([UnionCase], common: OptionSpec = OptionSpec([]))
}

/// One kind of a union.
public struct UnionCase: Sendable {
    public let key: String
    public let type: OptionType
    public let summary: String

    public init(_ key: String, _ type: OptionType, _ summary: String) {
        self.key = key
        self.type = type
        self.summary = summary
    }

    /// A kind with options of its own.
    public init(_ key: String, _ options: [OptionField], _ summary: String) {
        self.init(key, .record(OptionSpec(options)), summary)
    }

    /// The union as a record: its common keys, then one optional key a kind.
    static func spec(_ cases: [UnionCase], common: OptionSpec) -> OptionSpec {
        let kinds = cases.map { kind in
            var field = OptionField(key: kind.key, type: kind.type, isRequired: false, summary: kind.summary)
            // A kind that is there has a value; one that is not there is another kind.
            field.isOptional = false
            return field
        }
        return OptionSpec(common.fields + kinds, check: common.check)
    }
}
