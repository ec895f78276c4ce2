import Testing

@testable import Lab

/// Hosts that have another one's key.
struct TwinTests {
    private func load(_ twins: [(name: String, twinOf: String?)]) -> (scenario: Scenario?, diagnostics: String) {
        let hosts = twins.enumerated().map { index, host in
            "    - {name: \(host.name), address: 198.51.100.\(index + 1)\(host.twinOf.map { ", twin_of: \($0)" } ?? "")}"
        }
        let text = "summary: S\nduration: 90s\nnetwork:\n  hosts:\n\(hosts.joined(separator: "\n"))\n"
        let outcome = Scenario.load(text: text, name: "twins")
        return (outcome.value, outcome.renderedDiagnostics())
    }

    @Test("the twin of a twin has the first one's key")
    func chain() throws {
        let scenario = try #require(load([("c", "b"), ("b", "a"), ("a", nil), ("d", nil)]).scenario)
        #expect(scenario.network.hosts.map(\.twinOf) == [2, 2, nil, nil])
    }

    @Test(
        "twins that lead to no host with a key of its own are refused",
        arguments: [
            [("a", "a"), ("b", nil)], [("a", "b"), ("b", "a")], [("a", "b"), ("b", "c"), ("c", "b")],
            [("a", "nobody"), ("b", nil)],
        ] as [[(String, String?)]])
    func cycles(twins: [(String, String?)]) {
        let (scenario, diagnostics) = load(twins.map { (name: $0.0, twinOf: $0.1) })
        #expect(scenario == nil)
        #expect(diagnostics.contains("is the twin of"))
    }
}
