import Kernel
import Profile
import Testing
import Wire

@testable import Lab

/// Two hosts, A and B, with 40 ms between them; A dials unless the profile says otherwise. Nothing else goes on.
struct TwoHosts {
    var links = "handshake: ack, direction: lower-address, passive_wait: unset"
    var liveness = "use: none"
    var transport = ""
    /// Workloads of the profile.
    var workload: [String] = []
    var registry = Registry.lab
    var startAt: [Duration] = [.zero, .zero]
    var duration: Duration = .seconds(300)
    var warmUp: Duration = .seconds(10)
    var latency: Duration = .milliseconds(40)
    var jitter: Duration = .zero
    var lossPerMillion = 0
    var tcpRetries = 15
    var traffic: Scenario.Traffic?
    var healthyIfStallBelow: Duration?
    var faults: [Scenario.Fault] = []
    var slotInterval: Duration = .seconds(80_000)
    var supervisor: Supervisor?
    /// Further changes to the network.
    var network: (inout Scenario.NetworkModel) -> Void = { _ in }

    /// What a run gave, and what both nodes did and were told.
    struct Outcome {
        let result: RunResult
        let records: [TraceRecord]

        /// Every event of one host, with its time in seconds.
        func events(of host: String) -> [(at: Double, event: Event)] {
            records.compactMap {
                guard $0.host == host, case .effect(.observe(let event)) = $0.content else { return nil }
                return (Double($0.time) / 1e9, event)
            }
        }

        /// When links came up at a host, in seconds.
        func ups(at host: String) -> [Double] {
            events(of: host).compactMap { if case .linkUp = $0.event { $0.at } else { nil } }
        }

        /// When and why links that were up ended at a host.
        func ends(at host: String) -> [(at: Double, reason: Reason)] {
            events(of: host).compactMap {
                if case .linkEnded(_, _, _, let reason, _, true, _) = $0.event { ($0.at, reason) } else { nil }
            }
        }

        /// When and why dials of a host failed.
        func failures(at host: String) -> [(at: Double, reason: Reason)] {
            events(of: host).compactMap {
                if case .dialFailed(_, _, let reason) = $0.event { ($0.at, reason) } else { nil }
            }
        }

        func inputs(of host: String) -> [(at: Double, input: Input)] {
            records.compactMap {
                guard $0.host == host, case .input(let input) = $0.content else { return nil }
                return (Double($0.time) / 1e9, input)
            }
        }

        func effects(of host: String) -> [(at: Double, effect: Effect)] {
            records.compactMap {
                guard $0.host == host, case .effect(let effect) = $0.content else { return nil }
                return (Double($0.time) / 1e9, effect)
            }
        }

        /// The one figure of a metric.
        func figure(_ metric: Metric) -> Double? { result.metrics[metric]?.values.first }
    }

    func run(seed: UInt64 = 1) throws -> Outcome {
        var records: [TraceRecord] = []
        let simulation = Simulation(scenario, profile: try profile, seed: seed, trace: { records.append($0) })
        let result = try simulation.run()
        return Outcome(result: result, records: records)
    }

    /// The same run as a trace.
    func traced() throws -> TracedRun { try TracedRun(scenario, try profile, registry: registry) }

    private var profile: SimulatedProfile {
        get throws {
            let outcome = ProfileLoader(catalogue: registry.catalogue).load(text: profileText, name: "two-hosts.yaml")
            let effective = try #require(outcome.value, "\(outcome.renderedDiagnostics())")
            return try SimulatedProfile(effective, registry: registry)
        }
    }

    private var profileText: String {
        """
        node: {network_file: network.yaml}
        modules:
          transport: {use: tcp, tcp: {\(transport)}}
          links: {use: single-link, single-link: {\(links)}}
          discovery: {use: [masternode-priority]}
          liveness: {\(liveness)}
          consensus: {use: slot-leader}
          store: {use: memory}\(workload.isEmpty ? "" : "\n  workload: {use: [\(workload.joined(separator: ", "))]}")
        """
    }

    private var scenario: Scenario {
        var scenario = Scenario(
            name: "two hosts", summary: "two hosts", duration: duration, warmUp: warmUp,
            network: Scenario.NetworkModel(
                slotInterval: slotInterval, minimumMasternodes: 2,
                hosts: zip(["A", "B"], 1...).map { name, last in
                    Scenario.NetworkModel.Host(
                        name: name, endpoint: Endpoint(ip: IPAddress(version4: 0xc000_0200 | last), port: 24_100)
                    )
                },
                neighbours: nil, latency: latency...latency, jitter: jitter, lossPerMillion: lossPerMillion,
                tcpRetries: tcpRetries
            ),
            startSpread: .milliseconds(1), startAt: startAt, traffic: traffic,
            healthyIfStallBelow: healthyIfStallBelow, faults: faults
        )
        network(&scenario.network)
        // Hosts that a test adds start at once.
        let added = scenario.network.hosts.count - startAt.count
        scenario.startAt = startAt + Array(repeating: .zero, count: max(0, added))
        scenario.supervisor = supervisor
        return scenario
    }
}

extension Scenario.Fault {
    static func powerLoss(of host: Int, at: Duration, for duration: Duration? = nil) -> Scenario.Fault {
        Scenario.Fault(at: at, kind: .powerLoss(.index(host), duration: duration))
    }

    static func kill(_ host: Int, at: Duration, down: Duration) -> Scenario.Fault {
        Scenario.Fault(at: at, kind: .kill(.index(host), down: down))
    }

    static func suspend(_ host: Int, at: Duration, for duration: Duration) -> Scenario.Fault {
        Scenario.Fault(at: at, kind: .suspend(.index(host), duration: duration))
    }

    static func translate(_ host: Int, idle: Duration, at: Duration) -> Scenario.Fault {
        Scenario.Fault(at: at, kind: .translate(.index(host), idle: idle, duration: nil))
    }

    static func stall(_ host: Int, at: Duration, for duration: Duration) -> Scenario.Fault {
        Scenario.Fault(at: at, kind: .stall(.index(host), duration: duration...duration))
    }

    static func work(_ host: Int, at: Duration, for duration: Duration) -> Scenario.Fault {
        Scenario.Fault(at: at, kind: .work(.index(host), duration: duration))
    }

    static func proxy(_ host: Int, at: Duration) -> Scenario.Fault {
        Scenario.Fault(at: at, kind: .proxy(.index(host), duration: nil))
    }

    static func drop(
        from: Int, to: Int, bothWays: Bool = false, at: Duration, for duration: Duration? = nil,
        answer: BlockAnswer = .silence
    ) -> Self {
        Scenario.Fault(
            at: at,
            kind: .drop(from: .index(from), to: .index(to), bothWays: bothWays, duration: duration, answer: answer)
        )
    }

    static func closeInbound(_ host: Int, at: Duration, for duration: Duration? = nil) -> Scenario.Fault {
        Scenario.Fault(at: at, kind: .closeInbound(.index(host), duration: duration))
    }
}
