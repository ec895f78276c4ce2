import Kernel
import Links
import Wire

/// One long run whose setup and events are drawn from a seed.
package enum GlareDraw {
    /// Runs a seed.
    ///
    /// - Returns: how long the pair took to have the link that it keeps, and what is wrong, nil where nothing is.
    package static func run(seed: UInt64) -> (slowest: Duration, finding: GlareFinding?) {
        var random = RandomStream(seed: seed, name: "glare")
        let setup = setup(&random)
        let allowance = GlareAllowance(failures: 1000, losses: 1000, silences: 1000, restarts: 1000)
        var world = GlareWorld(setup, allowance: allowance)
        var events: [GlareEvent] = []
        for _ in 0..<20 + Int(random.below(80)) where world.problem == nil {
            let event = event(in: world, &random)
            guard world.isPossible(event) else { continue }
            events.append(event)
            world.perform(event)
        }
        let manner = GlareManner(first: 0, notices: Int(random.below(2)))
        let problem = GlareJudge.problem(of: &world, manner, seed)
        guard let problem else { return (world.changedAt, nil) }
        let finding = GlareFinding(
            setup: setup, allowance: allowance, events: events, manner: manner, settlingSeed: seed, problem: problem
        )
        return (world.changedAt, finding.shrunk())
    }

    private static func setup(_ random: inout RandomStream) -> GlareSetup {
        let rules = DirectionRule.allCases
        let styles = GlareSetup.Style.allCases
        let addressings = GlareSetup.Addressing.allCases
        var setup = GlareSetup(
            style: styles[Int(random.below(UInt64(styles.count)))],
            rules: (0...1).map { _ in rules[Int(random.below(UInt64(rules.count)))] }
        )
        setup.keys = [random.next() >> 1, random.next() >> 1]
        for host in 0...1 where random.chance(1, in: 3) {
            setup.addressing[host] = addressings[Int(random.below(UInt64(addressings.count)))]
        }
        // Somebody has to want the other.
        if setup.addressing == [.none, .none] { setup.addressing[0] = .named }
        setup.knowsAddress = (0...1).map { _ in !random.chance(1, in: 8) }
        setup.passiveWait = .seconds(3 * Int(random.below(3)))
        // Without it somebody has to have the turn.
        if random.chance(1, in: 6), (0...1).contains(where: { setup.addressing[$0] != .none && setup.hasTurn($0) }) {
            setup.passiveWait = nil
        }
        setup.outOfTurnDelay = .milliseconds(500 * Int(random.below(2)))
        setup.isMasternode = !random.chance(1, in: 4)
        return setup
    }

    /// Mostly something arrives, at times time passes, and now and then something breaks.
    private static func event(in world: GlareWorld, _ random: inout RandomStream) -> GlareEvent {
        let arrivals = world.arrivals
        let connections = UInt64(max(1, world.connections.count))
        switch random.below(100) {
        case 0..<64 where !arrivals.isEmpty: return arrivals[Int(random.below(UInt64(arrivals.count)))]
        case 0..<80: return .pass(Int(random.below(4000)))
        case 80..<84: return .timer(Int(random.below(2)))
        case 84..<88: return .restart(Int(random.below(2)))
        case 88..<91: return .fail(latest(connections, &random))
        case 91..<96: return .lose(latest(connections, &random), at: Int(random.below(2)))
        default: return .silence(latest(connections, &random))
        }
    }

    /// One of the last four: older connections are over, or dead already.
    private static func latest(_ count: UInt64, _ random: inout RandomStream) -> Int {
        Int(count - 1 - random.below(min(4, count)))
    }
}
