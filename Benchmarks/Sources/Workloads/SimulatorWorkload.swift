import Kernel
import Lab
import Profile
import TimenodeCommands

/// The steady scenario at one size, on one core, with the digest that every run computes.
public struct SimulatorWorkload: Sendable {
    /// Nodes and virtual minutes; larger networks run shorter.
    public struct Size: Sendable {
        public var nodes: Int
        public var minutes: Int

        public static let all = [
            Size(nodes: 6, minutes: 24 * 60), Size(nodes: 100, minutes: 30), Size(nodes: 1000, minutes: 3),
        ]
    }

    /// What one run gave.
    public struct Outcome: Sendable {
        public var events: UInt64
        /// Links that a steady network of this size has up, times virtual hours.
        public var linkHours: Double
        public var digest: String
    }

    /// As in the scenarios of this size.
    public static let neighbours = 50
    private let size: Size
    private let scenario: Scenario
    private let profile: SimulatedProfile

    public init(_ size: Size) throws {
        self.size = size
        let ring = size.nodes > Self.neighbours + 1 ? ", neighbours: \(Self.neighbours)" : ""
        let text = """
            summary: The steady scenario at another size.
            duration: \(size.minutes)m
            network: {count: \(size.nodes)\(ring), slot_interval: 10s}
            traffic: {request: 1kB, reply: 1kB, interval: 10s}
            """
        let outcome = Scenario.load(text: text, name: "steady")
        guard let scenario = outcome.value else { throw WorkloadError(outcome.renderedDiagnostics()) }
        self.scenario = scenario
        let loader = ProfileLoader(catalogue: Registry.standard.catalogue)
        let loaded = loader.load(text: Self.profile, name: "node.yaml")
        guard let profile = loaded.value else { throw WorkloadError(loaded.renderedDiagnostics()) }
        self.profile = try SimulatedProfile(profile, registry: .standard)
    }

    public func run(seed: UInt64) throws -> Outcome {
        let result = try Simulation(scenario, profile: profile, seed: seed).run()
        let degree = min(size.nodes - 1, Self.neighbours)
        return Outcome(
            events: result.events, linkHours: Double(size.nodes * degree / 2) * Double(size.minutes) / 60,
            digest: result.digest
        )
    }

    // The repository's `node.yaml`, but for room for all neighbours.
    private static let profile = """
        modules:
          transport: {use: tcp}
          links: {use: single-link}
          discovery: {use: [masternode-priority, peer-fill], masternode-priority: {reserved_slots: 1000}}
          liveness: {use: tcp-keepalive, tcp-keepalive: {idle: 10s, interval: 5s, user_timeout: 20s}}
          consensus: {use: slot-leader}
          store: {use: memory}
        """
}
