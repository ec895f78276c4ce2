import Testing

/// Decision record 0003.
@Suite struct BaselineEventTests {
    private let profile = "2025-12-16-baseline"

    @Test("one link comes up and stays; the end that found nobody at first redials it for ever, in vain")
    func lowerFirst() throws {
        #expect(try PairRun.lowerFirst.events(of: profile).lines == EventList.baselineLowerFirst.lines)
    }

    @Test("without a direction rule the two ends are alike: the other start order is the mirror image")
    func higherFirst() throws {
        #expect(try PairRun.higherFirst.events(of: profile).lines == EventList.baselineLowerFirst.mirrored)
    }

    @Test("two nodes that start at the same moment drop each other's dial at every try, in step")
    func together() throws {
        var run = PairRun.together
        run.duration = .seconds(125)
        #expect(try run.events(of: profile).lines == EventList.baselineTogether.lines)
    }

    @Test("two nodes have no link after an hour when each starts before the other's first request reaches it")
    func nearlyTogether() throws {
        let near = PairRun(startB: .milliseconds(39), duration: .seconds(3600))
        #expect(try near.events(of: profile).count("link-up") == 0)
        let apart = PairRun(startB: .milliseconds(41), duration: .seconds(3600))
        #expect(try apart.events(of: profile).count("link-up") == 2)
    }

    @Test("an hour of a pair has 316 redials, none of which succeeds")
    func hour() throws {
        var run = PairRun.lowerFirst
        run.duration = .seconds(3599)
        let events = try run.events(of: profile)
        #expect(events.count("dial-started", at: "A") == 1 + 316)
        #expect(events.count("refused", at: "B") == 316)
        #expect(events.count("link-up") == 2 && events.count("link-ended") == 0)
    }
}
