import Kernel
import Profile
import Testing
import Wire

@testable import Lab

/// Two nodes with 40 ms between them, one way, and nothing else going on: A comes before B as text and as a number.
struct PairRun {
    /// When A and B start.
    var startA: Duration = .zero
    var startB: Duration = .zero
    var duration: Duration = .seconds(620)
    var faults: [Scenario.Fault] = []

    static let lowerFirst = PairRun(startB: .seconds(1))
    static let higherFirst = PairRun(startA: .seconds(1))
    static let together = PairRun()

    /// Runs a profile of the repository and returns what the two nodes did to their links, in order of time.
    func events(of profile: String, seed: UInt64 = 1) throws -> [PairEvent] {
        let outcome = ProfileLoader(catalogue: Registry.lab.catalogue).load(
            path: Repository.path("profiles/\(profile).yaml")
        )
        let effective = try #require(outcome.value, "\(outcome.renderedDiagnostics())")
        var events: [PairEvent] = []
        let simulation = Simulation(
            scenario, profile: try SimulatedProfile(effective, registry: .lab), seed: seed,
            trace: { record in
                if case .effect(.observe(let event)) = record.content {
                    if let event = PairEvent(event, at: record.time, node: record.host) { events.append(event) }
                }
            }
        )
        _ = try simulation.run()
        // Two nodes that act at the same moment have no order; one node's acts have.
        return events.enumerated()
            .sorted { ($0.element.time, $0.element.node, $0.offset) < ($1.element.time, $1.element.node, $1.offset) }
            .map(\.element)
    }

    private var scenario: Scenario {
        Scenario(
            name: "pair", summary: "two nodes", duration: duration, warmUp: .zero,
            network: Scenario.NetworkModel(
                slotInterval: .seconds(3600), minimumMasternodes: 2,
                hosts: [Self.host("A", last: 1), Self.host("B", last: 2)], neighbours: nil,
                latency: .milliseconds(40) ... .milliseconds(40), jitter: .zero, lossPerMillion: 0, tcpRetries: 15
            ),
            startSpread: .milliseconds(1), startAt: [startA, startB], traffic: nil, healthyIfStallBelow: nil,
            faults: faults
        )
    }

    /// A host of the documentation range 192.0.2.0/24.
    private static func host(_ name: String, last: UInt32) -> Scenario.NetworkModel.Host {
        Scenario.NetworkModel.Host(
            name: name, endpoint: Endpoint(ip: IPAddress(version4: 0xc000_0200 | last), port: 24_100)
        )
    }
}
