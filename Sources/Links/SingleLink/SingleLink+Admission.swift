import Kernel
import Wire

extension SingleLink {
    /// Judges an incoming handshake whose sender is believed; makes room for it where it is taken.
    /// - Returns: false when it was refused, and ended.
    mutating func admit(_ id: LinkID, _ context: inout Context) -> Bool {
        guard let party = state.handshakes[id]?.party else { return false }
        let (index, claim) = (party.place, party.claim)
        let verdict = judge(claim, at: index, over: id, context)
        if case .refuse(let reason) = verdict {
            if reason == .identityInUse, let link = context.link(id) {
                tellProcesses(of: index, claim, over: link, isKept: false, &context)
            }
            refuse(id, claim.identity, reason, &context)
            return false
        }
        guard state.peers[index].up != nil || letIn(id, claim.identity, &context) else { return false }
        switch verdict {
        case .takeOver(let reason):
            if let old = state.peers[index].up {
                if reason == .identityInUse, let link = context.link(id) {
                    tellProcesses(of: index, claim, over: link, isKept: true, &context)
                }
                context.observe(.takeover(old: old.link, new: id, claim.identity))
                drop(old.link, reason, &context)
            }
        case .accept, .refuse: break
        }
        if let attempt = state.peers[index].dialling { drop(attempt.link, .glare, &context) }
        return true
    }

    /// The handshake is done at this end.
    mutating func bringUp(_ id: LinkID, _ context: inout Context) {
        guard let party = state.handshakes.remove(id)?.party, let link = context.link(id) else { return }
        let (place, claim) = (party.place, party.claim)
        context.cancel(Timer.handshake(id))
        let sequence = state.peers[place].dialling?.sequence
        if state.peers[place].dialling?.link == id { state.peers[place].dialling = nil }
        // While a bare address was being dialled, its peer may have dialled us and got a place of its own.
        let index = state.peers.place(of: claim.identity) ?? place
        if index != place { merge(place, into: index, as: claim.identity) }
        note(claim, at: index, context)
        // A dial that was answered while another link of the pair stood: the answer is the peer's decision.
        if let old = state.peers[index].up { drop(old.link, .superseded, &context) }
        if let attempt = state.peers[index].dialling { drop(attempt.link, .glare, &context) }
        state.peers[index].up = Established(
            link: id, since: context.now, direction: link.direction,
            sequence: link.direction == .accepted ? claim.dialSequence : sequence ?? 0,
            roundTrip: party.reading?.roundTrip, advertised: claim.takesDialability ? claim.listen : nil
        )
        state.meters[id] = RateLimit.Meter(isPrivileged: standing(of: claim.identity, context).isPrivileged)
        state.peers[index].waitingSince = nil
        if isProven(link) { state.peers[index].hasProvenKey = true }
        context.cancel(Timer.dial(peer: index))
        settleWish(index, &context)
        if let clock = party.reading?.clock { context.note(clock, of: id) }
        context.markUp(id, peer: claim.identity)
        if let offset = context.clockOffset { state.lastClockOffset = offset.offset }
        guard link.direction == .accepted else { return }
        wasDialled(over: link, at: index, &context)
        planProbe(over: id, &context)
    }

    /// Turns an incoming dial away and says why, to both ends.
    mutating func refuse(_ id: LinkID, _ identity: Identity?, _ reason: Reason, _ context: inout Context) {
        guard let link = context.link(id) else { return }
        context.observe(.refused(id, identity, link.remote, reason))
        if state.handshakes[id]?.isUnanswered == true {
            let ack = HelloAck(
                refusal: reason, identity: context.identity, incarnation: context.incarnation, nonce: 0,
                signature: .none, agreement: reason == .differentAgreement ? context.agreement : nil
            )
            context.send(.helloAck(ack), over: id)
            finish(id, reason, by: .us, &context)
        } else {
            end(id, reason, by: .us, &context)
        }
    }

    /// Ends a link in favour of another of the same pair, and says so. Sets no redial.
    private mutating func drop(_ id: LinkID, _ reason: Reason, _ context: inout Context) {
        if context.link(id)?.phase != .connecting { context.send(.goodbye(reason), over: id) }
        _ = forget(id, &context)
        context.close(id, reason)
    }

    /// Ends a link for whatever cause, says so where it is our doing, and sets what follows from it.
    mutating func end(_ id: LinkID, _ reason: Reason, by ender: LinkEnder, _ context: inout Context) {
        if state.probes[id] != nil {
            conclude(id, reason, by: ender, &context)
            return
        }
        if ender == .us, let link = context.link(id), link.phase != .connecting {
            context.send(.goodbye(reason), over: id)
        }
        finish(id, reason, by: ender, &context)
    }

