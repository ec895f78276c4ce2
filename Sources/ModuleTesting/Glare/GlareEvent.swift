import Kernel

/// One thing that can happen to a pair. Connections are named by the order in which they were dialled, ends A and B are
/// 0 and 1.
package enum GlareEvent: Sendable, Hashable, CustomStringConvertible {
    /// A dial reaches the other end, which takes it in.
    case accept(Int)
    /// A dial fails.
    case fail(Int)
    /// The next thing on the way to an end arrives: that the dial is open, a message, or the end of the connection.
    case deliver(Int, to: Int)
    /// The oldest signature check of an end is done.
    case answer(Int)
    /// An end's next timer comes. Its clock goes there; the other end's stays.
    case timer(Int)
    /// An end's host gives a connection up. The other end is told nothing.
    case lose(Int, at: Int)
    /// A connection carries nothing any more, and nobody is told.
    case silence(Int)
    /// A process ends without a word and the next one starts at once.
    case restart(Int)
    /// Both clocks go on by so many milliseconds, or to the next timer of either.
    case pass(Int)

    package var description: String {
        switch self {
        case .accept(let index): "dial \(index) is accepted"
        case .fail(let index): "dial \(index) fails"
        case .deliver(let index, let host): "\(Self.name(host)) gets the next of connection \(index)"
        case .answer(let host): "\(Self.name(host)) has a signature checked"
        case .timer(let host): "\(Self.name(host))'s next timer comes"
        case .lose(let index, let host): "\(Self.name(host)) sees connection \(index) fail"
        case .silence(let index): "connection \(index) falls silent"
        case .restart(let host): "\(Self.name(host)) restarts"
        case .pass(let milliseconds): "\(milliseconds) ms pass"
        }
    }

    static func name(_ host: Int) -> String { host == 0 ? "A" : "B" }
}

/// How many faults may still happen.
package struct GlareAllowance: Sendable, Hashable {
    /// Dials that fail.
    package var failures = 1
    /// Connections of which one end sees the end.
    package var losses = 1
    /// Connections that fall silent.
    package var silences = 1
    /// Restarts of A and of B.
    package var restarts = [1, 1]

    package init() {}

    package init(failures: Int, losses: Int, silences: Int, restarts: Int) {
        self.failures = failures
        self.losses = losses
        self.silences = silences
        self.restarts = [restarts, restarts]
    }
}
