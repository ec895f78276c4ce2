import Application
import Kernel
import Profile
import Trace

/// A profile as the simulator needs it: the same modules that `run` makes, and what the transport declares.
public struct SimulatedProfile: Sendable {
    public var name: String
    public var path: String
    /// The files that the profile was read from and names: itself, those that it extends, its network file.
    public var files: [String]
    /// SHA-256 of the effective profile.
    public var digest: String
    /// Keys that were overridden without effect, because they are about modules that this profile does not use, each with
    /// the reason.
    public var inertOverrides: [(key: String, reason: String)]
    public var transport: TransportPort
    /// The profile as a trace carries it.
    var traced: TraceHeader.Profile
    var makePolicies: @Sendable (Scenario) throws -> PolicySet
    let openStore: @Sendable () throws -> any StoreBackend
    let storeOutlivesProcess: Bool
    let storeCosts: StoreCosts
    /// Profiles that a scenario's hosts run in place of this one, by the path that the scenario names.
    public var beside: [(path: String, profile: SimulatedProfile)] = []
    /// The modules of this program, and the laboratory's own.
    let registry: Registry

    /// - Throws: `AssemblyError` when a module refuses its options.
    public init(_ profile: EffectiveProfile, name: String? = nil, registry: Registry) throws {
        self.name = name ?? profile.name
        self.registry = registry.withAdversary
        path = profile.path
        files = profile.files + (profile.networkFile.map { [$0] } ?? [])
        inertOverrides = profile.inertOverrides.map { (String($0.override.prefix { $0 != "=" }), $0.reason) }
        digest = sha256Hex(Array(profile.canonicalText().utf8))
        traced = TraceHeader.Profile(profile, name: name ?? profile.name)
        transport = try registry.transport(for: profile)
        _ = try registry.policies(for: profile)
        let store = try registry.store(for: profile)
        openStore = { try store.open(nil) }
        storeOutlivesProcess = store.outlivesProcess
        storeCosts = store.costs
        makePolicies = { scenario in
            var policies = try registry.policies(for: profile)
            if let traffic = scenario.traffic {
                try traffic.addModule(to: &policies)
            }
            return policies
        }
    }
}

extension SimulatedProfile {
    /// What each host of a scenario runs in place of this profile, nil where it runs this one; empty where all do.
    func others(in scenario: Scenario) -> [SimulatedProfile?] {
        guard scenario.network.hosts.contains(where: { $0.profile != nil || $0.adversary != nil }) else { return [] }
        return scenario.network.hosts.map { host in
            if let adversary = host.adversary { return hostile(adversary) }
            return host.profile.flatMap { path in beside.first { $0.path == path }?.profile }
        }
    }
}

extension Scenario.Traffic {
    /// Puts the module that makes this load behind those of the profile.
    func addModule(to policies: inout PolicySet) throws {
        policies.workloads.append(try makeModule())
        policies.workloadIDs.append("declared load")
    }

    /// The module that makes this load; the same one that a profile can select.
    private func makeModule() throws -> any WorkloadPolicy {
        guard case .workload(let make) = Traffic.descriptor.factory else {
            preconditionFailure("traffic is a workload module")
        }
        let options = try Options.defaults(of: Traffic.descriptor.spec.options)
            .setting("request", to: .bytes(requestBytes))
            .setting("reply", to: .bytes(replyBytes))
            .setting("interval", to: .duration(interval))
        return try make(options)
    }
}

/// What one run gave.
public struct RunResult: Sendable {
    public var seed: UInt64
    /// Over every input and effect of every node, in order.
    public var digest: String
    /// Events of the simulator's clock.
    public var events: UInt64
    public var metrics: RunMetrics
    /// Each pair's history, where it was asked for.
    public var timeline: [PairTimeline]
    /// Whether what has to hold did.
    public var verdict: Verdict
    /// What happened when.
    public var history = RunHistory()
}
