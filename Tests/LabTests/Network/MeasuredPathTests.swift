import Kernel
import Profile
import Testing

@testable import Lab

@Suite struct MeasuredPathTests {
    private func load(_ hosts: String, _ more: String = "") throws -> LoadOutcome<Scenario> {
        Scenario.load(
            text: """
                summary: Three hosts.
                duration: 2m
                start_spread: 5s
                network:
                  hosts:
                \(hosts)
                  jitter: 0ms
                \(more)
                """,
            name: "paths"
        )
    }

    private let plain = """
            - {name: a, address: 10.0.0.1}
            - {name: b, address: 10.0.0.2, start_at: 20s}
            - {name: c, address: 10.0.0.3}
        """

    @Test("a path gives its pair a latency both ways, and leaves every other pair to the seed")
    func latency() throws {
        let paths = "  paths:\n    - {from: c, to: 1, latency: 3ms, jitter: 1ms, loss_per_million: 20}"
        let scenario = try #require(try load(plain, paths).value)
        let without = try #require(try load(plain).value)
        for seed in UInt64(1)...3 {
            #expect(scenario.pairLatency(1, 2, seed: seed) == .milliseconds(3))
            #expect(scenario.pairLatency(2, 1, seed: seed) == .milliseconds(3))
            #expect(scenario.pairLatency(0, 1, seed: seed) == without.pairLatency(0, 1, seed: seed))
        }
        #expect(scenario.network.jitter(1, 2) == .milliseconds(1))
        #expect(scenario.network.jitter(0, 2) == .zero)
        #expect(scenario.network.lossPerMillion(2, 1) == 20)
        #expect(scenario.digest != without.digest)
    }

    @Test("segments of a path take its latency and jitter, and those of others the network's")
    func segments() throws {
        let paths = "  paths:\n    - {from: a, to: b, latency: 3ms, jitter: 1ms}"
        var network = try #require(try load(plain, paths).value).network
        network.latency = .milliseconds(40) ... .milliseconds(40)
        network.jitter = .zero
        let model = NetworkPaths(of: network, seed: 1)
        #expect(model.baseLatency(0, 1) == 3_000_000)
        #expect(model.baseLatency(0, 2) == 40_000_000)
        let delays = (UInt64(1)...200).map {
            model.delay(base: 3_000_000, from: 1, to: 0, connection: 1, segment: $0, departure: 0)
        }
        #expect(delays.allSatisfy { (3_000_000..<4_000_000).contains($0) })
        #expect(delays.max().map { $0 > 3_900_000 } == true && delays.min().map { $0 < 3_100_000 } == true)
        #expect(model.delay(base: 40_000_000, from: 0, to: 2, connection: 1, segment: 1, departure: 0) == 40_000_000)
    }

    @Test("a host starts when the file says, the others when the seed says, and a run shows it")
    func starts() throws {
        let scenario = try #require(try load(plain).value)
        let moments = scenario.startMoments(seed: 4)
        #expect(moments[1] == .seconds(20))
        #expect(moments[0] < .seconds(5) && moments[2] < .seconds(5))
        #expect(scenario.quietAfter(seed: 4) == .seconds(20))
        var started: [(String, Int64)] = []
        let simulation = Simulation(
            scenario, profile: try StoryRun.profile("node.yaml"), seed: 4,
            trace: { if case .input(.start) = $0.content { started.append(($0.host, $0.time)) } }
        )
        _ = try simulation.run()
        #expect(started.first { $0.0 == "b" }?.1 == 20_000_000_000)
        #expect(started.count == 3)
    }

    @Test("a run's links take the latency of their path")
    func run() throws {
        let paths = "  paths:\n    - {from: a, to: b, latency: 1s}\n    - {from: a, to: c, latency: 2ms}"
        let scenario = try #require(try load(plain, paths).value)
        var dialled: [String: Int64] = [:]
        var shortest: [String: Int64] = [:]
        let simulation = Simulation(
            scenario, profile: try StoryRun.profile("node.yaml"), seed: 4,
            trace: { record in
                switch record.content {
                case .effect(.open(let link, let remote, _, _)):
                    dialled["\(record.host) \(link.number)"] = record.time
                    shortest["\(record.host) \(link.number) to"] = Int64(remote.ip.version4Bits ?? 0) & 0xff
                case .input(.opened(let link, _)):
                    let key = "\(record.host) \(link.number)"
                    guard let at = dialled[key], let to = shortest["\(key) to"] else { return }
                    shortest["\(record.host)-\(to)"] = record.time - at
                default: break
                }
            }
        )
        _ = try simulation.run()
        let slow = shortest["a-2"] ?? shortest["b-1"]
        let quick = shortest["a-3"] ?? shortest["c-1"]
        #expect(slow == 2_000_000_000)
        #expect(quick == 4_000_000)
    }

    @Test(
        "a path that is none is refused with its place",
        arguments: [
            ("{from: a, to: z, latency: 1ms}", "network.paths[0]: no host 'z' (there are a, b, c)"),
            ("{from: a, to: 0, latency: 1ms}", "network.paths[0]: 'from' and 'to' are the same host"),
            (
                "{from: a, to: b, latency: 1ms}\n    - {from: b, to: a, latency: 2ms}",
                "network.paths[1]: there is one between b and a"
            ),
        ]
    )
    func refused(path: String, message: String) throws {
        let outcome = try load(plain, "  paths:\n    - \(path)")
        #expect(outcome.value == nil)
        #expect(outcome.renderedDiagnostics().contains(message), "\(outcome.renderedDiagnostics())")
    }
}
