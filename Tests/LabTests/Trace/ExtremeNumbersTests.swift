import Foundation
import Kernel
import Testing
import Trace

@testable import Lab

/// Numbers at the ends of what a reader can hold, and beyond.
private let extremes = [
    "-1", "0", "1", "4611686018427387904", "9223372036854775807", "-9223372036854775808", "18446744073709551615",
    "99999999999999999999999999", "253402300799999", "-62135596800000", "3155760000.000000000",
]

@Suite("Traces with numbers that no run has", .timeLimit(.minutes(10))) struct ExtremeNumbersTests {
    /// A short run of three nodes with load, a kill and a stall.
    private static func run() throws -> TracedRun { try TracedRun(scenario()) }

    private static func scenario() throws -> Scenario {
        let text = """
            summary: Three.
            duration: 12s
            network: {count: 3, slot_interval: 2s}
            start_spread: 1s
            traffic: {request: 100B, reply: 100B, interval: 3s}
            faults: [{at: 5s, kill: {node: n1, down: 2s}}, {at: 7s, stall: {node: n2, for: 1s}}]
            """
        return try #require(Scenario.load(text: text, name: "three").value)
    }

    /// What stands before a number, without numbers: numbers of one kind share it.
    private static func kind(_ line: String, _ number: Range<String.Index>) -> String {
        let name = line[..<number.lowerBound].suffix(24).filter { !$0.isNumber }
        let what = line.range(of: "\"(in|out|kind)\":\"[a-z-]*\"", options: .regularExpression).map { line[$0] } ?? ""
        return "\(what) \(name)"
    }

    @Test("are refused or replayed and learnt from, and never trap or go on for ever")
    func numbers() throws {
        let run = try Self.run()
        var seen: Set<String> = []
        var tries = 0
        for (place, line) in run.lines.enumerated() {
            for number in Numbers.places(in: line) where seen.insert(Self.kind(line, number)).inserted {
                for extreme in extremes {
                    var changed = run
                    changed.lines[place].replaceSubrange(number, with: extreme)
                    tries += 1
                    // Whether it is refused is not asked here: the end is.
                    _ = try? changed.replay()
                    var measurer = TraceMeasurer()
                    guard var reader = try? changed.reader, (try? measurer.read(&reader, name: "t")) != nil,
                        let facts = try? measurer.measurements()
                    else { continue }
                    let learnt = ScenarioLearner.learn(facts)
                    #expect(Scenario.load(text: learnt.text, name: "learnt").value != nil, "\(changed.lines[place])")
                }
            }
        }
        #expect(tries > 500)
    }

    /// What one node did of a run from the middle on, beginning with a checkpoint.
    private static func resumed(_ run: TracedRun, after inputs: Int) throws -> TracedRun {
        let reader = try run.reader
        let entry = reader.header.nodes[2]
        guard case .simulation(let source) = reader.header.source else { throw CancellationError() }
        let profile = try StoryRun.profile("node.yaml")
        let scenario = try Self.scenario()
        var node = ReplayedNode(
            entry, network: reader.header.networks[entry.network],
            signer: SimulatedSigner(scheme: SimulatedSignatures(seed: source.seed), identity: entry.identity),
            makePolicies: { try profile.makePolicies(scenario) }
        )
        var part = run
        part.lines = [run.lines[0]]
        var count = 0
        for (place, text) in run.lines.enumerated().dropFirst() where text.contains("\"node\":\"\(entry.name)\"") {
            guard count < inputs else {
                part.lines.append(text)
                continue
            }
            let line = TraceReader.Line(number: place + 1, bytes: Array(text.utf8))
            let record = try TraceReader.entry(line)
            switch record.content {
            case .process(_, let seed): try node.start(seed: seed)
            case .admitted(_, let remote): _ = node.node?.admit(from: remote, at: Instant(nanoseconds: record.time))
            case .input(let input, let wall, _, let signed):
                _ = node.take(input, at: record.time, wall: wall, signed: signed)
                count += 1
            case .effect, .checkpoint: break
            }
            if count == inputs, let made = node.node {
                var line = LineWriter()
                line.checkpoint(try made.checkpoint(), time: record.time, node: entry.name)
                part.lines.append(String(decoding: line.bytes, as: UTF8.self))
                // Its effects belong to the time before.
                part.skipped = node.effectCount
            }
        }
        part.lines.removeSubrange(2..<2 + part.skipped)
        return part
    }

    @Test("of a checkpoint are refused or replayed, and never trap or go on for ever")
    func checkpoints() throws {
        let run = try Self.resumed(try Self.run(), after: 40)
        #expect(try run.replay().divergence == nil)
        var tries = 0
        for number in Numbers.places(in: run.lines[1]) {
            for extreme in extremes {
                var changed = run
                changed.lines[1].replaceSubrange(number, with: extreme)
                _ = try? changed.replay()
                tries += 1
            }
        }
        #expect(tries > 500)
    }

    @Test(
        "of the header and of a wall clock are refused with their line and what they may be",
        arguments: [
            ("\"interval_ns\":3000000000", "\"interval_ns\":0", 1),
            ("\"request_bytes\":100", "\"request_bytes\":-1", 1),
            ("\"slot_interval_ns\":2000000000", "\"slot_interval_ns\":1", 1),
            ("\"connect_timeout_ns\":10000000000", "\"connect_timeout_ns\":0", 1),
            ("\"minimum_masternodes\":3", "\"minimum_masternodes\":0", 1),
            ("\"wall_ms\":", "\"wall_ms\":922337203685477", 3), ("\"t\":", "\"t\":9", nil),
        ] as [(String, String, Int?)]
    )
    func refused(old: String, new: String, line: Int?) throws {
        var run = try Self.run()
        let place = try #require(run.lines.firstIndex { $0.contains(old) })
        run.lines[place] = run.lines[place].replacing(old, with: new, maxReplacements: 1)
        if line == nil { run.lines[place] = run.lines[place].replacing("\"t\":9", with: "\"t\":99999999999") }
        do throws(TraceError) {
            _ = try run.replay()
            Issue.record("nothing was refused")
        } catch {
            #expect(error.line == line ?? place + 1)
            #expect([.outOfRange, .badField].contains(error.code), "\(error)")
        }
    }
}
