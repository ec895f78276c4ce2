import Lab
import Testing

@Suite("The simulator beside the real kernel") struct FidelityTableTests {
    private func run(_ detection: [Double], dials: Double, open: [Double] = []) -> RunMetrics {
        var metrics = RunMetrics(seed: 1)
        metrics[.detection] = Samples(values: detection, censored: open)
        metrics.record(.dials, dials)
        return metrics
    }

    private func table(_ simulated: [RunMetrics], _ real: [RunMetrics]) -> FidelityTable {
        FidelityTable(
            scenario: "s", summary: "S.", profile: "p", hours: 0.01, nodes: 3, simulated: simulated, real: real
        )
    }

    @Test("times agree within a tenth or a tick, counts only where they are equal")
    func tolerances() throws {
        let near = table([run([9.1], dials: 200)], [run([10], dials: 200)])
        #expect(near.rows.filter { !$0.isWithin }.isEmpty)
        #expect(near[.dials]?.simulated.median == 6)
        let far = table([run([8.9], dials: 234)], [run([10], dials: 200)])
        #expect(far.rows.allSatisfy { !$0.isWithin })
        let short = table([run([0.0001], dials: 200)], [run([0.004], dials: 200)])
        #expect(try #require(short[.detection]).isWithin)
        let late = table([run([0.0001], dials: 200)], [run([0.0042], dials: 200)])
        #expect(try !#require(late[.detection]).isWithin)
    }

    @Test("a wait that only one world saw the end of differs; one that neither did agrees")
    func openWaits() throws {
        let never = run([], dials: 0, open: [30])
        #expect(try #require(table([never], [never])[.detection]).isWithin)
        #expect(try !#require(table([never], [run([30], dials: 0)])[.detection]).isWithin)
    }

    @Test("only what both worlds measured is a row")
    func rows() {
        var simulated = run([1], dials: 0)
        simulated.record(.messages, 12)
        #expect(table([simulated], [run([1], dials: 0)]).rows.map(\.metric) == [.dials, .detection])
    }

    @Test("the page says of each difference why, or that nobody knows")
    func notes() {
        let table = table([run([8], dials: 234)], [run([10], dials: 200)])
        let note = FidelityNote(
            scenario: "s", profile: "", metric: "detection_seconds", why: "Because.", isChecked: false)
        let page = FidelityPage([table], notes: [note], driver: "netns", machine: "here")
        #expect(
            page.verdict
                == "0 of 2 figures agree; 2 do not: 0 for a reason that was checked, 1 for a likely one that was not, "
                + "1 for none that is known.")
        #expect(page.unexplained.map(\.row.metric) == [.dials])
        let text = page.markdown()
        #expect(text.contains("simulated 8, real 10. *Likely, not checked:* Because."))
        #expect(text.contains("**Not explained yet.**"))
        #expect(text.contains("| s | p | **8 / 10** |"))
        #expect(page.text().contains("differs"))
    }
}
