import Testing

@testable import Lab

@Suite("Bad weather on a line") struct WeatherTests {
    private static let second: Int64 = 1_000_000_000

    /// Two hosts 50 ms apart, one of which loses nine of ten segments until `end`.
    private func paths(until end: Int64) throws -> NetworkPaths {
        let text = """
            summary: S
            duration: 10m
            network: {count: 2, latency_minimum: 50ms, latency_maximum: 50ms, jitter: 0ms}
            """
        let scenario = try #require(Scenario.load(text: text, name: "s").value)
        var paths = NetworkPaths(of: scenario.network, seed: 1)
        paths.add(NetworkPaths.Weather(host: 0, latency: Self.second, loss: 900_000, until: end))
        return paths
    }

    private func delays(_ paths: NetworkPaths, departure: Int64) -> [Int64] {
        (1...2_000).map {
            paths.delay(base: Self.second / 20, from: 0, to: 1, connection: 7, segment: $0, departure: departure)
        }
    }

    @Test("a segment that is sent again once it is over gets through as ever")
    func over() throws {
        let paths = try paths(until: 100 * Self.second)
        // Tries at 0, 2.3, 6.9, 16.1 … seconds: the first at or behind the end arrives 50 ms later.
        let delays = delays(paths, departure: 95 * Self.second)
        #expect(delays.max() == 6_950_000_000)
        #expect(delays.contains { $0 == 1_050_000_000 } && delays.contains { $0 == 3_350_000_000 })
        #expect(Set(delays).count == 3)
        #expect(Set(self.delays(paths, departure: 100 * Self.second)) == [50_000_000])
    }

    @Test("as long as it lasts each try is lost as often, and waits twice as long")
    func lasting() throws {
        let delays = delays(try paths(until: .max), departure: 0)
        let tries = delays.filter { $0 == 1_050_000_000 }.count
        #expect((120...280).contains(tries))
        #expect((delays.max() ?? 0) > 120 * Self.second)
    }

    @Test("a host that had bad weather is linked with everybody a minute after it, with the seed that once it was not")
    func linksRecover() throws {
        let scenario = try StoryRun.scenario("swarm").with(plan: [
            .kill(0, at: .milliseconds(44_495), down: .milliseconds(937)),
            .kill(2, at: .milliseconds(140_638), down: .milliseconds(468)),
            Scenario.Fault(
                at: .milliseconds(331_168),
                kind: .weather(
                    .index(0), latency: .milliseconds(860), lossPerMillion: 220_169, duration: .seconds(120)
                )
            ),
        ])
        let run = try Simulation(scenario, profile: try StoryRun.profile("node.yaml"), seed: 7_019_110).run()
        #expect(run.verdict == .held, "\(run.verdict)")
    }
}
