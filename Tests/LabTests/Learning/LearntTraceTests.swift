import Kernel
import Testing
import Trace

@testable import Lab

@Suite struct LearntTraceTests {
    private func learn(_ run: TracedRun) throws -> LearntScenario {
        var measurer = TraceMeasurer()
        var reader = try run.reader
        try measurer.read(&reader, name: "run")
        return ScenarioLearner.learn(try measurer.measurements())
    }

    private func scenario(_ faults: [Scenario.Fault]) throws -> Scenario {
        var scenario = try StoryRun.scenario("two-minute-cycle")
        scenario.duration = .seconds(240)
        scenario.faults = faults
        return scenario
    }

    @Test("what a simulated run was made from is learnt back from its trace", arguments: [UInt64(1), 2, 3])
    func roundTrip(seed: UInt64) throws {
        let original = try scenario([
            .kill(1, at: .seconds(60), down: .seconds(20)), .powerLoss(of: 4, at: .seconds(120), for: .seconds(40)),
        ])
        let learnt = try learn(
            TracedRun(original, seed: seed, set: ["modules.liveness.use=ping-pong"])
        )
        // Hosts come in the order of their addresses.
        let places = original.network.hosts.map { host in
            learnt.hosts.firstIndex { $0.name == host.name } ?? -1
        }
        #expect(learnt.paths.count == 15)
        for first in 0..<6 {
            for second in (first + 1)..<6 {
                let pair = [places[first], places[second]].sorted()
                let path = try #require(learnt.paths.first { [$0.first, $0.second] == pair })
                let truth = original.pairLatency(first, second, seed: seed)
                // 5 ms of jitter lie on each way.
                #expect(path.latency > truth - .milliseconds(1) && path.latency < truth + .milliseconds(5))
                #expect(path.jitter < .milliseconds(6))
            }
        }
        let scenario = try #require(Scenario.load(text: learnt.text, name: "learnt").value)
        #expect(scenario.faults.count == 2, "\(learnt.text)")
        // The first input of the trace is the first start; the recording begins half a minute into the run.
        let first = try #require(original.startMoments(seed: seed).min())
        let shift = Duration.seconds(30) - first
        // A process works again when it has started, and so much later it is heard.
        let startUp = original.network.startUp
        #expect(scenario.network.startUp == .zero)
        for (fault, truth) in zip(scenario.faults, original.faults) {
            let lateness = fault.at - (truth.at + shift)
            switch (fault.kind, truth.kind) {
            case (.kill(.index(let host), let down), .kill(_, let trueDown)):
                #expect(host == places[1])
                #expect(lateness > .milliseconds(-5) && lateness < .milliseconds(200))
                #expect(down <= trueDown + startUp && down > trueDown + startUp - .milliseconds(200))
            case (.powerLoss(.index(let host), let length?), .powerLoss(_, let trueLength?)):
                #expect(host == places[4])
                // Nobody was told: it went when it was last heard, or later.
                #expect(lateness <= .milliseconds(10) && lateness > .seconds(-15))
                #expect(length + lateness > trueLength + startUp - .milliseconds(10))
                #expect(length + lateness < trueLength + startUp + .milliseconds(10))
            default: Issue.record("\(fault.kind) was \(truth.kind)")
            }
        }
        let starts = original.startMoments(seed: seed)
        for (number, start) in starts.enumerated() where start > first + .seconds(1) {
            let learntStart = try #require(scenario.startAt?[places[number]])
            #expect(abs((learntStart - (start + shift)).nanoseconds) < 2_000_000)
        }
    }

    @Test("a quiet run has no faults, and learning is the same each time")
    func quiet() throws {
        let run = try TracedRun(try scenario([]), seed: 5)
        let learnt = try learn(run)
        #expect(learnt.faults.isEmpty)
        #expect(learnt.churn.isEmpty)
        #expect(try learn(run) == learnt)
    }

    /// The records of one node alone.
    private func trace(of node: String, in run: TracedRun) -> TracedRun {
        var part = run
        part.lines = [run.lines[0]] + run.lines.dropFirst().filter { $0.contains("\"node\":\"\(node)\"") }
        return part
    }

    @Test("the trace of one node makes no fault of peers that it was linked with, and says what it cannot know")
    func oneNode() throws {
        let original = try scenario([])
        let run = try TracedRun(original, seed: 5)
        for host in original.network.hosts {
            let learnt = try learn(trace(of: host.name, in: run))
            #expect(learnt.hosts.count == 6)
            #expect(learnt.faults.isEmpty, "\(host.name): \(learnt.text)")
            #expect(learnt.paths.count == 5)
            #expect(learnt.remarks.contains { $0.hasPrefix("Nothing is known of the ways between ") })
            #expect(Scenario.load(text: learnt.text, name: "learnt").value != nil)
        }
    }

    @Test("the trace of one node tells of a peer's restart by its handshake")
    func onePeer() throws {
        let original = try scenario([.kill(1, at: .seconds(60), down: .seconds(20))])
        let run = try TracedRun(original, seed: 5)
        let killed = original.network.hosts[1].name
        let learnt = try learn(trace(of: original.network.hosts[2].name, in: run))
        #expect(learnt.faults.count == 1, "\(learnt.text)")
        guard case .kill(let host, let down)? = learnt.faults.first?.kind else {
            Issue.record("\(learnt.text)")
            return
        }
        #expect(learnt.hosts[host].name == killed)
        #expect(down > .seconds(19) && down < .seconds(30))
    }

    @Test("a node's own shutdown at the end of its trace takes nothing from its peers")
    func ownShutdown() throws {
        let original = try scenario([])
        let run = try TracedRun(original, seed: 5)
        let name = original.network.hosts[0].name
        var part = trace(of: name, in: run)
        // As the node's last words are: an end by its own will for each link.
        let up = part.lines.filter { $0.contains("\"kind\":\"link-up\"") }
        for line in up {
            part.lines.append(
                line.replacing("\"kind\":\"link-up\"", with: "\"kind\":\"link-ended\"").replacing(
                    "\"direction\":",
                    with: "\"reason\":\"shutdown\",\"by\":\"us\",\"was_up\":true,\"direction\":"
                ).replacing(#/"t":[0-9.]+/#, with: "\"t\":239.000000000")
            )
        }
        #expect(up.count >= 5)
        #expect(try learn(part).faults.isEmpty)
    }

    @Test("a trace of another network is refused")
    func anotherNetwork() throws {
        let run = try TracedRun(try scenario([]), seed: 5)
        var other = run
        other.lines[0] = other.lines[0].replacing("\"name\":\"two-minute-cycle\"", with: "\"name\":\"elsewhere\"")
        var measurer = TraceMeasurer()
        var reader = try run.reader
        try measurer.read(&reader, name: "run")
        var otherReader = try other.reader
        let error = #expect(throws: MeasurementError.self) { try measurer.read(&otherReader, name: "other") }
        #expect(error?.code == .anotherNetwork)
    }
}
