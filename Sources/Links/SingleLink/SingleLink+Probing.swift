import Kernel
import Wire

// A link that the peer dialled does not say whether the peer can be dialled. This end dials where the peer says that it
// listens, sees who answers, and tells the peer over the link that stands.

extension SingleLink {
    /// No peer, and no stranger's site, is probed twice within this.
    static var probeInterval: Duration { .seconds(3600) }
    private static let probesAtOnce = 2
    private static let probedLimit = 1024

    /// Sets the first probe of a peer whose link has just come up. Without proof of keys nothing would be known by it.
    mutating func planProbe(over id: LinkID, _ context: inout Context) {
        guard let wait = options.probeAfter, options.handshake == .signed,
            linkedPeer(id, context).flatMap({ state.peers[$0].up?.advertised }) != nil
        else { return }
        scheduleProbe(over: id, after: wait, &context)
    }

    /// Spread over half as much again, so that a node that many dialled does not dial them all at once.
    private func scheduleProbe(over id: LinkID, after wait: Duration, _ context: inout Context) {
        let spread = context.random(below: wait / 2, for: 1 << 63 | id.number)
        context.schedule(Timer.probe(over: id), after: wait + spread)
    }

    mutating func probe(over id: LinkID, _ context: inout Context) {
        guard let wait = options.probeAfter, let link = context.link(id),
            let peer = linkedPeer(id, context).map({ state.peers[$0] }),
            let identity = peer.identity, let target = target(of: peer, over: link, context),
            target != context.endpoint
        else { return }
        let isPrivileged = standing(of: identity, context).isPrivileged
        let subject: Reputation.Subject = isPrivileged ? .identity(identity) : .site(target.ip.site)
        if let last = state.probes.last(of: subject), context.now < last.at + Self.probeInterval {
            if let found = last.found, last.identity == identity, found.endpoint == target {
                context.send(.dialability(found), over: id)
                if found.reason == nil { return }
            }
            scheduleProbe(over: id, after: last.at + Self.probeInterval - context.now, &context)
            return
        }
        guard state.probes.underWay.count < Self.probesAtOnce, hasRoomToRemember(context) else {
            scheduleProbe(over: id, after: wait, &context)
            return
        }
        let dial = context.probe(target, expecting: identity)
        let probe = Probe(identity: identity, endpoint: target, subject: subject)
        state.probes.begin(probe, over: dial, at: context.now)
        scheduleProbe(over: id, after: Self.probeInterval, &context)
    }

    /// Where to dial: a masternode or trusted peer where this node would dial it anyway; whoever else at no host but the one
    /// that the link comes from, or a stranger could have us call on third parties.
    private func target(of peer: Peer, over link: Link, _ context: borrowing Context) -> Endpoint? {
        guard let identity = peer.identity, let advertised = peer.up?.advertised else { return nil }
        if standing(of: identity, context).isPrivileged,
            let listed = context.network.masternode(identity)?.endpoint ?? peer.endpoint
        {
            return listed
        }
        let address = advertised.ip.isUnspecified ? link.remote.ip : advertised.ip
        let target = Endpoint(ip: address, port: advertised.port)
        return address == link.remote.ip && target.isDialable ? target : nil
    }

    /// Forgets probes that no longer keep anybody from being probed.
    private mutating func hasRoomToRemember(_ context: borrowing Context) -> Bool {
        state.probes.forgetLast(before: context.now + (.zero - Self.probeInterval))
        return state.probes.last.count < Self.probedLimit
    }

    /// The probe's transport is open.
    mutating func greetProbed(_ id: LinkID, _ context: inout Context) {
        let hello = Hello(
            version: Hello.currentVersion, network: context.network.name, identity: context.identity,
            incarnation: context.incarnation, dialSequence: 0, endedSequence: 0, listen: context.endpoint,
            nonce: context.randomBits(), isProbe: true, process: ownStatement(&context), agreement: context.agreement
        )
        state.probes[id]?.stage = .awaitingAck(transcript: Transcript.opening(hello))
        context.schedule(Timer.handshake(id), after: options.handshakeTimeout)
        context.send(.hello(hello), over: id)
    }

    mutating func receivedProbeAck(_ ack: HelloAck, _ id: LinkID, _ context: inout Context) {
        guard let probe = state.probes[id], case .awaitingAck(let opening) = probe.stage else {
            conclude(id, .unexpectedMessage, by: .us, &context)
            return
        }
        if let refusal = ack.refusal {
            conclude(id, refusal, by: .peer, &context)
            return
        }
        let proven = context.link(id)?.transportIdentity
        guard ack.identity == probe.identity, proven == nil || proven == ack.identity else {
            conclude(id, .wrongIdentity, by: .us, &context)
            return
        }
        var unsigned = ack
        unsigned.signature = .none
        let transcript = Transcript.closing(opening, unsigned)
        let bytes = Transcript.signed(transcript, by: .acceptor)
        let token = context.verify([SignatureCheck(bytes: bytes, signature: ack.signature, identity: ack.identity)])
        state.probes[id]?.stage = .verifying
        state.handshakes.awaitAnswer(token, for: id)
    }

    /// Ends a probe and tells the peer what came of it. Who answers and turns us away says nothing that counts.
    mutating func conclude(_ id: LinkID, _ reason: Reason?, by ender: LinkEnder, _ context: inout Context) {
        guard let probe = state.probes.remove(id) else { return }
        state.handshakes.forgetChecks(of: id)
        context.cancel(Timer.handshake(id))
        if ender == .us { context.send(.goodbye(reason ?? .notWanted), over: id) }
        context.close(id, reason ?? .notWanted, by: ender)
        if ender == .peer, reason != .endOfStream { return }
        let found = Dialability(endpoint: probe.endpoint, reason: reason)
        context.observe(.probed(probe.identity, found))
        state.probes.note(found, of: probe)
        // Its link may be another one by now.
        guard let up = state.peers.place(of: probe.identity).flatMap({ state.peers[$0].up }), up.advertised != nil
        else {
            return
        }
        context.send(.dialability(found), over: up.link)
        // Who was reached once is left alone as long as its link stands.
        if reason == nil { context.cancel(Timer.probe(over: up.link)) }
    }

    /// Another node's probe of this one is answered like a dial, and changes nothing here.
    mutating func answerProbe(_ hello: Hello, over link: Link, _ context: inout Context) {
        guard options.handshake == .signed else {
            refuse(link.id, hello.identity, .unexpectedMessage, &context)
            return
        }
        guard !isBanned(hello.identity, at: link.remote, context) else {
            refuse(link.id, hello.identity, .banned, &context)
            return
        }
        var ack = HelloAck(
            refusal: nil, identity: context.identity, incarnation: context.incarnation, nonce: context.randomBits(),
            signature: .none, wall: context.wall.milliseconds, process: ownStatement(&context)
        )
        let transcript = Transcript.closing(Transcript.opening(hello), ack)
        ack.signature = context.sign(Transcript.signed(transcript, by: .acceptor))
        state.handshakes[link.id] = .probed
        context.markAsProbe(link.id)
        context.send(.helloAck(ack), over: link.id)
    }
}
