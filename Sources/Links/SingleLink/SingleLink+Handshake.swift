import Kernel
import Wire

// Dialler: Hello → (HelloAck) → Proof → (Ready). Acceptor: (Hello) → HelloAck → (Proof) → Ready.
// `ack` stops after HelloAck; `verdict` has the dialler say Ready; `signed` goes the whole way.

extension SingleLink {
    /// The dialler speaks first.
    mutating func greet(_ link: LinkID, _ peer: Int, _ context: inout Context) {
        let record = state.peers[peer]
        let hello = Hello(
            version: Hello.currentVersion, network: context.network.name, identity: context.identity,
            incarnation: context.incarnation, dialSequence: record.dialSequence, endedSequence: record.endedSequence,
            listen: context.endpoint, nonce: context.randomBits(), takesDialability: true
        )
        state.peers[peer].dialling?.isGreeted = true
        state.handshakes[link] = Handshake(
            stage: .awaitingAck, peer: peer, transcript: Transcript.opening(hello)
        )
        context.schedule(Timer.handshake(link), after: options.handshakeTimeout)
        context.observe(.handshakeBegun(link))
        context.send(.hello(hello), over: link)
    }

    /// The acceptor answers. Nothing is taken over before the sender is believed.
    mutating func receivedHello(_ hello: Hello, _ id: LinkID, _ context: inout Context) {
        guard let link = context.link(id), var handshake = state.handshakes[id], handshake.stage == .awaitingHello
        else {
            end(id, .unexpectedMessage, by: .us, &context)
            return
        }
        if let reason = objection(to: hello, on: link, context) {
            refuse(id, hello.identity, reason, &context)
            return
        }
        if hello.isProbe {
            answerProbe(hello, over: link, &context)
            return
        }
        guard let peer = place(for: hello.identity, nil, mayEvict: true) else {
            refuse(id, hello.identity, .tooManyLinks, &context)
            return
        }
        let claim = Claim(
            identity: hello.identity, incarnation: hello.incarnation, dialSequence: hello.dialSequence,
            endedSequence: hello.endedSequence, listen: hello.listen, takesDialability: hello.takesDialability
        )
        handshake.peer = peer
        handshake.claim = claim
        context.identify(id, as: hello.identity)
        if case .refuse(let reason) = Self.judge(claim, against: state.peers[peer], own: context.identity, over: id) {
            refuse(id, hello.identity, reason, &context)
            return
        }
        if isBanned(hello.identity, at: link.remote, context) {
            refuse(id, hello.identity, .banned, &context)
            return
        }
        var ack = HelloAck(
            refusal: nil, identity: context.identity, incarnation: context.incarnation, nonce: context.randomBits(),
            signature: .none
        )
        handshake.transcript = Transcript.closing(Transcript.opening(hello), ack)
        if options.handshake == .signed {
            ack.signature = context.sign(Transcript.signed(handshake.transcript, by: .acceptor))
        }
        handshake.stage =
            switch options.handshake {
            case .ack: .awaitingHello
            case .verdict: .awaitingReady
            case .signed: .awaitingProof
            }
        handshake.answeredAt = context.now
        state.handshakes[id] = handshake
        // The verdict stands before the answer goes out, so that an accepted dial is accepted for good.
        if options.handshake == .ack, !admit(id, &context) { return }
        context.send(.helloAck(ack), over: id)
        if options.handshake == .ack { bringUp(id, &context) }
    }

    /// The dialler hears the verdict.
    mutating func receivedAck(_ ack: HelloAck, _ id: LinkID, _ context: inout Context) {
        if state.probes[id] != nil {
            receivedProbeAck(ack, id, &context)
            return
        }
        guard var handshake = state.handshakes[id], handshake.stage == .awaitingAck, let peer = handshake.peer,
            let link = context.link(id)
        else {
            end(id, .unexpectedMessage, by: .us, &context)
            return
        }
        // The peer's links are told apart by what its place remembers, so a bare address has to give way first.
        if state.peers[peer].identity == nil, let known = state.places[ack.identity], known != peer {
            merge(peer, into: known, as: ack.identity)
            end(id, ack.refusal ?? .duplicate, by: ack.refusal == nil ? .us : .peer, &context)
            // Our `Hello` said nothing of what is known of this peer, so what became of it says nothing of the next one.
            state.peers[known].waitingSince = hasWaited(context)
            plan(known, &context)
            return
        }
        if let refusal = ack.refusal {
            end(id, refusal, by: .peer, &context)
            return
        }
        let expected = [link.transportIdentity, state.peers[peer].identity].compactMap { $0 }
        guard expected.allSatisfy({ $0 == ack.identity }), ack.identity != context.identity else {
            end(id, ack.identity == context.identity ? .selfConnection : .wrongIdentity, by: .us, &context)
            return
        }
        // Believed, it would make the process that is there now a former one.
        if Self.isOutdated(ack.incarnation, over: id, state.peers[peer])
            || hasLaterHello(than: id, peer, ack.incarnation)
        {
            end(id, .staleDial, by: .us, &context)
            return
        }
        var unsigned = ack
        unsigned.signature = .none
        handshake.transcript = Transcript.closing(handshake.transcript, unsigned)
        handshake.claim = Claim(
            identity: ack.identity, incarnation: ack.incarnation, dialSequence: 0, endedSequence: 0,
            listen: link.remote
        )
        state.handshakes[id] = handshake
        context.identify(id, as: ack.identity)
        switch options.handshake {
        case .ack: bringUp(id, &context)
        case .verdict:
            context.send(.ready, over: id)
            bringUp(id, &context)
        case .signed:
            state.handshakes[id]?.stage = .verifyingAck
            check(id, ack.signature, by: ack.identity, as: .acceptor, &context)
        }
    }

