import Kernel
import Testing
import Trace

@testable import Lab

/// A simulated run and its trace, line by line.
struct TracedRun {
    let result: RunResult
    /// Header and records; the last line follows from them.
    var lines: [String]
    /// Lines that a part of the run leaves out.
    var skipped = 0
    /// The digest that the last line tells.
    var digest: String

    private let registry: Registry

    init(_ scenario: Scenario, profile: String = "node.yaml", seed: UInt64 = 1, set overrides: [String] = []) throws {
        try self.init(scenario, try StoryRun.profile(profile, set: overrides), seed: seed, registry: .lab)
    }

    init(_ scenario: Scenario, _ profile: SimulatedProfile, seed: UInt64 = 1, registry: Registry) throws {
        self.registry = registry
        var lines: [String] = []
        let simulation = Simulation(scenario, profile: profile, seed: seed, trace: { lines.append($0.jsonLine) })
        var writer = LineWriter()
        simulation.traceHeader(program: "timenode test").write(to: &writer)
        let header = String(decoding: writer.bytes, as: UTF8.self)
        result = try simulation.run()
        self.lines = [header] + lines
        digest = result.digest
    }

    /// The whole trace, closed over whatever the lines are now.
    var text: [UInt8] {
        var text = ByteDigest()
        var bytes: [UInt8] = []
        for line in lines { bytes += Array("\(line)\n".utf8) }
        text.add(bytes)
        return bytes + TraceEnd(records: lines.count - 1, digest: digest).line(closing: text)
    }

    var reader: TraceReader {
        get throws(TraceError) { try Self.reader(text) }
    }

    static func reader(_ bytes: [UInt8]) throws(TraceError) -> TraceReader {
        var rest = bytes[...]
        return try TraceReader {
            defer { rest = rest.dropFirst(1 << 16) }
            return Array(rest.prefix(1 << 16))
        }
    }

    func replay(resumeEvery interval: Int? = nil) throws(TraceError) -> ReplayResult {
        var reader = try reader
        var replay = try Replay(reader.header, registry: registry)
        replay.resumeInterval = interval
        return try replay.run(&reader)
    }

    /// The first line from `start` on that holds all of these texts.
    func line(holding texts: String..., from start: Int = 1) throws -> Int {
        try #require(lines[start...].firstIndex { line in texts.allSatisfy { line.contains($0) } })
    }
}

extension Scenario {
    /// Three minutes in which a node is stalled, one killed, one loses power, and a path falls silent.
    static func rough() throws -> Scenario {
        var scenario = try StoryRun.scenario("two-minute-cycle")
        scenario.duration = .seconds(180)
        scenario.warmUp = .seconds(10)
        scenario.faults = [
            .stall(0, at: .seconds(20), for: .seconds(35)), .kill(1, at: .seconds(40), down: .seconds(5)),
            .powerLoss(of: 2, at: .seconds(60), for: .seconds(20)),
            .drop(from: 3, to: 4, at: .seconds(70), for: .seconds(60)),
            .kill(1, at: .seconds(100), down: .milliseconds(10)),
        ]
        return scenario
    }
}
