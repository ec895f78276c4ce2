import Consensus
import Discovery
import Kernel
import Lab
import Links
import Liveness
import Profile
import Store
import Wire

/// The module in five whole nodes, through the laboratory's simulation: a machine loses power, one stalls, one is
/// killed and restarted, a path falls silent, the network parts and heals.
struct WholeRun {
    private static let plan = """
        summary: Five nodes under every kind of fault, for the conformance kit.
        duration: 30m
        network: {count: 5, slot_interval: 10s}
        traffic: {request: 1kB, reply: 1kB, interval: 10s}
        truth: {healthy_if_stall_below: 60s}
        faults:
          - {at: 3m, power_loss: {node: '0', for: 3m}}
          - {at: 8m, stall: {node: '1', for: 95s}}
          - {at: 11m, kill: {node: '2', down: 5s}}
          - {at: 13m, drop: {from: '3', to: '4', both_ways: true, for: 4m}}
          - {at: 19m, partition: {first: 2, for: 2m}}
          - {at: 24m, power_loss: {node: '4'}}
        """

    /// The module that is tried, wrapped.
    let descriptor: ModuleDescriptor
    let watch: Watch
    /// The one the module may speak over.
    let channel: Channel

    /// - Returns: the run's digest.
    /// - Throws: ``ConformanceError`` where the scenario does not load, or what the module's constructor throws.
    func perform() throws -> String {
        guard let scenario = Scenario.load(text: Self.plan, name: "conformance").value else {
            throw ConformanceError(code: .badScenario, message: "the kit's scenario does not load")
        }
        let registry = registry()
        let loader = ProfileLoader(catalogue: registry.catalogue)
        let outcome = loader.load(text: profile, name: "conformance.yaml")
        guard let profile = outcome.value else {
            throw ConformanceError(code: .badScenario, message: outcome.renderedDiagnostics())
        }
        let simulated = try SimulatedProfile(profile, registry: registry)
        let judge = SendJudge(watch: watch, channel: channel)
        let simulation = Simulation(scenario, profile: simulated, seed: 3) { judge.see($0) }
        return try simulation.run().digest
    }

    private var profile: String {
        let isLiveness = descriptor.spec.role == Role.liveness.rawValue
        return """
            modules:
              transport: {use: tcp}
              links: {use: single-link}
              discovery: {use: [\(isLiveness ? "masternode-priority" : descriptor.spec.id)]}
              liveness: {use: \(isLiveness ? descriptor.spec.id : "none")}
              consensus: {use: slot-leader}
              store: {use: memory}
            """
    }

    private func registry() -> Registry {
        let others = [
            Self.transport, SingleLink.descriptor, MasternodePriority.descriptor, NoLiveness.descriptor,
            SlotLeader.descriptor, MemoryStore.descriptor,
        ]
        let rest = others.filter { $0.spec.role != descriptor.spec.role || $0.spec.id != descriptor.spec.id }
        return Registry(rest + [descriptor])
    }

    /// What the simulation has to know of TCP; no byte travels.
    private static let transport = ModuleDescriptor(
        spec: ModuleSpec(
            role: Role.transport.rawValue, id: "tcp", version: "1", stability: .stable,
            summary: "plain TCP, as the simulation models it", posture: "no byte leaves the process",
            options: OptionSpec([])
        ),
        factory: .transport { _ in
            TransportPort(
                listen: Endpoint(ip: IPAddress(version4: 0), port: 24_100), security: .plain,
                connectTimeout: .seconds(10), sendQueueBytes: 4 << 20
            )
        }
    )
}

/// Sees every message of the module's channel in a run, and whether its link was up.
final class SendJudge {
    private let watch: Watch
    private let channel: Channel
    private var up: [String: [LinkID]] = [:]
    private var current: LinkID?

    init(watch: Watch, channel: Channel) {
        self.watch = watch
        self.channel = channel
    }

    func see(_ record: TraceRecord) {
        switch record.content {
        case .input(.start): up[record.host] = []
        case .input(.received(let link, _)): current = link
        case .input: current = nil
        case .effect(.observe(.linkUp(let link, _, _, _))): up[record.host, default: []].append(link)
        case .effect(.observe(.linkEnded(let link, _, _, _, _, _, _))): up[record.host]?.removeAll { $0 == link }
        case .effect(.send(let link, let message)) where message.channel == channel:
            if up[record.host]?.contains(link) != true { report(link, record) }
        case .effect(.observe(.messageDropped(let link, let channel, .notUp))) where channel == self.channel:
            // A peer that is up a moment before us may speak first: that message is not the module's.
            if let link, link != current { report(link, record) }
        case .effect, .process, .admitted: break
        }
    }

    private func report(_ link: LinkID, _ record: TraceRecord) {
        watch.report(
            .legalUse,
            "in a whole node, at \(record.time / 1_000_000_000) s, the module sent over link \(link), which was not up"
        )
    }
}
