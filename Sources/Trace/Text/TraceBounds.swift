/// What the numbers of a trace may be. A file comes from anywhere: what is computed from its numbers has to fit, and has
/// to come to an end.
enum TraceBounds {
    /// Nanoseconds by a clock that counts from a start: a hundred years.
    static let time: ClosedRange<Int64> = 0...3_155_760_000_000_000_000
    /// Milliseconds since 1970 by a wall clock: the years 1 to 9999.
    static let wall: ClosedRange<Int64> = -62_135_596_800_000...253_402_300_799_999
    /// What a wall clock showed at some zero of a monotonic clock, in milliseconds: as far as a clock is believed at all.
    static let clockOrigin: ClosedRange<Int64> = -1 << 53...1 << 53
    /// What is counted up one by one: there is room for what follows.
    static let count: ClosedRange<UInt64> = 0...1 << 62
    /// A wait, in nanoseconds: up to a year.
    static let wait: ClosedRange<Int64> = 0...31_536_000_000_000_000
    /// The transport's limit on opening a connection, in nanoseconds.
    static let connectTimeout: ClosedRange<Int64> = 1...300_000_000_000
    /// A slot, in nanoseconds, as network files and scenarios may have it.
    static let slot: ClosedRange<Int64> = 100_000_000...86_400_000_000_000
    static let masternodes: ClosedRange<Int> = 1...10_000
    /// Declared load, as scenarios may have it: bytes, and nanoseconds between two requests.
    static let load: ClosedRange<Int> = 1...1_000_000
    static let loadInterval: ClosedRange<Int64> = 1_000_000...86_400_000_000_000
}
