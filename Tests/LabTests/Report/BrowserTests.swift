import Foundation
import Testing

@testable import Lab

@Suite("The page in a browser", .enabled(if: Browser.path != nil, "chromium is not installed"))
struct BrowserTests {
    @Test("nothing is wider than the page, with everything unfolded, and the browser has nothing to complain of")
    func fits() async throws {
        let names = ["node", "2025-12-17-quick-win with modules.liveness.use=ping-pong and then some", "keepalive"]
        let comparison = try ReportFixture.comparison(names: names)
        let texts = [
            HTMLReport.render(comparison, timelines: Self.timelines(names), histories: Self.histories(names)),
            HTMLReport.render(try ReportFixture.comparison(names: ["node"], seeds: 1)),
        ]
        for text in texts {
            let report = try await Browser.measure(text, widths: [320, 400, 800, 1_280])
            #expect(report.problems == [])
            #expect(report.complaints == [])
            #expect(report.measured > 100)
        }
    }

    @Test("the measurement notices a page that is too wide")
    func noticesOverflow() async throws {
        let page =
            "<!DOCTYPE html><html lang=\"en\"><head><title>x</title></head><body><main><p style=\"width:2000px\">x</p>"
            + "</main></body></html>"
        let report = try await Browser.measure(page, widths: [400])
        #expect(report.problems.contains { $0.contains("page") })
    }

    private static func timelines(_ names: [String]) -> [LinkTimeline] {
        names.map { name in
            let pairs = (0..<60).map { number in
                PairTimeline(
                    name: "a-host-with-a-long-name-\(number)–another-one-\(number)",
                    spans: [
                        Span(start: 0, end: 10, state: .down), Span(start: 10, end: 3_000, state: .up),
                        Span(start: 3_000, end: 3_300, state: .zombie), Span(start: 3_300, end: 3_600, state: .double),
                    ],
                    ends: [LinkEndMark(at: 3_300, reason: "timed-out")]
                )
            }
            let faults = (1...5).map { FaultMark(start: Double($0) * 700, end: nil, label: "host \($0) loses power") }
            return LinkTimeline(profile: name, pairs: pairs, faults: faults, duration: 3_600)
        }
    }

    private static func histories(_ names: [String]) -> [ProfileHistory] {
        names.map { name in
            var history = RunHistory()
            history.nodes = 12
            for span in 0..<RunHistory.spanCount {
                history.slots[span] = 3
                history.filledSlots[span] = 2
                history.end(span % 3 == 0 ? "timed-out" : "end-of-stream", span: span, isStranding: true)
            }
            history.forks[9] = 1
            return ProfileHistory(profile: name, runs: [history])
        }
    }
}
