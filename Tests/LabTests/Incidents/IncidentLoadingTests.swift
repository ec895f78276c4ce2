import Testing

@testable import Lab

@Suite("A catalogue file")
struct IncidentLoadingTests {
    private func errors(_ body: String) -> [String] {
        Incident.load(text: "incidents:\n" + body, name: "catalogue.yaml").diagnostics.map(\.message)
    }

    private func entry(id: String = "A1", metric: String = "forks", bound: String, expect: String) -> String {
        """
          - id: \(id)
            title: a title
            mechanism: a mechanism
            reproduced: {scenario: s, profile: p.yaml, metric: \(metric), \(bound)expect: {\(expect), because: so}}

        """
    }

    @Test("an unknown metric, two bounds or none, a range upside down and a repeated id are errors that name the entry")
    func problems() {
        let good = entry(bound: "fails_above: 1, ", expect: "from: 2, to: 3")
        #expect(errors(good).isEmpty)
        #expect(errors(good + good) == ["A1: there are two of it"])
        #expect(
            errors(entry(metric: "fork", bound: "fails_above: 1, ", expect: "from: 2"))
                == ["A1: no metric 'fork'; docs/laboratory.md lists them"]
        )
        let one = ["A1: state one of fails_above and fails_below"]
        #expect(errors(entry(bound: "", expect: "from: 2")) == one)
        #expect(errors(entry(bound: "fails_above: 1, fails_below: 1, ", expect: "from: 2")) == one)
        #expect(
            errors(entry(bound: "fails_above: 1, ", expect: "from: 2, to: 1")) == ["A1: expect: 'to' is below 'from'"]
        )
    }

    @Test("an entry needs exactly one standing")
    func standings() {
        #expect(errors("  - {id: A1, title: t, mechanism: m}\n").count == 1)
        #expect(errors("  - {id: A1, title: t, mechanism: m, not_modelled: {why: w, needs: n}}\n").isEmpty)
    }

    @Test("an outcome counts a run that ended first as beyond its age, and never as within a bound from below")
    func openWaits() throws {
        let text = "incidents:\n" + entry(metric: "recovery_seconds", bound: "fails_above: 100, ", expect: "from: 200")
        let incident = try #require(Incident.load(text: text, name: "c.yaml").value?.first)
        guard case .reproduced(let reproduction) = incident.status else {
            Issue.record("not reproduced")
            return
        }
        var open = RunMetrics(seed: 1)
        open[.recovery] = Samples(values: [], censored: [250])
        var short = RunMetrics(seed: 1)
        short[.recovery] = Samples(values: [3])
        let outcome = IncidentOutcome(reproduction, faulty: [open], control: [], node: [short])
        #expect(outcome.isReproduced && outcome.isHeldByNode && outcome.isAsExpected)
        #expect(outcome.faultyText == "≥250 s")
        #expect(outcome.nodeText == "3 s")
        #expect(IncidentOutcome(reproduction, faulty: [open], control: [short], node: [short]).isOwedToFault)
        #expect(!IncidentOutcome(reproduction, faulty: [open], control: [short, open], node: [short]).isOwedToFault)
        // A run that lacks the metric shows nothing.
        let empty = IncidentOutcome(reproduction, faulty: [RunMetrics(seed: 1)], control: [], node: [short])
        #expect(!empty.isReproduced)
        #expect(!IncidentOutcome(reproduction, faulty: [short], control: [], node: [open]).isHeldByNode)
    }
}
