import Kernel

/// A way to a pair that does not end as it should.
package struct GlareFinding: Sendable, Hashable, CustomStringConvertible {
    package var setup: GlareSetup
    package var allowance: GlareAllowance
    /// What happens, in order; then the pair is left to itself.
    package var events: [GlareEvent]
    package var manner: GlareManner
    /// Draws the order of what arrives afterwards; nil where `manner` decides.
    package var settlingSeed: UInt64?
    /// What is wrong at the end.
    package var problem: String

    package var description: String {
        let lines = events.enumerated().map { "  \($0.offset + 1). \($0.element)" }
        let order = settlingSeed.map { "in the order of seed \($0)" } ?? "\(manner)"
        return (["\(problem)", "\(setup)"] + lines + ["  then everything arrives, \(order)"]).joined(separator: "\n")
    }

    /// Whether the events, or some of them, still lead to something wrong.
    ///
    /// - Returns: what is wrong, nil where nothing is.
    static func outcome(
        _ events: [GlareEvent], _ setup: GlareSetup, _ allowance: GlareAllowance, _ manner: GlareManner,
        _ settlingSeed: UInt64?
    ) -> String? {
        var world = GlareWorld(setup, allowance: allowance)
        for event in events where world.problem == nil && world.isPossible(event) { world.perform(event) }
        return GlareJudge.problem(of: &world, manner, settlingSeed)
    }

    /// The same with as few events as still lead to something wrong: one by one is left out, as long as any can be.
    package func shrunk() -> GlareFinding {
        var finding = self
        var isShorter = true
        while isShorter {
            isShorter = false
            for index in finding.events.indices.reversed() where index < finding.events.count {
                var fewer = finding.events
                fewer.remove(at: index)
                guard let problem = Self.outcome(fewer, setup, allowance, manner, settlingSeed) else { continue }
                finding.events = fewer
                finding.problem = problem
                isShorter = true
            }
        }
        // What could not happen any more was passed over.
        var world = GlareWorld(setup, allowance: allowance)
        finding.events = finding.events.filter { event in
            guard world.problem == nil, world.isPossible(event) else { return false }
            world.perform(event)
            return true
        }
        return finding
    }
}

/// What a pair has to come to once it is left to itself.
package enum GlareJudge {
    /// How long a pair may take until it has the link that it keeps, from the moment when nothing is late or lost any
    /// more: a dial, which is silent for `out_of_turn_delay` where it is out of turn, gets no answer and is given up; the next one
    /// waits its longest, and is silent for `out_of_turn_delay` too.
    ///
    /// With `ack` the acceptor commits before the dialler has learnt who it is. So an end that knows the other by an
    /// address alone may lose the link to a second dial, and has to redial once more.
    package static func bound(_ setup: GlareSetup) -> Duration {
        let again = redial(setup) + setup.outOfTurnDelay
        let isTwice = setup.style == .ack && setup.addressing.contains { $0 != .named && $0 != .none }
        return setup.outOfTurnDelay + .seconds(10) + again + (isTwice ? again : .zero)
    }

    private static func redial(_ setup: GlareSetup) -> Duration {
        max(setup.isMasternode ? .seconds(2) : .seconds(30), setup.passiveWait ?? .zero)
    }

    /// Leaves a pair to itself and says what is wrong with what it comes to.
    static func problem(of world: inout GlareWorld, _ manner: GlareManner, _ seed: UInt64?) -> String? {
        var random = seed.map { RandomStream(seed: $0, name: "settle") }
        world.quieten(manner, random: &random)
        return problem(ofQuiet: &world, manner, &random)
    }

    /// The same of a pair that has nothing on the way any more.
    static func problem(
        ofQuiet world: inout GlareWorld, _ manner: GlareManner, _ random: inout RandomStream?
    ) -> String? {
        let bound = bound(world.setup)
        // Long enough that what is wrong only later is seen, too.
        let needed = world.settle(manner, for: bound + .seconds(60), random: &random)
        if let verdict = world.verdict { return verdict }
        return needed <= bound
            ? nil : "the link that stays took \(needed.seconds) s, and \(bound.seconds) s is the bound"
    }
}