    /// Ends a link whose other end knows why.
    private mutating func finish(_ id: LinkID, _ reason: Reason, by ender: LinkEnder, _ context: inout Context) {
        if ender != .peer { blame(id, for: reason, &context) }
        let handshake = state.handshakes[id]
        let before = forget(id, &context)
        context.close(id, reason, by: ender)
        defer { planWaiting(&context) }
        // What the dialler ends itself it does not count on: its last word would have come first.
        if case .awaitingReady(let party, _)? = handshake, ender != .peer { assumePeerWasUp(party, id, &context) }
        guard let before else { return }
        switch before.standing {
        case .up(let since):
            let fellSilent = ender != .peer && reason.saysThatNothingCame
            relink(before.peer, livedFor: context.now - since, fellSilent: fellSilent, &context)
        case .dialling: retry(before.peer, after: reason, &context)
        case .incoming: break
        }
    }

    /// A dialler counts on its link once it has our verdict, before we have its last word (`verdict` alone). Where that
    /// word never comes, the link may have been up at the other end, and was seen to end at this one.
    private mutating func assumePeerWasUp(_ party: Party, _ id: LinkID, _ context: inout Context) {
        let (index, claim) = (party.place, party.claim)
        guard
            // On record, a process that has ended would make the one that is there now a latecomer.
            !hasLaterHello(than: id, index, claim.incarnation)
        else { return }
        let verdict = judge(claim, at: index, over: id, context)
        if case .takeOver(let reason) = verdict, let old = state.peers[index].up, old.link < id {
            // Its Hello said that this one is over, too.
            drop(old.link, reason, &context)
        }
        let isFree = state.peers[index].up == nil
        if case .refuse = verdict {
            if state.peers[index].incarnation == nil { note(claim, at: index, context) }
        } else if isFree {
            note(claim, at: index, context)
        }
        // Where ours stays, too: a peer that does not hear that its own link is over refuses ours for it.
        if state.peers[index].incarnation == claim.incarnation {
            state.peers[index].endedSequence = max(state.peers[index].endedSequence, claim.dialSequence)
        }
        if case .refuse = verdict { return }
        if isFree { plan(index, &context) }
    }

    /// What a link was to its peer.
    private enum Standing {
        case up(since: Instant)
        case dialling
        case incoming
    }

    /// Takes a link out of every place that names it.
    private mutating func forget(_ id: LinkID, _ context: inout Context) -> (peer: Int, standing: Standing)? {
        let handshake = state.handshakes.remove(id)
        if handshake != nil { context.cancel(Timer.handshake(id)) }
        context.cancel(Timer.greeting(id))
        context.cancel(Timer.probe(over: id))
        state.meters[id] = nil
        if let handshake, handshake.isIncoming { return handshake.place.map { ($0, .incoming) } }
        guard let index = holder(of: id, context) else { return handshake?.place.map { ($0, .incoming) } }
        if let up = state.peers[index].up, up.link == id {
            state.peers[index].up = nil
            if up.direction == .accepted {
                state.peers[index].endedSequence = max(state.peers[index].endedSequence, up.sequence)
            }
            return (index, .up(since: up.since))
        }
        state.peers[index].dialling = nil
        return (index, .dialling)
    }

    /// Records what a believed peer said about itself.
    private mutating func note(_ claim: Claim, at index: Int, _ context: borrowing Context) {
        if state.peers[index].identity == nil {
            state.peers.name(index, claim.identity)
        }
        guard state.peers[index].incarnation != claim.incarnation else {
            state.peers[index].process = claim.process
            return
        }
        let known = state.peers[index].former(claim.incarnation)
        state.peers[index].formerProcesses.removeAll { $0.process.incarnation == claim.incarnation }
        if let old = state.peers[index].process {
            let former = FormerProcess(process: old, endedSequence: state.peers[index].endedSequence)
            state.peers[index].formerProcesses.append(former)
            if state.peers[index].formerProcesses.count > 8 { state.peers[index].formerProcesses.removeFirst() }
        }
        state.peers[index].process = claim.process
        state.peers[index].incarnationSince = context.links.entries.last?.id
        state.peers[index].endedSequence = known?.endedSequence ?? 0
    }

    /// What becomes of an incoming handshake, by what is known of its sender's place.
    func judge(_ claim: Claim, at index: Int, over id: LinkID, _ context: borrowing Context) -> Verdict {
        Self.judge(
            claim, against: state.peers[index], own: context.identity, over: id,
            provesProcess: options.handshake == .signed
        )
    }
}
