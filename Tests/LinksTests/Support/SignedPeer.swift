import Kernel
import Wire

@testable import Links

/// The other end of signed handshakes with the node of a rig.
struct SignedPeer {
    let number: Int
    /// Where it says that it listens; its own address unless it lies.
    var listen: Endpoint?
    /// From which node's address it calls.
    var comesFrom: Int?
    var takesDialability = true
    var dialSequence: UInt64 = 1
    var incarnation: UInt64 = 1
    /// When its process started and when it speaks, by its own clock in milliseconds; nil: it says nothing of that.
    var process: (started: Int64, said: Int64)?
    /// What its wall clock shows, in milliseconds.
    var wall: Int64 = 0

    private var signer: HashSigner { HashSigner(identity: Fixture.identity(number)) }

    /// What it says of its process, signed with its key.
    var statement: ProcessStatement? {
        guard let (started, said) = process else { return nil }
        let bytes = ProcessStatement.signedBytes(
            network: "test", identity: signer.identity, incarnation: incarnation, started: started, said: said)
        return ProcessStatement(started: started, said: said, signature: signer.sign(bytes))
    }

    /// Dials the node; the link is up.
    func dial(_ rig: Rig) -> LinkID? {
        let link = rig.accept(from: comesFrom ?? number)
        var hello = Fixture.hello(from: number, incarnation: incarnation, dial: dialSequence)
        hello.process = statement
        hello.listen = listen ?? hello.listen
        hello.takesDialability = takesDialability
        rig.receive(.hello(hello), over: link)
        guard case .helloAck(var ack)? = rig.sent(over: link).last else { return nil }
        ack.signature = .none
        let transcript = Transcript.closing(Transcript.opening(hello), ack)
        rig.receive(
            .proof(Proof(signature: signer.sign(Transcript.signed(transcript, provenAt: wall)), wall: wall)), over: link
        )
        rig.answerChecks()
        return rig.isUp(link) ? link : nil
    }

    /// Answers the node's `Hello`.
    func answer(_ rig: Rig, over link: LinkID) {
        rig.feed(.opened(link, identity: nil))
        guard case .hello(let hello)? = rig.sent(over: link).last else { return }
        var ack = Fixture.ack(from: number)
        ack.wall = wall
        let transcript = Transcript.closing(Transcript.opening(hello), ack)
        ack.signature = signer.sign(Transcript.signed(transcript, by: .acceptor))
        rig.receive(.helloAck(ack), over: link)
        rig.answerChecks()
    }

    /// Answers the node's dial to it; the link is up.
    func accept(_ rig: Rig) -> LinkID? {
        guard let link = rig.dial(to: number) else { return nil }
        answer(rig, over: link)
        rig.receive(.ready, over: link)
        return rig.isUp(link) ? link : nil
    }
}
