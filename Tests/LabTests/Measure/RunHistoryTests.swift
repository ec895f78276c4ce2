import Testing

@testable import Lab

@Suite("What a run keeps of its links' ends and its blocks") struct RunHistoryTests {
    @Test("a silent peer costs each of its five links once, after the fault, for the reason of the end that noticed")
    func silentPeer() throws {
        let result = try StoryRun.run("node.yaml", in: try StoryRun.scenario("silent-peer-idle"), seed: 1)
        #expect(result.history.ends.map(\.reason) == ["timed-out"])
        #expect(result.history.endCount == 5 && result.history.strandingCount == 5)
        let first = try #require(result.history.ends[0].bySpan.firstIndex { $0 > 0 })
        // 600.5 s into 30 min.
        #expect(first >= 40)
    }

    @Test("every end of the incident is counted once: as often as links of the pair are lost at the dialler")
    func onceEach() throws {
        let result = try timed("profiles/2025-12-17-quick-win.yaml", in: "two-minute-cycle")
        #expect(result.history.rankedEnds.map(\.reason).sorted() == ["duplicate", "end-of-stream"])
        #expect(result.history.endCount == result.metrics[.linkLifetime]?.values.count)
        let marks = result.timeline.flatMap(\.ends)
        #expect(marks.count == result.history.endCount)
        for ends in result.history.ends {
            #expect(marks.count { $0.reason == ends.reason } == ends.count)
        }
        #expect(
            result.timeline.allSatisfy { pair in zip(pair.ends, pair.ends.dropFirst()).allSatisfy { $0.at <= $1.at } })
    }

    @Test("a killed process gives no reason, and its peers' reasons count")
    func killed() throws {
        var scenario = try StoryRun.scenario("steady")
        scenario.faults = [Scenario.Fault(at: .seconds(300), kind: .kill(.index(2), down: .seconds(60)))]
        let result = try StoryRun.run("node.yaml", in: scenario, seed: 1)
        #expect(result.history.endCount == 5)
        #expect(result.history.ends.allSatisfy { ["end-of-stream", "reset"].contains($0.reason) })
    }

    @Test("slots add up to the schedule, filled ones to the blocks, and forks to the table's")
    func blocks() throws {
        let result = try timed("profiles/2025-12-18-reply-key.yaml", in: "two-minute-cycle")
        let history = result.history
        #expect(history.slots.reduce(0, +) == 359)
        #expect(zip(history.slots, history.filledSlots).allSatisfy { $0 >= $1 })
        let forks = try StoryRun.figure(.forks, result)
        // The table counts heights, the history blocks beyond the first of a height.
        #expect(Double(history.forks.reduce(0, +)) >= forks && forks > 0)
    }

    @Test("keeping pair histories changes nothing that is measured")
    func observation() throws {
        let scenario = try StoryRun.scenario("silent-peer-idle")
        let plain = try StoryRun.run("node.yaml", in: scenario, seed: 3)
        let kept = try timed("node.yaml", in: "silent-peer-idle", seed: 3)
        #expect(plain.digest == kept.digest && plain.metrics == kept.metrics && plain.history == kept.history)
        #expect(plain.timeline.isEmpty && !kept.timeline.isEmpty)
    }

    @Test("histories add up, whatever the order of their reasons")
    func addition() {
        var one = RunHistory()
        one.end("a", span: 0, isStranding: true)
        one.end("b", span: 119, isStranding: false)
        var two = RunHistory()
        two.end("b", span: 119, isStranding: true)
        two.end("b", span: 5, isStranding: false)
        two.nodes = 6
        one.add(two)
        #expect(one.rankedEnds.map(\.reason) == ["b", "a"] && one.rankedEnds.map(\.count) == [3, 1])
        #expect(one.endCount == 4 && one.strandingCount == 2 && one.nodes == 6)
        #expect(RunHistory.span(of: 100, in: 100) == 119 && RunHistory.span(of: 0, in: 100) == 0)
        #expect(RunHistory.span(of: 5, in: 0) == 0)
    }

    private func timed(_ path: String, in name: String, seed: UInt64 = 1) throws -> RunResult {
        let simulation = Simulation(
            try StoryRun.scenario(name), profile: try StoryRun.profile(path), seed: seed, collectsTimeline: true
        )
        return try simulation.run()
    }
}
