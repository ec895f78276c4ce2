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
    let act: StageAct

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
        let sends = SendJudge(watch: watch, channel: act.channel)
        let chains = ChainJudge(watch: watch, finality: act.finality)
        let simulation = Simulation(scenario, profile: simulated, seed: 3) { record in
            if case .effect(.observe(let event)) = record.content { watch.note(event) }
            keep(record)
            // A links module speaks before a link is up; it is judged from within.
            if act.channel != .links { sends.see(record) }
            if act.makesBlocks { chains.see(record) }
        }
        let digest = try simulation.run().digest
        if act.makesBlocks { chains.judgeEnd() }
        return digest
    }

    private func keep(_ record: TraceRecord) {
        switch record.content {
        case .input(let input):
            watch.endTurn(Turn(time: record.time, place: "whole node \(record.host)", input: input, callbacks: []))
        case .effect(let effect): watch.addToTurn(effect)
        case .process, .admitted: break
        }
    }

    private var profile: String {
        let workload = own(.workload, nil).map { "\n  workload: {use: [\($0)]}" } ?? ""
        // Where links are tried, somebody has to notice those that are dead.
        let liveness = own(.links, nil) == nil ? "none" : "layered"
        return """
            modules:
              transport: {use: tcp}
              links: {use: \(own(.links, "single-link") ?? "")}
              discovery: {use: [\(own(.discovery, "masternode-priority") ?? "")]}
              liveness: {use: \(own(.liveness, liveness) ?? "")}
              consensus: {use: \(own(.consensus, "slot-leader") ?? "")}
              store: {use: memory}\(workload)
            """
    }

    /// The tried module's id where it is of this role, else the standard one's.
    private func own(_ role: Role, _ standard: String?) -> String? {
        descriptor.spec.role == role.rawValue ? descriptor.spec.id : standard
    }

    private func registry() -> Registry {
        let others = [
            Self.transport, SingleLink.descriptor, MasternodePriority.descriptor, NoLiveness.descriptor,
            Layered.descriptor, SlotLeader.descriptor, MemoryStore.descriptor,
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
