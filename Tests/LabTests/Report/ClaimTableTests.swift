import Testing

@testable import Lab

@Suite struct ClaimTableTests {
    private let roles = ClaimTable.incidentReport.roles

    private func comparison(_ figures: [(name: String, fill: (inout RunMetrics) -> Void)]) throws -> Comparison {
        let runs = figures.map { name, fill in
            var run = RunMetrics(seed: 1)
            fill(&run)
            return ProfileRuns(name: name, path: "\(name).yaml", digest: "d-\(name)", runs: [run])
        }
        return try Comparison(runs, scenario: "two-minute-cycle", driver: "simulation", durationSeconds: 7_200)
    }

    private func incident() throws -> Comparison {
        try comparison([
            (
                roles.before,
                { run in
                    run[.linkLifetime] = Samples(values: [60, 110, 119], censored: [])
                    run.record(.reconnects, 31)
                    run.record(.dials, 62)
                    run.record(.connectedPeers, 2.6)
                }
            ),
            (
                roles.after,
                { run in
                    run[.linkLifetime] = Samples(values: [], censored: [7_100])
                    run.record(.reconnects, 0)
                    run.record(.dials, 2.5)
                    run.record(.connectedPeers, 4.98)
                }
            ),
            (
                roles.asRun,
                { run in
                    run[.linkLifetime] = Samples(values: [90, 90, 90], censored: [30])
                    run.record(.reconnects, 37.9)
                    run.record(.dials, 38)
                }
            ),
        ])
    }

    private func row(_ subject: String, _ comparison: Comparison) throws -> [String] {
        let lines = ClaimTable.incidentReport.markdown(comparison).split(separator: "\n")
        let line = try #require(lines.first { $0.hasPrefix("| \(subject) |") })
        return line.split(separator: "|").map { $0.trimming { $0 == " " } }
    }

    @Test("the table holds the seven promises and the success criteria")
    func rows() {
        let subjects = ClaimTable.incidentReport.claims.map(\.subject)
        #expect(
            subjects.prefix(7) == [
                "link lifetime", "reconnection attempts", "churn", "CPU for networking", "log volume",
                "block production success", "peers available",
            ]
        )
        #expect(subjects.count == 20 && subjects.contains("EOF disconnections"))
    }

    @Test("a claim is judged by the medians of the profile that it is about")
    func lifetime() throws {
        let cells = try row("link lifetime", try incident())
        #expect(
            cells == [
                "link lifetime", "30–120 s", "held: measured 110 s (link lifetime)", "indefinite",
                "held: measured at least 7100 s (link lifetime)", "not held: measured 90 s (link lifetime)",
                "cannot be measured here (the profile did not take part)",
            ]
        )
    }

    @Test("a promised reduction is judged against the profile from before the fix")
    func churn() throws {
        let cells = try row("churn", try incident())
        #expect(cells[2] == "cannot be measured here (no number was claimed)")
        #expect(cells[4] == "held: measured a fall of 100 %, 31/h before, 0/h (reconnects per node)")
        #expect(cells[5] == "not held: measured a rise of 22.3 %, 31/h before, 37.9/h (reconnects per node)")
    }

    @Test("a metric that no run has is said to be missing, never judged")
    func missing() throws {
        let cells = try row("CPU for networking", try incident())
        #expect(cells[2] == "cannot be measured here (no run has `cpu_percent`)")
        #expect(cells[4] == "cannot be measured here (no run has `cpu_percent`)")
    }

    @Test("one failed measure fails a claim, and counts are judged as whole numbers")
    func several() throws {
        let attempts = try row("reconnection attempts", try incident())
        #expect(attempts[5].hasPrefix("not held: measured 38/h (dials per node); 37.9/h (reconnects"))
        let peers = try row("peers available", try incident())
        #expect(peers[2] == "held: measured 2.60 (connected peers, mean)")
        #expect(peers[4] == "held: measured 4.98 (connected peers, mean)")
    }

    @Test("a run that is shorter than a claim cannot decide it")
    func tooShort() throws {
        let short = try comparison([(roles.ours, { $0[.linkLifetime] = Samples(values: [], censored: [600]) })])
        #expect(
            try row("stable links", short)[6]
                == "cannot be measured here (the run was too short: measured at least 600 s (link lifetime))"
        )
        let long = try comparison([(roles.ours, { $0[.linkLifetime] = Samples(values: [], censored: [3_700]) })])
        #expect(try row("stable links", long)[6] == "held: measured at least 3700 s (link lifetime)")
    }

    @Test(
        "bounds hold at their edges as they are worded",
        arguments: [
            (Claim.Expectation.atLeast(5), 5.0, true), (.atMost(5), 5, true), (.below(5), 5, false),
            (.between(1, 3), 3.1, false), (.between(1, 3), 1, true), (.wholeBetween(1, 3), 3.4, true),
            (.about(500), 251, true), (.about(500), 1_001, false), (.unlimited, 5, false),
        ]
    )
    func edges(expectation: Claim.Expectation, value: Double, holds: Bool) throws {
        let measured = try comparison([("x", { $0.record(.dials, value) })])
        let statement = Claim.Statement("claim", .init(.dials, expectation))
        let outcome = statement.outcome(for: measured[profile: "x"], baseline: nil)
        switch outcome {
        case .held: #expect(holds)
        case .notHeld: #expect(!holds)
        case .notMeasurable: Issue.record("\(outcome)")
        }
    }

    @Test("the page names the scenario, the digests and what no measurement changes")
    func page() throws {
        let text = ClaimTable.incidentReport.markdown(try incident())
        #expect(text.hasPrefix("# The incident report of 2025-12-17, claim by claim\n"))
        #expect(text.contains("two-minute-cycle, simulation, 2 h, 1 seed (1)"))
        #expect(text.contains("d-\(roles.asRun)") && text.contains("| timenode | node | did not take part |"))
        #expect(text.contains("## What no measurement changes"))
    }
}

extension Substring {
    fileprivate func trimming(_ isBlank: (Character) -> Bool) -> String {
        String(String(drop(while: isBlank).reversed()).drop(while: isBlank).reversed())
    }
}
