import Wire

/// How a node's event loop kept its time: the times in which it did not run, as a timer of the driver's own saw them.
///
/// JSON: `{"stalls_seen":1,"stalls":[{"began_ms":1765929600000,"lasted_ms":4210}]}`.
public struct LoopStatus: Sendable, Hashable, Codable {
    /// A shorter delay is a busy machine.
    public static let leastStall: Duration = .seconds(1)
    /// How many stalls are remembered.
    public static let stallLimit = 16

    /// Since the process started.
    public private(set) var stallsSeen: UInt64 = 0
    /// The last sixteen, oldest first.
    public private(set) var stalls: [Stall] = []

    /// A time in which the loop did not run.
    public struct Stall: Sendable, Hashable, Codable {
        /// When the timer was due, on the node's wall clock after the stall, in milliseconds since 1970.
        public let beganMilliseconds: Int64
        /// How late the timer fired, in milliseconds; the stall itself began up to one period of the timer earlier.
        public let lastedMilliseconds: Int64

        public init(beganMilliseconds: Int64, lastedMilliseconds: Int64) {
            self.beganMilliseconds = beganMilliseconds
            self.lastedMilliseconds = lastedMilliseconds
        }

        private enum CodingKeys: String, CodingKey {
            case beganMilliseconds = "began_ms"
            case lastedMilliseconds = "lasted_ms"
        }
    }

    private enum CodingKeys: String, CodingKey {
        case stallsSeen = "stalls_seen"
        case stalls
    }

    public init() {}

    /// Takes in how late a timer fired; what is below ``leastStall`` is no stall.
    public mutating func note(late: Duration, wall: WallTime) {
        guard late >= Self.leastStall else { return }
        let lasted = late.nanoseconds / 1_000_000
        stallsSeen += 1
        stalls.append(Stall(beganMilliseconds: wall.milliseconds - lasted, lastedMilliseconds: lasted))
        if stalls.count > Self.stallLimit { stalls.removeFirst() }
    }
}
