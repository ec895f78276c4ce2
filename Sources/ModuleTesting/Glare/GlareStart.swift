import Kernel
import Links

/// A start that all orders are gone through from.
package struct GlareStart: Sendable {
    package let name: String
    package let setup: GlareSetup
    /// What happens first.
    package let prefix: [GlareEvent]

    /// - Parameter allowance: the faults that are among the orders.
    package func explorer(_ allowance: GlareAllowance = GlareAllowance()) -> GlareExplorer {
        GlareExplorer(setup, allowance: allowance, after: prefix)
    }

    /// Every handshake style, from nothing and from a link that is up, for each way in which two direction rules can
    /// share the turn, for an end that knows the other under two addresses, and for one that knows nobody.
    ///
    /// A direction rule decides one thing, whether an end has the turn, so that four pairs stand for all 36. Which end
    /// wins a crossed dial needs no start of its own: the other case is the same with A and B swapped.
    package static let all: [GlareStart] = GlareSetup.Style.allCases.flatMap { style in
        turns.flatMap { turn in
            var setup = GlareSetup(style: style, rules: turn.rules)
            let cold = GlareStart(name: "\(style.rawValue), \(turn.name)", setup: setup, prefix: [])
            let warm = GlareStart(
                name: "\(style.rawValue), \(turn.name), linked", setup: setup, prefix: GlareWorld.linking(setup)
            )
            setup.addressing = [.namedAndBare, .named]
            let twice = GlareStart(
                name: "\(style.rawValue), \(turn.name), A knows two addresses", setup: setup, prefix: []
            )
            setup.addressing = [.named, .none]
            let once = GlareStart(
                name: "\(style.rawValue), \(turn.name), only A wants the other", setup: setup, prefix: []
            )
            return [cold, warm, twice, once]
        }
    }

    /// A has the lower address.
    private static let turns: [(name: String, rules: [DirectionRule])] = [
        ("both dial", [.none, .none]), ("A dials", [.lowerAddress, .lowerAddress]),
        ("B dials", [.higherAddress, .higherAddress]), ("each waits", [.higherAddress, .lowerAddress]),
    ]
}

extension GlareWorld {
    /// What happens until a pair that nothing disturbs has its link.
    static func linking(_ setup: GlareSetup) -> [GlareEvent] {
        var world = GlareWorld(setup)
        var events: [GlareEvent] = []
        while world.verdict != nil || !world.arrivals.isEmpty {
            let arrivals = world.arrivals
            guard let event = arrivals.first ?? world.nextTimer.map({ .pass(Int($0 / .milliseconds(1))) }) else {
                preconditionFailure("a pair that nothing disturbs ends without a link: \(setup)")
            }
            world.perform(event)
            events.append(event)
        }
        return events
    }
}
