@testable import Lab

/// A small comparison with a clear win, a loss of the reference, an open-ended lifetime, an undecided row and a gap.
enum ReportFixture {
    static func comparison(names: [String] = ["node", "quick-win", "keepalive"], seeds: Int = 10) throws -> Comparison {
        let fills = [node, quickWin, keepalive]
        let runs = names.enumerated().map { index, name in
            ProfileRuns(
                name: name,
                path: "profiles/\(name).yaml",
                digest: "\(index)123456789abcdef",
                runs: (1...seeds).map { seed in
                    var run = RunMetrics(seed: UInt64(seed))
                    fills[index % fills.count](Double(seed), &run)
                    return run
                }
            )
        }
        return try Comparison(runs, scenario: "two-minute-cycle", driver: "simulation", durationSeconds: 3_600)
    }

    static let timelines = [
        LinkTimeline(
            profile: "quick-win",
            pairs: [
                PairTimeline(
                    name: "a–b",
                    spans: [
                        Span(start: 0, end: 10, state: .down), Span(start: 10, end: 100, state: .up),
                        Span(start: 100, end: 110, state: .double), Span(start: 110, end: 200, state: .zombie),
                    ],
                    ends: [
                        LinkEndMark(at: 100, reason: "duplicate"), LinkEndMark(at: 200, reason: "what & <why>"),
                    ]
                ),
                PairTimeline(name: "a–<c>", spans: []),
            ],
            faults: [
                FaultMark(start: 50, end: 80, label: "b stalls & \"sleeps\""),
                FaultMark(start: 150, end: nil, label: "power loss of b"),
            ],
            duration: 200
        )
    ]

    private static func node(_ seed: Double, _ run: inout RunMetrics) {
        run[.linkLifetime] = Samples(values: [], censored: [3_590, 3_595])
        run.record(.reconnects, 0)
        run.record(.dials, 2.5)
        run.record(.handshakeSuccess, 1)
        run.record(.connectedPeers, 5)
        run[.detection] = Samples(values: [60 + seed / 10, 65 + seed / 10, 70])
        run.record(.messages, 12_345 + seed)
    }

    private static func quickWin(_ seed: Double, _ run: inout RunMetrics) {
        run[.linkLifetime] = Samples(values: [90, 95, 118 + seed], censored: [30])
        run.record(.reconnects, 30 + seed)
        run.record(.dials, 62.25 + seed)
        run.record(.handshakeSuccess, 0.51 + seed / 100)
        run.record(.connectedPeers, 2)
        run[.detection] = Samples(values: [], censored: [400])
        run.record(.messages, seed.truncatingRemainder(dividingBy: 2) == 0 ? 9_000 : 15_000)
    }

    private static func keepalive(_ seed: Double, _ run: inout RunMetrics) {
        run[.linkLifetime] = Samples(values: [], censored: [3_590, 3_595])
        run.record(.reconnects, 0)
        run.record(.dials, 2.5)
        run.record(.handshakeSuccess, 0.9996)
        run[.detection] = Samples(values: [12, 13, 14 + seed / 10])
        run.record(.messages, 12_345 + seed)
    }
}
