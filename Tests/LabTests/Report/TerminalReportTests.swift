import Foundation
import Testing

@testable import Lab

@Suite struct TerminalReportTests {
    @Test("the table shows medians, verdicts, the winner and where the reference loses")
    func golden() throws {
        let text = TerminalReport.render(try ReportFixture.comparison(), width: 80, color: false)
        #expect(text == Self.golden)
    }

    @Test("eight profiles and all metrics fit into 120 columns with numbers for names")
    func eightProfiles() throws {
        let names = (1...8).map { "2025-12-17-a-rather-long-name-\($0)" }
        let runs = names.map { name in
            ProfileRuns(
                name: name,
                path: "p",
                digest: "0123456789abcdef",
                runs: (1...6).map { seed in
                    var run = RunMetrics(seed: UInt64(seed))
                    for metric in Metric.all {
                        run.record(metric, metric.unit == .ratio ? 0.98765 : 123_456.7 + Double(seed))
                    }
                    return run
                }
            )
        }
        let comparison = try Comparison(runs, scenario: "s", driver: "simulation", durationSeconds: 60)
        let lines = TerminalReport.render(comparison, width: 120, color: false).split(separator: "\n")
        #expect(lines.allSatisfy { $0.count <= 120 })
        #expect(lines.count { $0.hasPrefix("metric ") } == 1)
        #expect(lines.count { $0.hasPrefix("Link lifetime, s ") } == 1)
    }

    @Test("where the columns do not fit, each profile gets a line, in tables of about equal width")
    func turned() throws {
        let text = TerminalReport.render(try ReportFixture.comparison(), width: 56, color: false)
        let tables = text.components(separatedBy: "\n\n").filter { $0.contains("───") }.joined(separator: "\n\n")
        #expect(tables == Self.turned)
    }

    @Test("rows that are equal in every column are a sentence where the whole table does not fit")
    func equalRows() throws {
        let names = (1...12).map { "profile-\($0)" }
        let runs = names.enumerated().map { index, name in
            ProfileRuns(
                name: name, path: "p", digest: "\(index)",
                runs: (1...6).map { seed in
                    var run = RunMetrics(seed: UInt64(seed))
                    run.record(.handshakeSuccess, 0.5)
                    run.record(.forks, 0)
                    run.record(.dials, Double(100 * index + seed))
                    return run
                }
            )
        }
        let comparison = try Comparison(runs, scenario: "s", driver: "simulation", durationSeconds: 60)
        let wide = TerminalReport.render(comparison, width: 200, color: false)
        #expect(wide.contains("\nForks ") && !wide.contains("The same under every profile"))
        let narrow = TerminalReport.render(comparison, width: 60, color: false)
        #expect(narrow.contains("The same under every profile: handshakes completed 0.500;\nforks 0."), "\(narrow)")
        #expect(!narrow.contains("\nForks "))
        #expect(narrow.split(separator: "\n").filter { !$0.contains("p  ") }.allSatisfy { $0.count <= 60 })
        // Whatever the width, no column of labels is repeated for the sake of one column.
        #expect(narrow.split(separator: "\n").count { $0.hasPrefix("profile ") } <= 1)
    }

    @Test("profiles that are the same once everything is said are named as such, in every form")
    func sameProfiles() throws {
        let runs = ["a", "b", "c"].map { name in
            ProfileRuns(
                name: name, path: "\(name).yaml", digest: name == "b" ? "other" : "digest",
                runs: [RunMetrics(seed: 1)]
            )
        }
        let comparison = try Comparison(runs, scenario: "s", driver: "simulation", durationSeconds: 60)
        #expect(comparison.profiles.map(\.original) == [nil, nil, "a"])
        let text = TerminalReport.render(comparison, width: 80, color: false)
        #expect(text.contains("c.yaml  digest  the same profile as a\n"))
        #expect(MarkdownReport.render(comparison).contains("| c (the same profile as a) |"))
        #expect(HTMLReport.render(comparison, timelines: [], histories: []).contains("c (the same profile as a)"))
        #expect(JSONReport.render(comparison).contains("\"same_as\": \"a\""))
    }