    /// Whether another process of this peer has come since: one whose `Hello` counts before its last word is here (`verdict`
    /// alone).
    func hasLaterHello(than id: LinkID, _ peer: Int, _ incarnation: UInt64) -> Bool {
        state.handshakes.contains { other, handshake in
            handshake.stage == .awaitingReady && handshake.peer == peer && other > id
                && handshake.claim?.incarnation != incarnation
        }
    }

    mutating func receivedProof(_ proof: Proof, _ id: LinkID, _ context: inout Context) {
        guard let handshake = state.handshakes[id], handshake.stage == .awaitingProof, let claim = handshake.claim
        else {
            end(id, .unexpectedMessage, by: .us, &context)
            return
        }
        state.handshakes[id]?.stage = .verifyingProof
        noteRoundTrip(id, context)
        check(id, proof.signature, by: claim.identity, as: .dialler, &context)
    }

    mutating func receivedReady(_ id: LinkID, _ context: inout Context) {
        switch state.handshakes[id]?.stage {
        case .awaitingReady:
            noteRoundTrip(id, context)
            if admit(id, &context) { bringUp(id, &context) }
        case .awaitingAdmission:
            bringUp(id, &context)
        default:
            end(id, .unexpectedMessage, by: .us, &context)
        }
    }

    public mutating func verified(_ verification: Verification, _ token: Token, _ context: inout Context) {
        guard let id = state.checks.removeValue(forKey: token) else { return }
        // Where our verifier fails nothing speaks against the peer: the deadline of the handshake ends the link.
        guard case .checked(let verdicts) = verification else { return }
        if state.probes[id] != nil {
            conclude(id, verdicts[0] ? nil : .badSignature, by: .us, &context)
            return
        }
        guard let handshake = state.handshakes[id] else { return }
        guard verdicts[0] else {
            if handshake.stage == .verifyingProof {
                refuse(id, handshake.claim?.identity, .badSignature, &context)
            } else {
                end(id, .badSignature, by: .us, &context)
            }
            return
        }
        if handshake.stage == .verifyingAck {
            let proof = Proof(signature: context.sign(Transcript.signed(handshake.transcript, by: .dialler)))
            state.handshakes[id]?.stage = .awaitingAdmission
            context.send(.proof(proof), over: id)
        } else if admit(id, &context) {
            context.send(.ready, over: id)
            bringUp(id, &context)
        }
    }

    private mutating func noteRoundTrip(_ id: LinkID, _ context: borrowing Context) {
        guard let answeredAt = state.handshakes[id]?.answeredAt else { return }
        state.handshakes[id]?.roundTrip = context.now - answeredAt
    }

    /// What speaks against a `Hello` before anything is known of its sender.
    private func objection(to hello: Hello, on link: Link, _ context: borrowing Context) -> Reason? {
        if hello.version != Hello.currentVersion { return .protocolVersion }
        if hello.network != context.network.name { return .wrongNetwork }
        if hello.identity == context.identity { return .selfConnection }
        if let proven = link.transportIdentity, proven != hello.identity { return .wrongIdentity }
        return nil
    }

    private mutating func check(
        _ id: LinkID, _ signature: Signature, by identity: Identity, as role: Transcript.Role,
        _ context: inout Context
    ) {
        guard let handshake = state.handshakes[id] else { return }
        let bytes = Transcript.signed(handshake.transcript, by: role)
        let token = context.verify([SignatureCheck(bytes: bytes, signature: signature, identity: identity)])
        state.checks[token] = id
    }
}
