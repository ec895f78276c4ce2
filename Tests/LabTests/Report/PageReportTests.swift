import Foundation
import Testing

@testable import Lab

@Suite struct PageReportTests {
    @Test("JSON parses and has the members of schema 1")
    func schema() throws {
        let text = JSONReport.render(try ReportFixture.comparison())
        let root = try object(try JSONSerialization.jsonObject(with: Data(text.utf8)))
        #expect(root["schema"] as? Int == 1)
        #expect(root["scenario"] as? String == "two-minute-cycle")
        #expect(root["driver"] as? String == "simulation")
        #expect(root["duration_seconds"] as? Int == 3_600)
        #expect(root["seeds"] as? [Int] == Array(1...10))
        let profiles = try #require(root["profiles"] as? [[String: Any]])
        #expect(profiles.compactMap { $0["name"] as? String } == ["node", "quick-win", "keepalive"])
        #expect(profiles.allSatisfy { $0["path"] is String && $0["digest"] is String })
        let metrics = try object(profiles[1]["metrics"])
        let lifetime = try object(metrics["link_lifetime_seconds"])
        #expect(
            lifetime.keys.sorted() == [
                "censored_share", "high", "low", "median", "p5", "p50", "p99", "runs", "samples",
            ]
        )
        #expect(lifetime["median"] as? Double == 95 && lifetime["samples"] as? Int == 40)
        #expect(metrics["cpu_percent"] == nil)
        let differences = try #require(root["differences"] as? [[String: Any]])
        #expect(differences.count == 13)
        let verdicts = ["better", "worse", "no difference", "undecided"]
        #expect(differences.allSatisfy { verdicts.contains($0["verdict"] as? String ?? "") })
        #expect((root["winners"] as? [[String: Any]])?.count == 2)
    }

    @Test("JSON is the same bytes each time, with members in the written order")
    func stableJSON() throws {
        let text = JSONReport.render(try ReportFixture.comparison())
        #expect(JSONReport.render(try ReportFixture.comparison()) == text)
        #expect(
            text.hasPrefix(
                "{\n  \"schema\": 1,\n  \"scenario\": \"two-minute-cycle\",\n  \"driver\": \"simulation\",\n"))
        #expect(text.contains("\"median\": 2.5,\n"))
    }

    @Test("an open-ended lifetime has no percentiles in JSON and says that its median is a bound")
    func openEnded() throws {
        let text = JSONReport.render(try ReportFixture.comparison(names: ["node"], seeds: 1))
        let root = try object(try JSONSerialization.jsonObject(with: Data(text.utf8)))
        let profiles = try #require(root["profiles"] as? [[String: Any]])
        let lifetime = try object(try object(profiles[0]["metrics"])["link_lifetime_seconds"])
        #expect(lifetime.keys.sorted() == ["censored_share", "median", "median_is_lower_bound", "runs", "samples"])
    }

    @Test("Markdown has the table, the loss in words, the spread and the definitions")
    func markdown() throws {
        let text = MarkdownReport.render(try ReportFixture.comparison(names: ["node", "quick|win", "keepalive"]))
        let lines = text.split(separator: "\n")
        #expect(lines.contains("| metric | node | quick\\|win | keepalive |"))
        #expect(lines.contains("| Link lifetime, s | ≥3595 | 95, worse | ≥3595, no difference |"))
        #expect(lines.contains { $0.hasPrefix("- Time to drop a silent peer: keepalive has 13 s, node 65.6 s") })
        #expect(
            lines.contains(
                "| Time to drop a silent peer, s | quick\\|win | not reached | not reached | not reached | 100 % | 10 |"
            ))
        #expect(text.contains("| `forks`") == false && text.contains("| `link_lifetime_seconds` |"))
        let all = text.split(separator: "\n", omittingEmptySubsequences: false)
        for table in all.split(whereSeparator: { !$0.hasPrefix("|") }) {
            let columns = table.map { $0.replacing("\\|", with: "").count { $0 == "|" } }
            #expect(columns.allSatisfy { $0 == columns.first })
        }
    }

    @Test("HTML is well-formed, self-contained and escapes foreign text")
    func html() throws {
        let comparison = try ReportFixture.comparison(names: ["node", "<script>alert('x')</script>", "keepalive"])
        let text = HTMLReport.render(comparison, timelines: ReportFixture.timelines)
        #expect(MarkupChecker.problems(in: text) == [])
        #expect(text.hasPrefix("<!DOCTYPE html>\n<html lang=\"en\">"))
        for banned in ["<script", "http:", "https:", "src=", "<link", "@import", "url(http", "onclick"] {
            #expect(!text.contains(banned), "\(banned)")
        }
        #expect(text.contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;"))
        #expect(text.contains("prefers-color-scheme") && text.contains("@media print"))
        #expect(text.contains("tabindex=\"0\"") && text.contains("b stalls &amp; &quot;sleeps&quot;"))
    }

    @Test("a timeline draws every state of a pair and every fault")
    func timeline() throws {
        let text = HTMLReport.render(try ReportFixture.comparison(), timelines: ReportFixture.timelines)
        for state in TimelineState.allCases {
            // Once in the legend and once for the pair.
            #expect(text.components(separatedBy: "<path class=\"\(state.rawValue)\" d=\"M").count >= 3)
        }
        // Two faults, behind each of the two pairs.
        #expect(text.components(separatedBy: "class=\"fault\"").count == 5)
        #expect(text.contains("power loss of b, from 2 min 30 s on"))
        #expect(text.contains("<th scope=\"row\">a–b</th><td class=\"n\">5 %</td><td class=\"n\">45 %</td>"))
    }

    @Test("HTML without timelines, rows or rivals is still a page")
    func empty() throws {
        let run = ProfileRuns(name: "a", path: "", digest: "", runs: [RunMetrics(seed: 1)])
        let comparison = try Comparison([run], scenario: "s", driver: "d", durationSeconds: 0)
        let text = HTMLReport.render(comparison)
        #expect(MarkupChecker.problems(in: text) == [])
        #expect(!text.contains("Link timelines") && !text.contains("loses"))
        let blank = LinkTimeline(profile: "a", pairs: [], faults: [], duration: 0)
        #expect(MarkupChecker.problems(in: HTMLReport.render(comparison, timelines: [blank])) == [])
        #expect(!TerminalReport.render(comparison, width: 80, color: false).isEmpty)
        #expect(!MarkdownReport.render(comparison).isEmpty && !JSONReport.render(comparison).isEmpty)
    }

    @Test("a day of two-minute links stays a small file")
    func size() throws {
        let spans = (0..<909).flatMap { cycle -> [Span] in
            let start = Double(cycle) * 95
            return [
                Span(start: start, end: start + 90, state: .up), Span(start: start + 90, end: start + 95, state: .down),
            ]
        }
        let pairs = (1...15).map { PairTimeline(name: "pair \($0)", spans: spans) }
        let timelines = (1...2).map { LinkTimeline(profile: "p\($0)", pairs: pairs, faults: [], duration: 86_400) }
        let text = HTMLReport.render(try ReportFixture.comparison(), timelines: timelines)
        #expect(text.utf8.count < 1_500_000)
    }

    private func object(_ value: Any?) throws -> [String: Any] {
        try #require(value as? [String: Any])
    }
}
