import Testing

/// Decision record 0005.
@Suite struct DirectionEverywhereEventTests {
    private let profile = "2025-12-17-direction-everywhere"

    @Test("the lower end dials until the other end is there, and then nothing happens any more")
    func lowerFirst() throws {
        #expect(try PairRun.lowerFirst.events(of: profile).lines == EventList.everywhereLowerFirst.lines)
    }

    @Test("an end that starts first and has not the turn waits for the other end's dial")
    func higherFirst() throws {
        #expect(try PairRun.higherFirst.events(of: profile).lines == EventList.everywhereHigherFirst.lines)
    }
}
