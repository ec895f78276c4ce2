import Kernel
import Wire

// What is said about members, and what comes of it.

extension Swim {
    /// How far ahead of a member's own word an incarnation is believed that others tell of it. A member is ahead of what
    /// we have heard from itself by the suspicions it has spoken up against meanwhile, which are few; whoever tells of
    /// more would only use the numbers up.
    static let furthestAhead: UInt64 = 1 << 16

    /// How often others' word ends a suspicion of a member that meanwhile says nothing over its own link. A number is easily
    /// made up: without a limit one liar would keep a dead member from ever being found dead.
    static let mostVouches = 3

    mutating func hear(_ claim: SwimClaim, from peer: Identity, _ context: inout Context) {
        if claim.subject == context.identity { return hearOfUs(claim) }
        guard let member = state.members[claim.subject] else { return }
        if claim.status == .alive, claim.subject == peer { return hearOwnWord(claim, &context) }
        guard claim.incarnation >= member.ownWord, claim.incarnation - member.ownWord <= Self.furthestAhead else {
            return
        }
        switch claim.status {
        case .alive:
            // Passed on by others it must be news.
            guard claim.incarnation > member.incarnation else { return }
            if member.suspicion != nil {
                let vouches = member.vouches ?? 0
                guard vouches < Self.mostVouches else { return }
                state.members[claim.subject]?.vouches = vouches + 1
            }
            state.members[claim.subject]?.incarnation = claim.incarnation
            trust(claim.subject, &context)
            spread(claim)
        case .suspected, .dead:
            guard claim.incarnation >= member.incarnation else { return }
            // What we said ourselves is no news when it comes back.
            guard claim.source != context.identity else { return }
            let source = claim.source == claim.subject ? peer : claim.source
            suspect(claim.subject, by: source, toldBy: peer, claim.incarnation, &context)
        }
    }

    /// What a member says of itself over its own link ends every doubt, whatever others have claimed for it.
    private mutating func hearOwnWord(_ claim: SwimClaim, _ context: inout Context) {
        guard let member = state.members[claim.subject] else { return }
        state.members[claim.subject]?.incarnation = claim.incarnation
        state.members[claim.subject]?.ownWord = claim.incarnation
        state.members[claim.subject]?.vouches = nil
        trust(claim.subject, &context)
        if claim.incarnation > member.incarnation { spread(claim) }
    }

    /// We are suspected: we speak up with a higher incarnation, and doubt our own health, once a period. Old news is
    /// answered too, with what is known already: a peer that has just linked has not heard it.
    private mutating func hearOfUs(_ claim: SwimClaim) {
        guard claim.status != .alive else { return }
        // A number far beyond ours is a lie: nobody believes it but whom it was told to, and he believes our own word.
        if claim.incarnation >= state.incarnation, claim.incarnation - state.incarnation <= Self.furthestAhead {
            state.incarnation = claim.incarnation + 1
            if !state.hasDoubtedItself { changeHealth(by: 1) }
            state.hasDoubtedItself = true
        }
        spread(
            SwimClaim(
                status: .alive, subject: claim.subject, incarnation: state.incarnation, source: claim.subject
            )
        )
    }

    /// Begins a suspicion, or counts one more who has come to it.
    mutating func suspect(
        _ subject: Identity, by source: Identity, toldBy teller: Identity, _ incarnation: UInt64,
        _ context: inout Context
    ) {
        guard var member = state.members[subject], teller != subject else { return }
        let isNew = member.suspicion == nil
        var isNews = true
        if var suspicion = member.suspicion {
            isNews = suspicion.confirm(by: source, toldBy: teller)
            member.suspicion = suspicion
        } else {
            member.suspicion = suspicion(by: source, toldBy: teller, at: context.now)
            context.note(.info, "link \(member.link): no answer, directly or through others; the peer is suspected")
        }
        member.incarnation = max(member.incarnation, incarnation)
        state.members[subject] = member
        if let deadline = member.suspicion?.deadline {
            context.schedule(Timer.suspicion(member.link), at: max(deadline, context.now))
        }
        guard isNews else { return }
        spread(
            SwimClaim(status: .suspected, subject: subject, incarnation: member.incarnation, source: source)
        )
        guard isNew, options.tellsSuspected else { return }
        // A probe of its own, which no period waits for: its answer brings the word that ends the suspicion.
        state.sequence &+= 1
        say(.probe, state.sequence, to: subject, &context)
    }

    private func suspicion(by source: Identity, toldBy teller: Identity, at now: Instant) -> Suspicion {
        let shortest = options.shortestSuspicion(groupOf: state.members.count + 1)
        // Where there are too few others to confirm it, nobody waits for them.
        let others = state.members.count - 1
        return Suspicion(
            by: source, toldBy: teller, at: now, shortest: shortest, longest: shortest * options.suspicionMaximum,
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
