import Testing

/// Decision record 0004: the incident.
@Suite struct QuickWinEventTests {
    private let profile = "2025-12-17-quick-win"

    @Test("every two minutes the higher end dials a link that stands, and both links of the pair die of it")
    func lowerFirst() throws {
        #expect(try PairRun.lowerFirst.events(of: profile).lines == EventList.quickWinLowerFirst.lines)
    }

    @Test("a periodic pass that falls into the five seconds of a sleeping redial dials beside it")
    func higherFirst() throws {
        #expect(try PairRun.higherFirst.events(of: profile).lines == EventList.quickWinHigherFirst.lines)
    }

    @Test("an hour of a pair has 29 cycles, two new links each")
    func hour() throws {
        var run = PairRun.lowerFirst
        run.duration = .seconds(3600)
        let events = try run.events(of: profile)
        #expect(events.count("dial-started", at: "B") == 29)
        #expect(events.filter { $0.word == "link-up" && $0.detail == "dialled" }.count == 1 + 2 * 29)
        #expect(events.count("refused", at: "A") == 29)
    }
}
