import Dispatch
import Kernel
import Lab
import Profile
import Wire

/// A ``SilentPeerCase`` in the simulator, over many seeds: what the model says that the real kernel should do.
package struct SilentPeerSimulation: Sendable {
    /// What the seeds gave, in seconds; only runs whose link ended.
    package struct Distribution: Sendable, Hashable {
        package var median: Double
        package var minimum: Double
        package var maximum: Double
        /// Why links ended, each reason once.
        package var reasons: [Reason]
        /// Runs whose link still stood at the limit.
        package var open: Int
    }

    private static let queue = DispatchQueue(label: "timenode.silent-peer-simulation")
    private let registry: Registry

    /// - Parameter registry: the modules of the program that the profile is for.
    package init(registry: Registry) {
        self.registry = registry
    }

    /// Runs the case once for each seed.
    ///
    /// - Throws: ``LiveError`` `bad-case` where the profile does not load or the nodes do not link, and what modules
    ///   throw.
    package func run(_ experiment: SilentPeerCase, seeds: ClosedRange<UInt64>) async throws -> Distribution {
        let profile = try simulatedProfile(experiment)
        let outcomes = try await withCheckedThrowingContinuation { continuation in
            // Not on the threads of Swift's tasks: real cases that run beside it must not be kept waiting.
            Self.queue.async {
                continuation.resume(with: Result { try seeds.map { try self.run(experiment, profile, $0) } })
            }
        }
        let ended = outcomes.compactMap(\.seconds)
        guard let median = Quantiles.median(ended), let minimum = ended.min(), let maximum = ended.max() else {
            throw LiveError(.timedOut, "\(experiment.name): no simulated link ended within \(experiment.limit)")
        }
        var reasons: [Reason] = []
        for reason in outcomes.compactMap(\.reason) where !reasons.contains(reason) { reasons.append(reason) }
        return Distribution(
            median: median, minimum: minimum, maximum: maximum, reasons: reasons.sorted { $0.rawValue < $1.rawValue },
            open: outcomes.count - ended.count
        )
    }

    /// One seed: a first run without the fault finds the moment, a second one strikes there. Until then both are
    /// the same run.
    private func run(
        _ experiment: SilentPeerCase, _ profile: SimulatedProfile, _ seed: UInt64
    ) throws -> SilentPeerCase.Outcome {
        var moment: Int64?
        var linkedEnds = 0
        try simulate(experiment, profile, seed, until: SilentPeerCase.preparation, fault: nil) { time, host, event in
            switch (event, experiment.moment) {
            case (.linkUp, .afterLinkUp(let delay)):
                linkedEnds += 1
                if linkedEnds == 2 { moment = time + delay.nanoseconds }
            case (.requestAnswered, .afterAnswer(let delay)) where host == Self.survivor && moment == nil:
                moment = time + delay.nanoseconds
            default: break
            }
        }
        guard let moment else {
            throw LiveError(.badCase, "\(experiment.name): the moment never came in the simulation (seed \(seed))")
        }
        // Scenario files know whole milliseconds.
        let silence = (moment + 999_999) / 1_000_000
        var outcome = SilentPeerCase.Outcome(seconds: nil, reason: nil)
        let end = Duration.milliseconds(silence) + experiment.limit
        try simulate(experiment, profile, seed, until: end, fault: silence) { time, host, event in
            guard case .linkEnded(_, _, _, let reason, _, wasUp: true, _) = event, host == Self.survivor,
                outcome.seconds == nil, time >= silence * 1_000_000
            else { return }
            outcome = SilentPeerCase.Outcome(seconds: Double(time - silence * 1_000_000) / 1e9, reason: reason)
        }
        return outcome
    }

    private static let survivor = NamespacePair.Host.first.rawValue

    private func simulate(
        _ experiment: SilentPeerCase, _ profile: SimulatedProfile, _ seed: UInt64, until end: Duration,
        fault: Int64?, watch: @escaping (Int64, String, Event) -> Void
    ) throws {
        let scenario = try scenario(experiment, until: end, fault: fault)
        let simulation = Simulation(scenario, profile: profile, seed: seed) { record in
            guard case .effect(.observe(let event)) = record.content else { return }
            watch(record.time, record.host, event)
        }
        _ = try simulation.run()
    }

    /// Two hosts on one machine: segments take 50 µs there, and hardly vary.
    private func scenario(_ experiment: SilentPeerCase, until end: Duration, fault: Int64?) throws -> Scenario {
        let hosts = NamespacePair.Host.allCases.map { "{name: \($0.rawValue), address: \($0.address)}" }
        var text = """
            summary: Two nodes, one of which falls silent.
            duration: \(DurationText.format(end))
            start_spread: 500ms
            network:
              hosts: [\(hosts.joined(separator: ", "))]
              slot_interval: \(DurationText.format(SilentPeerCase.slotInterval))
              minimum_masternodes: 2
              latency_minimum: 40us
              latency_maximum: 60us
              jitter: 20us
              tcp_retries: \(experiment.retries)

            """
        if let fault {
            let names = NamespacePair.Host.allCases.map(\.rawValue)
            text += "faults: [{at: \(fault)ms, drop: {from: \(names[0]), to: \(names[1]), both_ways: true}}]\n"
        }
        let outcome = Scenario.load(text: text, name: "silent-peer")
        guard let scenario = outcome.value else { throw LiveError(.badCase, outcome.renderedDiagnostics()) }
        return scenario
    }

    private func simulatedProfile(_ experiment: SilentPeerCase) throws -> SimulatedProfile {
        let loader = ProfileLoader(catalogue: registry.catalogue)
        let outcome = loader.load(path: experiment.profile, overrides: experiment.overrides)
        guard let profile = outcome.value else { throw LiveError(.badCase, outcome.renderedDiagnostics()) }
        return try SimulatedProfile(profile, registry: registry)
    }
}
