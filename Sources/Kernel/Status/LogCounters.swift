/// Log lines that nobody read, since the node started. JSON: `{"dropped":0,"left_out":120}`.
public struct LogCounters: Sendable, Hashable, Codable {
    /// Lines that were not written because there were too many of their kind.
    public var leftOut: UInt64 = 0
    /// Lines that the reader of stderr did not take.
    public var dropped: UInt64 = 0

    public init(leftOut: UInt64, dropped: UInt64) {
        self.leftOut = leftOut
        self.dropped = dropped
    }

    private enum CodingKeys: String, CodingKey {
        case leftOut = "left_out"
        case dropped
    }
}