    @Test("a comparison of fewer seeds than were asked for says so, in every form")
    func partial() throws {
        var comparison = try ReportFixture.comparison(seeds: 7)
        #expect(!JSONReport.render(comparison).contains("partial"))
        comparison.plannedSeeds = 20
        let words = "7 seeds (1 to 7), partial: 20 were asked for"
        #expect(TerminalReport.render(comparison, width: 80, color: false).contains(words))
        #expect(MarkdownReport.render(comparison).contains(words))
        #expect(HTMLReport.render(comparison, timelines: [], histories: []).contains(words))
        #expect(JSONReport.render(comparison).contains("\"partial\": true,\n  \"planned_seeds\": 20,"))
    }

    @Test("colours appear only where they are asked for, and change nothing else")
    func colours() throws {
        let comparison = try ReportFixture.comparison()
        let plain = TerminalReport.render(comparison, width: 80, color: false)
        let colored = TerminalReport.render(comparison, width: 80, color: true)
        #expect(!plain.contains("\u{1B}"))
        #expect(colored.contains("\u{1B}[31m"))
        var stripped = ""
        for part in colored.split(separator: "\u{1B}[", omittingEmptySubsequences: false) {
            stripped += stripped.isEmpty && !colored.hasPrefix("\u{1B}") ? part : part.drop { $0 != "m" }.dropFirst()
        }
        func trimmed(_ text: String) -> [String] {
            text.split(separator: "\n").map { line in String(line.reversed().drop { $0 == " " }.reversed()) }
        }
        #expect(trimmed(stripped) == trimmed(plain))
    }

    @Test("a name cannot steer the terminal")
    func control() throws {
        let comparison = try ReportFixture.comparison(names: ["node", "x\u{1B}[2J\r"])
        #expect(!TerminalReport.render(comparison, width: 80, color: false).contains { "\u{1B}\r".contains($0) })
    }

    @Test("too few seeds are said to be too few")
    func advice() throws {
        let text = TerminalReport.render(try ReportFixture.comparison(seeds: 3), width: 100, color: false)
        #expect(text.contains("3 seeds cannot decide a table of 13 differences: use at least 10."))
    }

    @Test("a single profile has medians, and neither verdicts nor losses")
    func single() throws {
        let text = TerminalReport.render(try ReportFixture.comparison(names: ["node"]), width: 100, color: false)
        #expect(text.contains("Link lifetime, s") && !text.contains("loses") && !text.contains("reference"))
    }

    private static let turned = """
                          Link    Reconnects
        profile    lifetime, s  per node, /h
        ────────────────────────────────────
        node          ≥3595             0
        quick-win        95 -        35.5 -
        keepalive     ≥3595 =           0 =

                   Dials per  Handshakes    Connected
        profile     node, /h   completed  peers, mean
        ─────────────────────────────────────────────
        node         2.50           1            5 *
        quick-win    67.8 -     0.565 -          2 -
        keepalive    2.50 =    0.9996 =          –

                   Time to drop
                       a silent  Messages per
        profile         peer, s      node, /h
        ─────────────────────────────────────
        node            65.6         12.4k
        quick-win       ≥400 -       12.0k ?
        keepalive         13 +*      12.4k =
        """

    private static let golden = """
        two-minute-cycle, simulation, 1 h, 10 seeds (1 to 10)

          1  node       profiles/node.yaml       0123456789ab  reference
          2  quick-win  profiles/quick-win.yaml  1123456789ab
          3  keepalive  profiles/keepalive.yaml  2123456789ab

        metric                             node  quick-win  keepalive
        ─────────────────────────────────────────────────────────────
        Link lifetime, s               ≥3595         95 -    ≥3595 =
        Reconnects per node, /h            0       35.5 -        0 =
        Dials per node, /h              2.50       67.8 -     2.50 =
        Handshakes completed               1      0.565 -   0.9996 =
        Connected peers, mean              5 *        2 -        –
        Time to drop a silent peer, s   65.6       ≥400 -       13 +*
        Messages per node, /h          12.4k      12.0k ?    12.4k =

        Medians over the seeds; against node: + better, - worse, = no difference, ?
        undecided; * wins the row against every other profile; ≥ more than half had not
        ended; – not measured.

        Where node loses:
          - Time to drop a silent peer: keepalive has 13 s, node 65.6 s (difference
            -52.6 s, 95 % interval -52.8 to -52.3, p = 0.025)

        """
}
