import Kernel
import Profile
import Wire

/// Runs a module, and where it breaks no rule there three times more: again as it is, with its state written out and
/// read back all the time, and with successors that take its state over in the middle of things.
struct Trial {
    let descriptor: ModuleDescriptor
    /// Rules that the module is known to break.
    let exempt: [ConformanceRule]
    /// One run of the module, watched; returns its digests.
    let run: (Watch) throws -> [String]

    private struct Run {
        let watch: Watch
        let digests: [String]
    }

    func perform() throws -> ConformanceReport {
        let first = try perform(.plainly)
        // Comparing runs that go wrong says nothing; the author comes back when this is mended.
        guard counted(first.watch).isEmpty else { return report(first, first.watch.violations) }
        let second = try perform(.plainly)
        let third = try perform(.readingBack)
        var violations = first.watch.violations
        if second.digests != first.digests {
            violations.append(
                Violation(
                    .determinism,
                    "two runs with one seed differ, so that the module depends on something that is not in its inputs"
                        + Self.where(first, second, ("the first run", "the second"))
                )
            )
        }
        let breaches = third.watch.violations.filter { $0.rule == .snapshot && !violations.contains($0) }
        violations += breaches
        if breaches.isEmpty, second.digests == first.digests, third.digests != first.digests {
            violations.append(
                Violation(
                    .snapshot,
                    "a run in which the state is written out and read back goes on otherwise, so that the module remembers "
                        + "something outside its state"
                        + Self.where(first, third, ("the plain run", "the one that reads back"))
                )
            )
        }
        if violations.allSatisfy({ exempt.contains($0.rule) }) { violations += try handingOver() }
        return report(first, violations)
    }

    /// `; they part at …`: the first difference of two runs.
    private static func `where`(_ one: Run, _ two: Run, _ names: (String, String)) -> String {
        Divergence.words(one.watch.turns, two.watch.turns, names: names).map { "; \($0)" } ?? ""
    }

    /// What a successor does wrong that a module which runs from the start does not.
    private func handingOver() throws -> [Violation] {
        let fourth = try perform(.handingOver)
        return counted(fourth.watch).map { violation in
            Violation(
                .handOver,
                "a successor that took the state over in a new process breaks \(violation.rule.rawValue): "
                    + violation.message
            )
        }
    }

    private func counted(_ watch: Watch) -> [Violation] { watch.violations.filter { !exempt.contains($0.rule) } }

    private func perform(_ manner: Watch.Manner) throws -> Run {
        let watch = Watch(manner)
        return Run(watch: watch, digests: try run(watch))
    }

    private func report(_ run: Run, _ violations: [Violation]) -> ConformanceReport {
        ConformanceReport(
            module: TrialSetup.name(of: descriptor), seen: violations, exempt: exempt, reasons: run.watch.reasons,
            callbacks: run.watch.callbacks,
            digest: sha256Hex(Array(run.digests.joined(separator: " ").utf8))
        )
    }
}
