import Kernel
import Wire

// Probes of our own: one peer an interval, directly and then through others.

extension Swim {
    /// Our own failures stretch every wait: whoever gets no answers at all is probably ill himself.
    private func stretched(_ duration: Duration) -> Duration { duration * (state.failures + 1) }

    /// Better or worse by so much, within the bounds.
    mutating func changeHealth(by delta: Int) {
        state.failures = min(max(0, state.failures + delta), options.awareness - 1)
    }

    /// A period is over: the last probe is judged and the next one begins. Ticks that a stall swallowed are skipped.
    mutating func period(_ context: inout Context) {
        judge(&context)
        state.hasDoubtedItself = false
        context.schedule(Timer.period, after: stretched(options.interval))
        probeGuests(&context)
        guard let target = nextTarget(&context) else { return }
        state.sequence &+= 1
        state.probe = Probe(target: target, sequence: state.sequence)
        say(.probe, state.sequence, to: target, &context)
        context.schedule(Timer.askOthers, after: stretched(options.timeout))
    }

    /// All members in turn, each round in another order: nobody waits for a probe longer than two rounds.
    private mutating func nextTarget(_ context: inout Context) -> Identity? {
        if state.round.isEmpty {
            state.round = Array(state.members.keys)
            for place in stride(from: state.round.count - 1, to: 0, by: -1) {
                state.round.swapAt(place, Int(context.random(below: UInt64(place + 1))))
            }
        }
        return state.round.popLast()
    }

    private mutating func judge(_ context: inout Context) {
        guard let probe = state.probe else { return }
        state.probe = nil
        guard var member = state.members[probe.target] else { return }
        if member.answered < probe.sequence { member.misses += 1 }
        state.members[probe.target] = member
        // A link that only others can use is of no use, whatever they say of the peer.
        if let limit = options.linkMisses, member.misses >= limit { return context.declareDead(member.link, .silent) }
        guard probe.isAnswered else {
            changeHealth(by: 1 + (options.usesNoAnswers ? probe.silentHelpers.count : 0))
            return suspect(
                probe.target, by: context.identity, toldBy: context.identity, member.incarnation, &context
            )
        }
        changeHealth(by: -1)
    }

    /// No answer yet: some others are asked, drawn without repetition.
    mutating func askOthers(_ context: inout Context) {
        guard var probe = state.probe, !probe.isAnswered else { return }
        var others = state.members.keys.filter { $0 != probe.target && state.members[$0]?.suspicion == nil }
        while probe.helpers.count < options.indirectProbes, !others.isEmpty {
            probe.helpers.append(others.remove(at: Int(context.random(below: UInt64(others.count)))))
        }
        probe.silentHelpers = probe.helpers
        state.probe = probe
        for helper in probe.helpers { say(.request, probe.sequence, about: probe.target, to: helper, &context) }
    }

    /// Somebody says that a probe of ours was answered: the target itself, or one who was asked. An answer may also be
    /// to a probe made for another.
    mutating func answered(_ sequence: UInt64, by peer: Identity, _ context: inout Context) {
        if sequence <= state.sequence, let member = state.members[peer], sequence > member.answered {
            // However late it is, and whomever it is about: it has come over this link, in answer to what went over it.
            state.members[peer]?.answered = sequence
            state.members[peer]?.misses = 0
            state.members[peer]?.vouches = nil
        }
        guestAnswered(sequence, by: peer)
        if state.probe?.sequence == sequence { state.probe?.hearAnswer(from: peer) }
        relayAnswered(sequence, by: peer, &context)
    }
}

extension Swim.Probe {
    mutating func hearAnswer(from peer: Identity) {
        if peer == target || helpers.contains(peer) { isAnswered = true }
        silentHelpers.removeAll { $0 == peer }
    }

    mutating func hearNoAnswer(_ sequence: UInt64, from peer: Identity) {
        if sequence == self.sequence { silentHelpers.removeAll { $0 == peer } }
    }
}
