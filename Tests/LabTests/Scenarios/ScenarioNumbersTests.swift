import Testing

@testable import Lab

@Suite("Scenarios with extreme numbers", .timeLimit(.minutes(10))) struct ScenarioNumbersTests {
    /// A number of every kind that a scenario can have.
    private static let text = """
        summary: S
        duration: 20s
        warm_up: 3s
        start_spread: 2s
        network:
          slot_interval: 5s
          minimum_masternodes: 2
          hosts:
            - {name: a, address: 192.0.2.1, start_at: 1s}
            - {name: b, address: 192.0.2.2, adversary: {interval: 2s}}
            - {name: c, address: 192.0.2.3}
            - {name: d, address: 192.0.2.4}
          neighbours: 2
          latency_minimum: 10ms
          latency_maximum: 20ms
          jitter: 1ms
          loss_per_million: 5
          paths: [{from: a, to: c, latency: 5ms, jitter: 2ms, loss_per_million: 7}]
          tcp_retries: 5
          bandwidth_kbit: 1000
          send_buffer: 8kB
          receive_buffer: 8kB
          backlog: 4
          clock_offset: 5ms
          clock_drift_ppm: 3
          service: {message: 1ms, block: 2ms, exchange: 3ms, accept: 4ms}
          start_up: 5ms
        traffic: {request: 100B, reply: 200B, interval: 4s}
        truth: {healthy_if_stall_below: 5s, recover_within: 6s}
        faults:
          - {at: 1s, power_loss: {node: a, for: 2s}}
          - {at: 2s, stall: {node: c, for: 2s, up_to: 3s}}
          - {at: 3s, long_work: {node: d, for: 2s}}
          - {at: 4s, suspend: {node: c, for: 2s}}
          - {at: 5s, kill: {node: a, down: 2s}}
          - {at: 6s, partition: {first: 1, for: 2s}}
          - {at: 7s, nat: {node: a, idle: 2s, for: 2s}}
          - {at: 8s, weather: {node: c, latency: 20ms, loss_per_million: 9, for: 2s}}
          - {at: 9s, clock: {node: d, ahead: 2s, behind: 1s, for: 2s}}
          - {at: 9s, disk: {node: d, delay: 20ms, for: 2s}}
        swarm: {until: 15s, most: 2, longest: 3s}
        supervisor: {interval: 3s, timeout: 2s, misses: 2, grace: 1s, down: 1s}
        """

    private static let extremes = [
        "-1", "0", "1", "2147483648", "999999999", "31536000", "9223372036854775807", "-9223372036854775808",
        "18446744073709551615", "99999999999999999999999999", "0.1", "1e9",
    ]

    @Test("are refused at a place, or run")
    func numbers() throws {
        let profile = try StoryRun.profile("node.yaml")
        try #require(Scenario.load(text: Self.text, name: "s").value != nil)
        var runs = 0
        for text in Numbers.changes(of: Self.text, to: Self.extremes) {
            let outcome = Scenario.load(text: text, name: "s")
            guard var scenario = outcome.value else {
                #expect(
                    outcome.diagnostics.allSatisfy { ($0.location?.line ?? 0) > 0 }, "\(outcome.renderedDiagnostics())")
                continue
            }
            #expect(!scenario.faultMarks(seed: .max).isEmpty && !scenario.planText.isEmpty && !scenario.digest.isEmpty)
            _ = scenario.quietAfter(seed: 3)
            // How long a run may be is said; how long a test may take too.
            scenario.duration = min(scenario.duration, .seconds(12))
            _ = try Simulation(scenario, profile: profile, seed: 1).run()
            runs += 1
        }
        #expect(runs > 100)
    }
}
