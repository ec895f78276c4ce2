import Kernel

/// Bounds how much of the log others can write: 200 lines in ten seconds, then a count of what was left out.
struct LogGate: Sendable {
    static let lines = 200
    static let window: Duration = .seconds(10)

    private var windowStart = Instant.zero
    private var written = 0
    private var leftOut = 0

    enum Verdict: Equatable {
        /// Write it; if lines were left out before, say first how many.
        case write(leftOutBefore: Int)
        case leaveOut
    }

    mutating func admit(at now: Instant) -> Verdict {
        if now - windowStart >= Self.window {
            windowStart = now
            written = 0
        }
        guard written < Self.lines else {
            leftOut += 1
            return .leaveOut
        }
        written += 1
        defer { leftOut = 0 }
        return .write(leftOutBefore: leftOut)
    }
}
