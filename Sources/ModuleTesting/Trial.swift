import Kernel
import Profile
import Wire

/// Runs a module on the stage and in whole nodes, and where it breaks no rule there twice more: again as it is, and
/// with its state written out and read back all the time.
struct Trial {
    let descriptor: ModuleDescriptor
    let needsLinks: Bool
    /// The one the module may speak over.
    let channel: Channel
    /// The module, behind a probe, as a role of two nodes that have no other.
    let policies: @Sendable (Watch) throws -> PolicySet
    /// The module, behind a probe, as registries know it.
    let factory: @Sendable (Watch) -> ModuleFactory

    private struct Run {
        let watch: Watch
        let digests: [String]
    }

    func perform() throws -> ConformanceReport {
        let first = try run(readsStateBack: false)
        // Comparing runs that go wrong says nothing; the author comes back when this is mended.
        guard first.watch.violations.isEmpty else { return report(first, first.watch.violations) }
        let second = try run(readsStateBack: false)
        let third = try run(readsStateBack: true)
        var violations: [Violation] = []
        if second.digests != first.digests {
            violations.append(
                Violation(
                    .determinism,
                    "two runs with one seed differ: the module depends on something that is not in its inputs"
                )
            )
        }
        let breaches = third.watch.violations.filter { $0.rule == .snapshot && !violations.contains($0) }
        violations += breaches
        if breaches.isEmpty, second.digests == first.digests, third.digests != first.digests {
            violations.append(
                Violation(
                    .snapshot,
                    "a run in which the state is written out and read back goes on otherwise: the module remembers "
                        + "something outside its state"
                )
            )
        }
        return report(first, violations)
    }

    private func report(_ run: Run, _ violations: [Violation]) -> ConformanceReport {
        ConformanceReport(
            module: "\(descriptor.spec.role) '\(descriptor.spec.id)'", violations: violations,
            callbacks: run.watch.callbacks, digest: sha256Hex(Array(run.digests.joined(separator: " ").utf8))
        )
    }

    private func run(readsStateBack: Bool) throws -> Run {
        let watch = Watch(readsStateBack: readsStateBack)
        let stage = try Stage(watch: watch, channel: channel) { try policies(watch) }
        var script = Script(stage: stage, needsLinks: needsLinks)
        script.perform()
        // Five nodes that keep each other busy without end would take for ever.
        guard !stage.isOver else { return Run(watch: watch, digests: [stage.digest]) }
        let spec = descriptor.spec
        let wrapped = ModuleDescriptor(
            spec: ModuleSpec(
                role: spec.role, id: spec.id, version: spec.version, stability: spec.stability,
                summary: spec.summary, posture: spec.posture, options: OptionSpec([])
            ),
            factory: factory(watch)
        )
        let digest = try WholeRun(descriptor: wrapped, watch: watch, channel: channel).perform()
        return Run(watch: watch, digests: [stage.digest, digest])
    }

    /// The options to try a module with.
    static func options(_ given: Options?, for descriptor: ModuleDescriptor) throws(ConformanceError) -> Options {
        if let given { return given }
        do {
            return try Options.defaults(of: descriptor.spec.options)
        } catch {
            throw ConformanceError(
                code: .optionsNeeded,
                message:
                    "\(descriptor.spec.role) '\(descriptor.spec.id)' has an option without a default; give the kit "
                    + "options: \(error)"
            )
        }
    }

    /// Makes a module once, so that a refusal has the kit's own words.
    static func tryOut<Module>(
        _ descriptor: ModuleDescriptor, _ make: () throws -> Module
    ) throws(ConformanceError) -> Module {
        do {
            return try make()
        } catch {
            throw ConformanceError(
                code: .refusedOptions,
                message: "\(descriptor.spec.role) '\(descriptor.spec.id)' refuses its options: \(error)"
            )
        }
    }

    static func wrongRole(_ descriptor: ModuleDescriptor, wanted: Role) -> ConformanceError {
        ConformanceError(
            code: .wrongRole,
            message: "'\(descriptor.spec.id)' is a module of the role '\(descriptor.spec.role)'; this kit tries "
                + "\(wanted.rawValue) modules"
        )
    }
}
