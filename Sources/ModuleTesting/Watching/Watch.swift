import Kernel
import Synchronization
import Wire

/// Collects what the probes of one run see. Every probe of the run writes into the same one.
final class Watch: Sendable {
    /// How many breaches of one rule are kept: the others tend to say the same.
    private static let breachesKept = 3
    /// So many turns of a run are kept; two runs part before that or look alike.
    private static let turnsKept = 100_000

    private struct Log {
        var violations: [Violation] = []
        var reasons: [Reason] = []
        var callbacks: UInt64 = 0
        var probes = 0
        var samples: [Sample]?
        var turns: [Turn] = []
        /// Of the turn in hand, or of the last one.
        var called: [String] = []
        var isTurnOver = false
        /// Names a timer of the module from its code.
        var timerName: (@Sendable (TimerCode) -> String?)?
    }

    /// How much one probe's state took at some moment.
    struct Sample {
        var probe: Int
        var time: Instant
        var bytes: Int
    }

    /// What is done to the module in a run.
    enum Manner: Sendable {
        /// Nothing.
        case plainly
        /// Its state is written out and read back as the run goes on.
        case readingBack
        /// Processes end, and successors start with the state of the module that ended.
        case handingOver
    }

    private let manner: Manner
    private let log = Mutex(Log())

    init(_ manner: Manner) {
        self.manner = manner
    }

    /// The turns of the run so far; none of a run in which successors take over.
    var turns: [Turn] { log.withLock { $0.turns } }

    var readsStateBack: Bool { manner == .readingBack }
    var handsOver: Bool { manner == .handingOver }

    var violations: [Violation] { log.withLock { $0.violations } }
    var reasons: [Reason] { log.withLock { $0.reasons } }
    var callbacks: UInt64 { log.withLock { $0.callbacks } }
    var isSampling: Bool { log.withLock { $0.samples != nil } }

    func report(_ rule: ConformanceRule, _ message: String) {
        let violation = Violation(rule, message)
        log.withLock { log in
            let known = log.violations.filter { $0.rule == rule }
            if known.count < Self.breachesKept, !known.contains(violation) { log.violations.append(violation) }
        }
    }

    /// Takes a reason down where the event has one.
    func note(_ event: Event) {
        let reason: Reason
        switch event {
        case .dialFailed(_, _, let cause), .refused(_, _, _, let cause): reason = cause
        case .linkEnded(_, _, _, let cause, _, _, _): reason = cause
        default: return
        }
        log.withLock { log in
            if !log.reasons.contains(reason) { log.reasons.append(reason) }
        }
    }

    /// A probe is made.
    /// - Returns: its number.
    func register() -> Int {
        log.withLock { log in
            log.probes += 1
            return log.probes
        }
    }

    /// The module is called.
    ///
    /// - Parameter callback: `linkUp`.
    func called(_ callback: String) {
        log.withLock { log in
            log.callbacks += 1
            if log.isTurnOver {
                log.isTurnOver = false
                log.called = []
            }
            if log.called.last != callback { log.called.append(callback) }
        }
    }

    /// A turn of a node is over; the callbacks of the module since the turn before belong to it.
    func endTurn(_ turn: @autoclosure () -> Turn) {
        guard manner != .handingOver else { return }
        log.withLock { log in
            let callbacks = log.isTurnOver ? [] : log.called
            log.isTurnOver = true
            guard log.turns.count < Self.turnsKept else { return }
            var turn = turn()
            turn.callbacks = callbacks
            log.turns.append(turn)
        }
    }

    /// What the last turn did, for a driver that learns of it piece by piece.
    func addToTurn(_ effect: Effect) {
        guard manner != .handingOver else { return }
        log.withLock { log in
            guard log.turns.count < Self.turnsKept, !log.turns.isEmpty else { return }
            log.turns[log.turns.count - 1].effects.append(effect)
        }
    }

    /// ` in linkUp`: where the module was when it did what is reported; empty where it was never called.
    var place: String {
        let called = log.withLock { $0.called }
        return called.isEmpty ? "" : " in '\(called.suffix(3).joined(separator: "', '"))'"
    }

    /// A probe says how timers of its module are called.
    func nameTimers(_ name: @escaping @Sendable (TimerCode) -> String?) {
        log.withLock { $0.timerName = $0.timerName ?? name }
    }

    /// `look(link 3) (kind 1, subject 3)`.
    func words(_ timer: TimerCode) -> String {
        let code = "kind \(timer.kind), subject \(timer.subject)"
        let name = log.withLock { $0.timerName }?(timer)
        return name.map { "\($0) (\(code))" } ?? code
    }

    func startSampling() { log.withLock { $0.samples = [] } }

    func add(_ sample: Sample) { log.withLock { $0.samples?.append(sample) } }

    /// The samples since `startSampling`.
    func endSampling() -> [Sample] {
        log.withLock { log in
            defer { log.samples = nil }
            return log.samples ?? []
        }
    }
}
