import Foundation
import Kernel
import Testing
import Wire

@testable import Links

/// Whatever the network does to two nodes, and whichever direction rules they were told: they end with one link.
struct PairWorldTests {
    /// Runs a style; `TIMENODE_WORLD_RUNS` asks for more.
    static let runs = ProcessInfo.processInfo.environment["TIMENODE_WORLD_RUNS"].flatMap { UInt64($0) } ?? 2500

    @Test(
        "after faults stop, exactly one link is up and both ends name it",
        arguments: [SingleLinkOptions.HandshakeStyle.ack, .verdict, .signed]
    )
    func oneLink(_ style: SingleLinkOptions.HandshakeStyle) {
        for seed in 0..<Self.runs {
            if let problem = Self.run(style, seed: seed) {
                Issue.record("\(style.rawValue), seed \(seed): \(problem)")
                return
            }
        }
    }

    @Test(
        "two dials that cross end in one link, in whatever order their messages arrive",
        arguments: [SingleLinkOptions.HandshakeStyle.ack, .verdict, .signed], [0, 1]
    )
    func crossedDials(_ style: SingleLinkOptions.HandshakeStyle, _ order: Int) {
        var script: [Int] = []
        var leaves = 0
        repeat {
            let identities = (0...1).map { Fixture.identity(abs(order - $0) * 5) }
            let world = PairWorld(.init(handshake: style, rules: [.none, .none]), identities: identities)
            var widths: [Int] = []
            while case let moves = world.moves, !moves.isEmpty, world.problem == nil {
                if widths.count == script.count { script.append(0) }
                world.perform(moves[script[widths.count]])
                widths.append(moves.count)
            }
            var random = RandomStream(seed: 1, name: "settle")
            world.settle(for: .seconds(30), &random)
            if let problem = world.verdict {
                Issue.record("\(style.rawValue), \(script): \(problem)")
                return
            }
            leaves += 1
            script.removeLast(script.count - widths.count)
            while let last = script.last, last + 1 == widths[script.count - 1] { script.removeLast() }
            if !script.isEmpty { script[script.count - 1] += 1 }
        } while !script.isEmpty && leaves < 3000
        #expect(leaves > 100)
    }

    private static func run(_ style: SingleLinkOptions.HandshakeStyle, seed: UInt64) -> String? {
        var random = RandomStream(seed: seed, name: "world")
        let identities = (0...1).map { _ in Identity(key: Bytes32(random.next(), random.next(), 0, 0)) }
        let world = PairWorld(setup(style, &random), identities: identities)
        world.disturb(steps: 20 + Int(random.below(80)), &random)
        world.settle(for: .seconds(180), &random)
        return world.verdict.map { "\($0) (\(world.setup))" }
    }

    private static func setup(
        _ style: SingleLinkOptions.HandshakeStyle, _ random: inout RandomStream
    ) -> PairWorld.Setup {
        let rules = DirectionRule.allCases
        var setup = PairWorld.Setup(
            handshake: style, rules: (0...1).map { _ in rules[Int(random.below(UInt64(rules.count)))] }
        )
        setup.passiveWait = .seconds(3 * Int(random.below(3)))
        setup.outOfTurnDelay = .milliseconds(500 * Int(random.below(2)))
        setup.dialsBareAddress = [random.chance(1, in: 6), random.chance(1, in: 6)]
        return setup
    }
}
