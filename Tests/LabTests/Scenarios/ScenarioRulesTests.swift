import Foundation
import Testing

@testable import Lab

@Suite("What a scenario file cannot say") struct ScenarioRulesTests {
    private static let good = """
        summary: S
        duration: 10m
        network:
          minimum_masternodes: 2
          hosts:
            - {name: a, address: 192.0.2.1}
            - {name: b, address: 192.0.2.2}
            - {name: c, address: "2001:db8::3", start_at: 1m}
        faults:
          - {at: 1m, kill: {node: b, down: 5s}}
          - {at: 2m, partition: {first: 1, for: 5s}}
        swarm: {until: 9m}
        """

    @Test("the file that each of them spoils is taken")
    func good() { #expect(Scenario.load(text: Self.good, name: "s").value != nil) }

    @Test(
        "each is refused at its line, with what to do",
        arguments: [
            ("name: b,", "name: a,", 7, "'a' is hosts[0] already: give each host a name of its own"),
            ("name: b,", "name: all,", 7, "cannot be called 'all'"),
            ("name: b,", "name: '7',", 7, "cannot be called '7'"),
            ("name: b,", "name: '',", 7, "give it another name"),
            ("192.0.2.2", "192.0.2.1", 7, "192.0.2.1 is that of hosts[0] (a) already"),
            ("2001:db8::3", "::ffff:192.0.2.1", 8, "192.0.2.1 is that of hosts[0] (a) already"),
            ("192.0.2.2", "224.0.0.1", 7, "one of a group (multicast): give one that can be dialled"),
            ("192.0.2.2", "0.0.0.0", 7, "stands for this host or for none"),
            ("192.0.2.2", "0.1.2.3", 7, "stands for this host or for none"),
            ("192.0.2.2", "255.255.255.255", 7, "broadcast"), ("2001:db8::3", "ff02::1", 8, "multicast"),
            ("2001:db8::3", "::", 8, "stands for this host or for none"),
            ("2001:db8::3", "::ffff:224.0.0.1", 8, "multicast"),
            ("192.0.2.2}", "192.0.2.2, listed_at: 0.0.0.0}", 7, "listed_at"),
            ("masternodes: 2", "masternodes: 99", 4, "99 is more than the 3 masternodes, so that no block can be"),
            ("name: b, address: 192.0.2.2}", "name: b, address: 192.0.2.2, twin_of: z}", 7, "name one of the others"),
            ("masternodes: 2", "masternodes: 3\n  bootstrap: [z]", 5, "'z' is no host: there are a, b, c"),
            ("192.0.2.2}", "192.0.2.2, knows: [z]}", 7, "'z', which is no host: there are a, b, c"),
            ("start_at: 1m", "start_at: 10m", 8, "the host would never start"),
            ("{at: 1m", "{at: 10m", 10, "10m is not within the run of 10m, so the fault would never happen"),
            ("node: b", "node: z", 10, "no host 'z' (there are a, b, c)"),
            ("first: 1", "first: 3", 11, "'first' leaves nobody on the other side: write 2 or less"),
            ("until: 9m", "until: 11m", 12, "swarm.until: 11m is not within the run of 10m"),
        ]
    )
    func refused(old: String, new: String, line: Int, message: String) throws {
        let outcome = Scenario.load(text: Self.good.replacing(old, with: new, maxReplacements: 1), name: "s")
        #expect(outcome.value == nil)
        let first = try #require(outcome.diagnostics.first)
        #expect(first.location?.line == line, "\(outcome.renderedDiagnostics())")
        #expect(first.message.contains(message), "\(first.message)")
    }

    @Test("a minimum that is not stated is what the network can have")
    func minimum() throws {
        for (network, minimum) in [("{count: 2}", 2), ("{count: 6}", 3), ("{count: 6, neighbours: 2}", 3)] {
            let text = "summary: S\nduration: 1m\nnetwork: \(network)\n"
            #expect(Scenario.load(text: text, name: "s").value?.network.minimumMasternodes == minimum)
        }
        let ring = "summary: S\nduration: 1m\nnetwork: {count: 9, neighbours: 4, minimum_masternodes: 6}\n"
        let outcome = Scenario.load(text: ring, name: "s")
        #expect(outcome.renderedDiagnostics().contains("more than the 5 masternodes that a node knows"))
    }

    @Test("a plan's faults behind the end of the run are refused at their line")
    func plan() throws {
        let scenario = try #require(Scenario.load(text: Self.good, name: "s").value)
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID()).yaml").path
        let text = "faults:\n  - {at: 1m, reset: {from: a, to: b}}\n  - {at: 1h, kill: {node: a, down: 1s}}\n"
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(atPath: path) }
        let outcome = try FaultPlan.load(path: path).required().applied(to: scenario)
        #expect(outcome.value == nil)
        #expect(outcome.diagnostics.first?.location?.line == 3)
        #expect(outcome.diagnostics.first?.message.contains("the fault would never happen") == true)
    }
}
