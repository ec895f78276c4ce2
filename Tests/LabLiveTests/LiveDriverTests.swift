import Lab
import LabLive
import Testing

@Suite("What a driver refuses beforehand") struct LiveDriverTests {
    private let text = """
        summary: Three nodes.
        duration: 40s
        network: {count: 3}
        faults:
          - {at: 20s, partition: {first: 1, for: 5s}}
          - {at: 5s, stall: {node: n1, for: 5s}}
          - at: 10s
            power_loss: {node: n2}
        """

    @Test("loopback refuses what it cannot do, with the line of the fault and what to do instead")
    func loopback() throws {
        let scenario = try #require(Scenario.load(text: text, name: "three").value)
        let places = FaultPlaces.places(of: scenario, path: "three.yaml", text: text)
        #expect(places.map { $0.prefix(13) } == ["three.yaml:6:", "three.yaml:7:", "three.yaml:5:"])
        let refusals = LiveDriver.live.refusals(scenario, seeds: [1, 2], places: places, retries: 15)
        #expect(refusals.count == 2)
        #expect(refusals[0].hasPrefix("three.yaml:7: the fault at 10s (n2 loses power): power_loss: "))
        #expect(refusals[1].hasPrefix("three.yaml:5: the fault at 20s (partition 1/2): drop, partition: "))
        #expect(refusals.allSatisfy { $0.hasSuffix("use --driver netns") })
    }

    @Test("namespaces refuse none of these")
    func namespaces() throws {
        let scenario = try #require(Scenario.load(text: text, name: "three").value)
        let places = FaultPlaces.places(of: scenario, path: "three.yaml", text: text)
        #expect(LiveDriver.netns.refusals(scenario, seeds: [1], places: places) == [])
    }

    @Test("loopback loses nothing and has the machine's own tcp_retries2")
    func network() throws {
        let scenario = try #require(
            Scenario.load(
                text: "summary: S\nduration: 9s\nnetwork: {count: 2, loss_per_million: 9, tcp_retries: 5}", name: "s"
            ).value
        )
        let refusals = LiveDriver.live.refusals(scenario, seeds: [1], places: [], retries: 15)
        #expect(refusals.count == 2)
        #expect(refusals.contains { $0.contains("loss_per_million") })
        #expect(refusals.contains { $0.contains("this machine has 15, the scenario asks for 5") })
        #expect(LiveDriver.netns.refusals(scenario, seeds: [1], places: []) == [])
        #expect(LiveDriver.live.remarks(scenario).count == 1 && LiveDriver.netns.remarks(scenario).isEmpty)
    }

    @Test("what only the simulator has is refused by its key, not left out", arguments: LiveDriver.allCases)
    func simulatedOnly(_ driver: LiveDriver) throws {
        let text = """
            summary: S
            duration: 90s
            network:
              hosts:
                - {name: a, address: 198.51.100.1}
                - {name: b, address: 198.51.100.2, profile: other.yaml}
                - {name: c, address: 198.51.100.3, twin_of: a}
                - {name: d, address: 198.51.100.4, network: other}
                - {name: e, address: 198.51.100.5, adversary: {kind: garbage}}
              bandwidth_kbit: 100
              service: {message: 1ms}
              clock_offset: 1s
              clock_drift_ppm: 9
            swarm: {until: 10s}
            """
        let scenario = try #require(Scenario.load(text: text, name: "s").value)
        let refusals = driver.refusals(scenario, seeds: [1], places: [], retries: 15)
        let keys = [
            "swarm", "bandwidth_kbit", "service", "clock_offset", "clock_drift_ppm", "twin_of", "profile",
            "hosts.network", "adversary",
        ]
        #expect(keys.allSatisfy { key in refusals.contains { $0.contains(key) } })
        #expect(refusals.count == keys.count)
    }

    @Test("a place without a line is better than a wrong one")
    func unknownPlaces() throws {
        let scenario = try #require(Scenario.load(text: text, name: "three").value)
        let places = FaultPlaces.places(of: scenario, path: "three.yaml", text: "something else")
        #expect(places.allSatisfy { $0.hasPrefix("three.yaml: the fault at ") })
    }
}
