import Kernel
import ModuleTesting
import Wire

/// What a kit of ports finds, and how much it asked.
struct PortFindings {
    private static let kept = 3

    private(set) var violations: [Violation] = []
    private(set) var questions: UInt64 = 0
    private var reasons: [Reason] = []

    /// Asks one thing; `message` says what is wrong where it does not hold.
    mutating func expect(_ holds: Bool, _ rule: ConformanceRule, _ message: @autoclosure () -> String) {
        questions += 1
        guard !holds, violations.count(where: { $0.rule == rule }) < Self.kept else { return }
        violations.append(Violation(rule, message()))
    }

    /// Takes down for which reasons links ended or never came up.
    mutating func note(_ entries: [PortJournal.Entry]) {
        for entry in entries {
            let reason: Reason?
            switch entry {
            case .dialFailed(_, let cause), .ended(_, .failed(let cause)): reason = cause
            case .ended(_, .endOfStream): reason = .endOfStream
            case .event(.refused(_, _, _, let cause)), .event(.linkEnded(_, _, _, let cause, _, _, _)): reason = cause
            default: reason = nil
            }
            if let reason, !reasons.contains(reason) { reasons.append(reason) }
        }
    }

    func report(_ module: String, _ exempt: [ConformanceRule]) -> ConformanceReport {
        ConformanceReport(
            module: module, seen: violations, exempt: exempt, reasons: reasons, callbacks: questions, digest: "")
    }
}
