import Kernel
import Lab
import LabLive
import Profile
import Testing
import TimenodeCommands

/// Scenarios and profiles of the tests of live runs.
enum Scenarios {
    /// Three hosts n1 to n3 and these faults, a line each.
    static func scenario(_ faults: [String] = [], duration: String = "40s", more: String = "") throws -> Scenario {
        let text = """
            summary: Three nodes.
            duration: \(duration)
            warm_up: 1s
            start_spread: 200ms
            network:
              hosts:
                - {name: n1, address: 198.18.0.1}
                - {name: n2, address: 198.18.0.2}
                - {name: n3, address: 198.18.0.3}
              slot_interval: 1h
              latency_minimum: 50us
              latency_maximum: 50us
              jitter: 0s
            \(more)
            faults: [\(faults.joined(separator: ", "))]
            """
        let outcome = Scenario.load(text: text, name: "three")
        return try #require(outcome.value, "\(outcome.renderedDiagnostics())")
    }

    /// A profile with short timers.
    static func profile(_ name: String = "keepalive") throws -> LiveProfile {
        let loader = ProfileLoader(catalogue: Registry.standard.catalogue)
        let outcome = loader.load(path: Place.file("scenarios/fidelity/profiles/\(name).yaml"), overrides: [])
        return LiveProfile(try #require(outcome.value, "\(outcome.renderedDiagnostics())"), overrides: [])
    }
}
