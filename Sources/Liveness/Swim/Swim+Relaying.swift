import Kernel
import Wire

// Probes that others ask us for.

extension Swim {
    /// A probe made for another.
    struct Relay: Codable, Sendable {
        var asker: Identity
        /// The asker's number of the probe.
        var asked: UInt64
        var target: Identity
        /// Ours.
        var sequence: UInt64
    }

    /// Relays under way at a time for one member; what it asks beyond them goes unanswered, which costs us its good
    /// opinion of our health and nothing else. An honest one has one or two under way, and one that asks without end
    /// takes nothing from the others.
    static let mostRelaysPerAsker = 4

    mutating func relay(_ asked: UInt64, for asker: Identity, to target: Identity, _ context: inout Context) {
        if target == context.identity { return say(.answer, asked, to: asker, &context) }
        guard state.members[target] != nil, target != asker else {
            // We cannot help, and are there.
            if options.usesNoAnswers { say(.noAnswer, asked, about: target, to: asker, &context) }
            return
        }
        let underWay = state.relays.count { $0.asker == asker }
        guard underWay < Self.mostRelaysPerAsker else { return }
        state.sequence &+= 1
        state.relays.append(Relay(asker: asker, asked: asked, target: target, sequence: state.sequence))
        say(.probe, state.sequence, to: target, &context)
        // Four fifths of the asker's patience (Lifeguard, section IV-A).
        context.schedule(Timer.noAnswer(sequence: state.sequence), after: options.timeout * 4 / 5)
    }

    mutating func relayAnswered(_ sequence: UInt64, by peer: Identity, _ context: inout Context) {
        guard let index = state.relays.firstIndex(where: { $0.sequence == sequence && $0.target == peer }) else {
            return
        }
        let relay = state.relays.remove(at: index)
        context.cancel(Timer.noAnswer(sequence: sequence))
        say(.answer, relay.asked, to: relay.asker, &context)
    }

    mutating func relayIsSilent(_ sequence: UInt64, _ context: inout Context) {
        guard let index = state.relays.firstIndex(where: { $0.sequence == sequence }) else { return }
        let relay = state.relays.remove(at: index)
        if options.usesNoAnswers { say(.noAnswer, relay.asked, about: relay.target, to: relay.asker, &context) }
    }
}
