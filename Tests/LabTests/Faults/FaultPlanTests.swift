import Kernel
import Testing

@testable import Lab

/// Plans of faults as data: written, drawn, kept, read back, reduced.
struct FaultPlanTests {
    private static let head = """
        summary: A test.
        duration: 15m
        network: {count: 6}
        """

    private func scenario(_ more: String = "") throws -> Scenario {
        let outcome = Scenario.load(text: Self.head + "\n" + more, name: "test")
        return try #require(outcome.value, "\(outcome.renderedDiagnostics())")
    }

    @Test("a plan of every kind is read back as it was written")
    func roundTrip() throws {
        let kinds: [Scenario.Fault.Kind] = [
            .powerLoss(.index(1), duration: nil), .powerLoss(.all, duration: .seconds(3)),
            .stall(.drawn, duration: .seconds(1)...(.seconds(90))),
            .stall(.index(2), duration: .seconds(1)...(.seconds(1))),
            .suspend(.inTurn, duration: .milliseconds(1500)), .work(.index(1), duration: .seconds(40)),
            .kill(.index(0), down: .seconds(20)),
            .closeInbound(.index(5), duration: nil),
            .drop(from: .index(0), to: .all, bothWays: true, duration: .seconds(9), answer: .reset),
            .drop(from: .index(0), to: .index(1), bothWays: false, duration: nil),
            .partition(first: 2, duration: .seconds(60)), .reset(.index(0), .index(3)),
            .translate(.index(4), idle: .seconds(30), duration: nil), .proxy(.index(4), duration: .seconds(1)),
            .weather(.index(1), latency: .milliseconds(40), lossPerMillion: 10_000, duration: .seconds(30)),
            .clock(.index(1), by: .seconds(-40), duration: nil),
            .clock(.index(1), by: .milliseconds(1), duration: .seconds(2)),
            .disk(.index(3), delay: .seconds(1), isFull: true, duration: .seconds(7)),
        ]
        let plain = try scenario()
        let faults = kinds.enumerated().map {
            Scenario.Fault(at: .milliseconds(1 + 1000 * $0.offset), kind: $0.element)
        }
        let text = plain.with(plan: faults).planText
        #expect(try scenario(text).faults == faults)
    }

    @Test("drawing gives the same plan for a seed, another for another, and only what it was asked for")
    func drawing() throws {
        let drawn = try scenario("swarm: {until: 10m, most: 12, longest: 1m, kinds: [kill, partition, nat]}")
        var sizes: [Int] = []
        var kinds: [String] = []
        for seed in UInt64(1)...200 {
            let plan = drawn.withDrawnFaults(seed: seed)
            #expect(plan.faults == drawn.withDrawnFaults(seed: seed).faults)
            #expect(plan.swarm == nil)
            #expect(plan.faults == plan.faults.sorted { $0.at < $1.at })
            #expect((1...12).contains(plan.faults.count))
            // The last to come back still has to start.
            #expect(plan.quietAfter(seed: seed) <= .seconds(600) + plan.network.startUp)
            sizes.append(plan.faults.count)
            let words = plan.faults.map { fault -> String in
                switch fault.kind {
                case .kill: "kill"
                case .partition: "partition"
                case .translate: "nat"
                default: "other"
                }
            }
            kinds.append(Array(Set(words)).sorted().joined(separator: " "))
        }
        // The seed also draws how many, and which kinds there are at all.
        #expect(Set(sizes).count == 12)
        #expect(!kinds.contains { $0.contains("other") })
        #expect(Set(kinds).count == 7)
    }

    @Test("a plan of faults that the network cannot have is refused with the fault's number")
    func refused() {
        for (plan, words) in [
            ("faults: [{at: 1s, kill: {node: n9, down: 1s}}]", "faults[0]: no host 'n9' (there are n1, n2"),
            ("faults: [{at: 1s, drop: {from: n1, to: n1}}]", "'from' and 'to' choose the same host"),
            ("faults: [{at: 1s, sneeze: {node: n1}}]", "sneeze"),
            ("faults: [{at: 1s, drop: {from: n1, to: n2, answer: politely}}]", "politely"),
        ] {
            let outcome = Scenario.load(text: Self.head + "\n" + plan, name: "test")
            #expect(outcome.value == nil)
            #expect(outcome.renderedDiagnostics().contains(words), "\(outcome.renderedDiagnostics())")
        }
    }

    @Test("shrinking finds the few that fail together, with far fewer tries than there are parts")
    func shrinking() {
        for guilty in [[3], [0, 39], [5, 6, 30], Array(0..<40)] {
            var tries = 0
            let left = Shrinker.shrink(Array(0..<40)) { part in
                tries += 1
                return guilty.allSatisfy(part.contains)
            }
            #expect(left == guilty)
            #expect(tries <= 40 * 40)
        }
    }

    @Test("shrinking blames nothing where the failure needs nothing", arguments: [0, 1, 2, 40])
    func blameless(count: Int) {
        #expect(Shrinker.shrink(Array(0..<count)) { _ in true }.isEmpty)
    }
}
