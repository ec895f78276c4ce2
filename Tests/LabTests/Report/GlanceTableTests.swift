import Testing

@testable import Lab

@Suite("The head of the page: which profile loses links, when, and why") struct GlanceTableTests {
    @Test("it names the losers, the worst first, with rate, reason and time, and counts the others")
    func sentence() throws {
        let text = try page([
            history("node", [:]), history("quick-win", ["duplicate": [30: 60, 40: 60], "reset": [50: 20]]),
            history("keepalive", ["timed-out": [0: 12]]),
        ])
        // 140 ends in 10 runs of an hour with 2 nodes; spans of 30 s.
        let lead =
            "Links ended under 2 of 3 profiles: <b>quick-win</b> (7 per node and hour, 85.7 % <b>duplicate</b>, "
            + "15 min to 25 min 30 s); <b>keepalive</b> (0.60 per node and hour, 100 % <b>timed-out</b>, 0 s to 30 s). "
            + "Under the others every link stayed up. No fault was injected."
        #expect(text.contains("<p class=\"lead\">\(lead)</p>"))
        #expect(MarkupChecker.problems(in: text) == [])
    }

    @Test("where no link ended it says so, and where all profiles lose links it lists at most three")
    func extremes() throws {
        let quiet = try page(["node", "quick-win", "keepalive"].map { history($0, [:]) })
        #expect(quiet.contains("Under all 3 profiles every link that came up stayed up. No fault was injected."))
        let one = try ReportFixture.comparison(names: ["node"], seeds: 1)
        let alone = HTMLReport.render(one, histories: [history("node", [:])])
        #expect(alone.contains("Under this profile every link that came up stayed up."))
        let names = ["a", "b", "c", "d"]
        let all = HTMLReport.render(
            try ReportFixture.comparison(names: names), timelines: ReportFixture.timelines,
            histories: names.enumerated().map { history($1, ["silent": [1: $0 + 1]]) }
        )
        #expect(all.contains("Links ended under every profile: <b>d</b> ("))
        #expect(
            all.contains("; and 1 with fewer. Faults: b stalls &amp; &quot;sleeps&quot;, 50 s to 1 min 20 s; power"))
    }

    @Test("the row has the reasons by share, and how many ends left a node without a link")
    func why() throws {
        var entry = history("quick-win", ["duplicate": [1: 3], "reset": [1: 2], "silent": [2: 1], "glare": [3: 1]])
        entry.history.ends[0].stranding = 2
        let text = try page([history("node", [:]), entry, history("keepalive", [:])])
        #expect(text.contains("<b>duplicate</b> 42.9 %"))
        #expect(text.contains("<b>reset</b> 28.6 %"))
        #expect(text.contains("and 2 more; 28.6 % left a node without a link to that peer"))
        #expect(text.contains("<b>silent</b>: nothing arrived for too long</li>"))
    }

    @Test("reasons beyond the first four share a mark, and keep theirs from profile to profile")
    func sharedMarks() {
        let many = (1...7).map { history("p\($0)", ["reason-\($0)": [1: 10 - $0]]) }
        let marks = EndReasonMarks(many)
        #expect((1...7).map { marks.mark("reason-\($0)") } == ["end1", "end2", "end3", "end4", "end5", "end5", "end5"])
        #expect(marks.marks == ["end1", "end2", "end3", "end4", "end5"])
        #expect(EndReasonMarks(many.reversed()).reasons == marks.reasons)
    }

    @Test("slots filled and missed and forks are drawn and told")
    func blocks() throws {
        var entry = history("node", [:])
        for span in 1..<RunHistory.spanCount { entry.history.slots[span] = 3 }
        for span in 1..<100 { entry.history.filledSlots[span] = 3 }
        entry.history.forks[7] = 2
        let text = try page([entry, history("quick-win", [:]), history("keepalive", [:])])
        #expect(text.contains("node: 297 filled, 60 missed, 2 forks"))
        #expect(text.contains("<path class=\"missed\" d=\"M"))
        #expect(text.contains("<use href=\"#fork\" x=\"6.25%\""))
        #expect(!text.contains("quick-win: 0 filled"))
    }

    private func page(_ histories: [ProfileHistory]) throws -> String {
        HTMLReport.render(try ReportFixture.comparison(), histories: histories)
    }

    /// Ends by reason and span, in a network of two nodes.
    private func history(_ profile: String, _ ends: KeyValuePairs<String, KeyValuePairs<Int, Int>>) -> ProfileHistory {
        var history = RunHistory()
        history.nodes = 2
        for (reason, spans) in ends {
            for (span, count) in spans {
                for _ in 0..<count { history.end(reason, span: span, isStranding: false) }
            }
        }
        return ProfileHistory(profile: profile, runs: [history])
    }
}
