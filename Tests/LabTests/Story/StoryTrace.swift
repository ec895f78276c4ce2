import Kernel

@testable import Lab

/// What every node of a shipped scenario told the outside, with `node.yaml`.
struct StoryTrace {
    private let records: [TraceRecord]

    init(_ name: String, seed: UInt64) throws {
        var records: [TraceRecord] = []
        let simulation = Simulation(
            try StoryRun.scenario(name), profile: try StoryRun.profile("node.yaml"), seed: seed,
            trace: { if case .effect(.observe) = $0.content { records.append($0) } }
        )
        _ = try simulation.run()
        self.records = records
    }

    /// Every event of one host, with its time in seconds.
    func events(of host: String) -> [(at: Double, event: Event)] {
        records.compactMap {
            guard $0.host == host, case .effect(.observe(let event)) = $0.content else { return nil }
            return (Double($0.time) / 1e9, event)
        }
    }
}
