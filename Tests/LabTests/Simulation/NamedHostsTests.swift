import Kernel
import Profile
import Testing
import Wire

@testable import Lab

@Suite("Names in a simulated network") struct NamedHostsTests {
    private static let scenario = """
        summary: Nobody's file has an address.
        duration: 5m
        network:
          hosts:
            - {name: Seed-One, address: 165.84.215.117, listed: false}
            - {name: two, address: 165.232.154.150, listed: false}
            - {name: three, address: 178.128.199.144, listed: false}
          slot_interval: 10s
          minimum_masternodes: 2

        """

    private func run(_ discovery: String) throws -> (result: RunResult, records: [TraceRecord]) {
        let plan = try #require(Scenario.load(text: Self.scenario, name: "names").value)
        let profile = """
            node: {network_file: network.yaml}
            modules:
              transport: {use: tcp}
              links: {use: single-link}
              discovery: {\(discovery)}
              liveness: {use: none}
              consensus: {use: slot-leader}
              store: {use: memory}
            """
        let outcome = ProfileLoader(catalogue: Registry.lab.catalogue).load(text: profile, name: "names.yaml")
        let effective = try #require(outcome.value, "\(outcome.renderedDiagnostics())")
        var records: [TraceRecord] = []
        let simulated = try SimulatedProfile(effective, registry: .lab)
        let result = try Simulation(plan, profile: simulated, seed: 1) { records.append($0) }.run()
        return (result, records)
    }

    private func linked(_ records: [TraceRecord]) -> Int {
        records.count { if case .effect(.observe(.linkUp)) = $0.content { true } else { false } }
    }

    @Test("three nodes that know nothing but a seed's name find each other, and a name that is nobody's has a cause")
    func seeds() throws {
        let (_, records) = try run(
            "use: [masternode-priority, gossip, dns-seeds], "
                + "dns-seeds: {seeds: [\"seed-one:24100\", \"nobody.example:24100\"]}")
        #expect(linked(records) == 6)
        let failures = records.compactMap { record -> Resolution.Failure? in
            if case .input(.resolved(_, .failed(let failure))) = record.content { failure } else { nil }
        }
        #expect(Set(failures) == [.unknownName])
        let answers = records.compactMap { record -> [IPAddress]? in
            if case .input(.resolved(_, .addresses(let addresses))) = record.content { addresses } else { nil }
        }
        #expect(answers.first.map { $0.map(\.description) } == ["165.84.215.117"])
    }

    @Test("without the name nobody finds anybody")
    func without() throws {
        #expect(linked(try run("use: [masternode-priority, gossip]").records) == 0)
    }
}
