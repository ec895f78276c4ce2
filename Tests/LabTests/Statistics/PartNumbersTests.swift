import Foundation
import Testing

@testable import Lab

@Suite("Parts of a comparison with extreme numbers") struct PartNumbersTests {
    private static func part() throws -> ComparisonPart {
        let text = """
            summary: S
            duration: 30s
            start_spread: 1s
            network: {count: 2, slot_interval: 5s}
            faults: [{at: 10s, kill: {node: n1, down: 2s}}]
            """
        let scenario = try #require(Scenario.load(text: text, name: "s").value)
        let profile = try StoryRun.profile("node.yaml")
        let experiment = try Experiment(scenario, profiles: [profile], seeds: Experiment.Seeds(count: 1))
        var part = ComparisonPart(
            of: experiment, driver: "simulation", program: .init(version: "1", build: "2"),
            shard: try #require(.init(index: 1, of: 1))
        )
        let run = try Simulation(scenario, profile: profile, seed: 1, collectsTimeline: true).run()
        part.append(run, profile: 0)
        // One of each figure says as much as all.
        for index in part.runs[0].metrics.indices {
            part.runs[0].metrics[index].values = Array(part.runs[0].metrics[index].values.prefix(1))
            part.runs[0].metrics[index].censored = Array(part.runs[0].metrics[index].censored.prefix(1))
        }
        return part
    }

    private static let extremes = ["-1", "1e300", "-1e300", "9223372036854775807", "1.5", "0", "18446744073709551615"]

    @Test("are refused, or compared and shown")
    func numbers() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let text = String(decoding: try encoder.encode(Self.part()), as: UTF8.self)
        var compared = 0
        for changed in Numbers.changes(of: text, to: Self.extremes) {
            guard let part = try? JSONDecoder().decode(ComparisonPart.self, from: Data(changed.utf8)),
                let merged = try? MergedComparison([("part", part)]), let comparison = try? merged.comparison()
            else { continue }
            compared += 1
            let page = HTMLReport.render(comparison, timelines: merged.timelines, histories: merged.histories)
            #expect(
                !page.isEmpty && !JSONReport.render(comparison).isEmpty && !MarkdownReport.render(comparison).isEmpty)
            #expect(!TerminalReport.render(comparison, width: 80, color: false).isEmpty)
        }
        #expect(compared > 10)
    }
}
