import Testing

/// Decision record 0006.
@Suite struct ReplyKeyEventTests {
    private let profile = "2025-12-18-reply-key"

    @Test("a link whose pongs are lost lives for three pings, 90 s, and comes back after five seconds")
    func lowerFirst() throws {
        #expect(try PairRun.lowerFirst.events(of: profile).lines == EventList.replyKeyLowerFirst.lines)
    }

    @Test("the cycle does not depend on the start order, only its moments do")
    func higherFirst() throws {
        #expect(try PairRun.higherFirst.events(of: profile).lines == EventList.replyKeyHigherFirst.lines)
    }

    @Test("an hour of a pair has 37 reconnections")
    func hour() throws {
        var run = PairRun.lowerFirst
        run.duration = .seconds(3600)
        let events = try run.events(of: profile)
        #expect(events.count("link-up", at: "A") == 1 + 37)
        #expect(events.filter { $0.detail == "ping-timeout by us" }.count == 37)
    }
}
