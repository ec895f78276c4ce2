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
            listen: context.endpoint, nonce: context.randomBits(), takesDialability: true,
            process: ownStatement(&context), agreement: context.agreement
        )
        state.peers[peer].dialling?.isGreeted = true
        state.handshakes[link] = .awaitingAck(
            place: peer, Question(askedAt: context.now, transcript: Transcript.opening(hello)))
        context.schedule(Timer.handshake(link), after: options.handshakeTimeout)
        context.observe(.handshakeBegun(link))
        context.send(.hello(hello), over: link)
    }

    /// The acceptor answers. Nothing is taken over before the sender is believed.
    mutating func receivedHello(_ hello: Hello, _ id: LinkID, _ context: inout Context) {
        guard let link = context.link(id), case .awaitingHello? = state.handshakes[id] else {
            end(id, .unexpectedMessage, by: .us, &context)
            return
        }
        if let reason = objection(to: hello, on: link, context) {
            if reason == .identityInUse { heardOwnKey(hello, over: link, &context) }
            if reason == .differentAgreement { tellDifference(from: hello.agreement, hello.identity, link, &context) }
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
            endedSequence: hello.endedSequence, listen: hello.listen, takesDialability: hello.takesDialability,
            statement: hello.process
        )
        let party = Party(place: peer, claim: claim)
        context.identify(id, as: hello.identity)
        if case .refuse(let reason) = judge(claim, at: peer, over: id, context) {
            if reason == .identityInUse { tellProcesses(of: peer, claim, over: link, isKept: false, &context) }
            refuse(id, hello.identity, reason, &context)
            return
        }
        if isBanned(hello.identity, at: link.remote, context) {
            refuse(id, hello.identity, .banned, &context)
            return
        }
        var ack = HelloAck(
            refusal: nil, identity: context.identity, incarnation: context.incarnation, nonce: context.randomBits(),
            signature: .none, wall: context.wall.milliseconds, process: ownStatement(&context)
        )
        let question = Question(
            askedAt: context.now, transcript: Transcript.closing(Transcript.opening(hello), ack))
        if options.handshake == .signed {
            ack.signature = context.sign(Transcript.signed(question.transcript, by: .acceptor))
        }
        state.handshakes[id] =
            switch options.handshake {
            case .ack: .believed(party)
            case .verdict: .awaitingReady(party, question)
            case .signed: .awaitingProof(party, question)
            }
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
        guard case .awaitingAck(let peer, let question)? = state.handshakes[id], let link = context.link(id) else {
            end(id, .unexpectedMessage, by: .us, &context)
            return
        }
        // The peer's links are told apart by what its place remembers, so a bare address has to give way first.
        if state.peers[peer].identity == nil, let known = state.peers.place(of: ack.identity), known != peer {
            merge(peer, into: known, as: ack.identity)
            end(id, ack.refusal ?? .duplicate, by: ack.refusal == nil ? .us : .peer, &context)
            // Our `Hello` said nothing of what is known of this peer, so what became of it says nothing of the next one.
            state.peers[known].waitingSince = hasWaited(context)
            plan(known, &context)
            return
        }
        if let refusal = ack.refusal {
            if refusal == .differentAgreement { tellDifference(from: ack.agreement, ack.identity, link, &context) }
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
        let transcript = Transcript.closing(question.transcript, unsigned)
        let claim = Claim(
            identity: ack.identity, incarnation: ack.incarnation, dialSequence: 0, endedSequence: 0,
            listen: link.remote, statement: ack.process
        )
        let party = Party(place: peer, claim: claim, reading: question.reading(wall: ack.wall, at: context.now))
        context.identify(id, as: ack.identity)
        guard options.handshake == .signed else {
            state.handshakes[id] = .awaitingAdmission(party)
            if options.handshake == .verdict { context.send(.ready, over: id) }
            bringUp(id, &context)
            return
        }
        state.handshakes[id] = .verifyingAck(party, transcript: transcript)
        check(id, Transcript.signed(transcript, by: .acceptor), ack.signature, by: ack.identity, &context)
    }

    /// Whether another process of this peer has come since: one whose `Hello` counts before its last word is here (`verdict`
    /// alone).
    func hasLaterHello(than id: LinkID, _ peer: Int, _ incarnation: UInt64) -> Bool {
        state.handshakes.underWay.contains { other, handshake in
            guard case .awaitingReady(let party, _) = handshake else { return false }
            return party.place == peer && other > id && party.claim.incarnation != incarnation
        }
    }

    mutating func receivedProof(_ proof: Proof, _ id: LinkID, _ context: inout Context) {
        guard case .awaitingProof(var party, let question)? = state.handshakes[id] else {
            end(id, .unexpectedMessage, by: .us, &context)
            return
        }
        party.reading = question.reading(wall: proof.wall, at: context.now)
        state.handshakes[id] = .verifyingProof(party)
        let bytes = Transcript.signed(question.transcript, provenAt: proof.wall)
        check(id, bytes, proof.signature, by: party.claim.identity, &context)
    }

    mutating func receivedReady(_ id: LinkID, _ context: inout Context) {
        switch state.handshakes[id] {
        case .awaitingReady(var party, let question):
            party.reading = question.reading(wall: nil, at: context.now)
            state.handshakes[id] = .awaitingReady(party, question)
            if admit(id, &context) { bringUp(id, &context) }
        case .awaitingAdmission:
            bringUp(id, &context)
        default:
            end(id, .unexpectedMessage, by: .us, &context)
        }
    }

    public mutating func verified(_ verification: Verification, _ token: Token, _ context: inout Context) {
        // Where our verifier fails nothing speaks against the peer: the deadline of the handshake ends the link.
        let isSigned: Bool? = if case .checked(let verdicts) = verification { verdicts[0] } else { nil }
        if let check = state.processChecks.removeValue(forKey: token) {
            if let isSigned { judged(check, isSigned: isSigned, &context) }
            return
        }
        guard let id = state.handshakes.answered(token), let isSigned else { return }
        if state.probes[id] != nil {
            conclude(id, isSigned ? nil : .badSignature, by: .us, &context)
            return
        }
        switch state.handshakes[id] {
        case .verifyingAck(let party, let transcript) where isSigned:
            let wall = context.wall.milliseconds
            let signature = context.sign(Transcript.signed(transcript, provenAt: wall))
            state.handshakes[id] = .awaitingAdmission(party)
            context.send(.proof(Proof(signature: signature, wall: wall)), over: id)
        case .verifyingAck: end(id, .badSignature, by: .us, &context)
        case .verifyingProof where isSigned:
            guard admit(id, &context) else { return }
            context.send(.ready, over: id)
            bringUp(id, &context)
        case .verifyingProof(let party): refuse(id, party.claim.identity, .badSignature, &context)
        default: break
        }
    }

    /// Names what the other end holds otherwise, where it says.
    private func tellDifference(
        from theirs: Agreement?, _ identity: Identity, _ link: Link, _ context: inout Context
    ) {
        guard let value = theirs.flatMap({ context.agreement.firstDifference(from: $0) }) else { return }
        context.observe(.agreementDiffers(link.id, identity, link.remote, value: value))
    }

    /// What speaks against a `Hello` before anything is known of its sender.
    private func objection(to hello: Hello, on link: Link, _ context: borrowing Context) -> Reason? {
        if hello.version != Hello.currentVersion { return .protocolVersion }
        if hello.network != context.network.name { return .wrongNetwork }
        if let theirs = hello.agreement, theirs.digest != context.agreement.digest { return .differentAgreement }
        if hello.identity == context.identity {
            return hello.incarnation == context.incarnation ? .selfConnection : .identityInUse
        }
        if let proven = link.transportIdentity, proven != hello.identity { return .wrongIdentity }
        return nil
    }

    private mutating func check(
        _ id: LinkID, _ bytes: [UInt8], _ signature: Signature, by identity: Identity, _ context: inout Context
    ) {
        let token = context.verify([SignatureCheck(bytes: bytes, signature: signature, identity: identity)])
        state.handshakes.awaitAnswer(token, for: id)
    }
}
