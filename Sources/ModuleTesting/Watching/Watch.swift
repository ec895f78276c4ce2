import Kernel
import Synchronization
import Wire

/// Collects what the probes of one run see. Every probe of the run writes into the same one.
final class Watch: Sendable {
    /// How many breaches of one rule are kept: the others tend to say the same.
    private static let breachesKept = 3

    private struct Log {
        var violations: [Violation] = []
        var reasons: [Reason] = []
        var callbacks: UInt64 = 0
        var probes = 0
        var samples: [Sample]?
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

    func called() { log.withLock { $0.callbacks += 1 } }

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
