import Kernel
import Wire

// What is said about members, and what comes of it.

extension Swim {
    mutating func hear(_ claim: SwimClaim, from peer: Identity, _ context: inout Context) {
        if claim.subject == context.identity { return hearOfUs(claim) }
        guard let member = state.members[claim.subject] else { return }
        switch claim.status {
        case .alive:
            // Its own word over its own link ends every doubt; passed on by others it must be news.
            guard claim.subject == peer || claim.incarnation > member.incarnation else { return }
            let isNews = claim.incarnation > member.incarnation
            state.members[claim.subject]?.incarnation = claim.incarnation
            trust(claim.subject, &context)
            if isNews { spread(claim) }
        case .suspected, .dead:
            guard claim.incarnation >= member.incarnation else { return }
            suspect(claim.subject, by: claim.source, claim.incarnation, &context)
        }
    }

    /// We are suspected: we speak up with a higher incarnation, and doubt our own health. Old news is answered too,
    /// with what is known already: a peer that has just linked has not heard it.
    private mutating func hearOfUs(_ claim: SwimClaim) {
        guard claim.status != .alive else { return }
        if claim.incarnation >= state.incarnation {
            state.incarnation = min(claim.incarnation, .max - 1) + 1
            changeHealth(by: 1)
        }
        spread(
            SwimClaim(
                status: .alive, subject: claim.subject, incarnation: state.incarnation, source: claim.subject
            )
        )
    }

    /// Begins a suspicion, or counts one more who has come to it.
    mutating func suspect(
        _ subject: Identity, by source: Identity, _ incarnation: UInt64, _ context: inout Context
    ) {
        guard var member = state.members[subject], source != subject else { return }
        let isNew = member.suspicion == nil
        if var suspicion = member.suspicion {
            guard suspicion.confirm(by: source) else { return }
            member.suspicion = suspicion
        } else {
            member.suspicion = suspicion(by: source, at: context.now)
            context.note(.info, "link \(member.link): no answer, directly or through others; the peer is suspected")
        }
        member.incarnation = max(member.incarnation, incarnation)
        state.members[subject] = member
        let claim = SwimClaim(
            status: .suspected, subject: subject, incarnation: member.incarnation, source: source
        )
        spread(claim)
        if let deadline = member.suspicion?.deadline {
            context.schedule(Timer.suspicion(member.link), at: max(deadline, context.now))
        }
        guard isNew, options.tellsSuspected else { return }
        // A probe of its own, which no period waits for: its answer brings the word that ends the suspicion.
        state.sequence += 1
        say(.probe, state.sequence, to: subject, &context)
    }

    private func suspicion(by source: Identity, at now: Instant) -> Suspicion {
        let shortest = options.shortestSuspicion(groupOf: state.members.count + 1)
        // Where there are too few others to confirm it, nobody waits for them.
        let others = state.members.count - 1
        return Suspicion(
            by: source, at: now, shortest: shortest, longest: shortest * options.suspicionMaximum,
            confirmations: others < options.confirmations ? 0 : options.confirmations
        )
    }

    private mutating func trust(_ subject: Identity, _ context: inout Context) {
        guard let member = state.members[subject], member.suspicion != nil else { return }
        state.members[subject]?.suspicion = nil
        forgetSuspicions(of: subject)
        context.cancel(Timer.suspicion(member.link))
        context.note(.info, "link \(member.link): the suspected peer has spoken up")
    }

    /// The time to speak up is over.
    mutating func suspicionEnds(_ link: LinkID, _ context: inout Context) {
        guard let subject = context.link(link)?.peer, let member = state.members[subject], member.link == link,
            member.suspicion != nil
        else { return }
        forgetSuspicions(of: subject)
        spread(
            SwimClaim(status: .dead, subject: subject, incarnation: member.incarnation, source: context.identity)
        )
        context.declareDead(link, .silent)
    }
}
