/// One value of an option, after checking.
public enum OptionValue: Sendable, Hashable {
    case boolean(Bool)
    /// Also a timestamp: milliseconds since 1970, UTC.
    case integer(Int)
    case ratio(Double)
    case duration(Duration)
    case bytes(Int)
    /// Also a choice, a path (already resolved), an endpoint, an address and an identity.
    case string(String)
    case list([OptionValue])
    case record(Options)
    /// The option has no value (`unset`).
    case none
}
