import Kernel
import Profile
import Testing
import Wire

@testable import Links

/// What a signed handshake tells of the other end's wall clock.
struct SingleLinkClockTests {
    private func rig(wishes: [Wish] = []) throws -> Rig {
        let rig = Rig(
            try Fixture.singleLink {
                $0.setting("handshake", to: .string("signed")).setting("direction", to: .string("none"))
            },
            wishes: wishes
        )
        rig.start()
        return rig
    }

    @Test("both ends know the other's clock once the link is up")
    func bothEnds() throws {
        let accepting = try rig()
        let accepted = try #require(SignedPeer(number: 1, wall: 70_000).dial(accepting))
        #expect(accepting.node.table[accepted]?.peerClock?.origin == WallTime(milliseconds: 70_000))

        let dialling = try rig(wishes: [Fixture.wish(1)])
        let dialled = try #require(SignedPeer(number: 1, wall: 50_000).accept(dialling))
        #expect(dialling.node.table[dialled]?.peerClock?.origin == WallTime(milliseconds: 50_000))
    }

    @Test("a clock that was changed on its way is a forged signature, at either end")
    func changedClock() throws {
        let accepting = try rig()
        let link = accepting.accept(from: 1)
        let hello = Fixture.hello(from: 1)
        accepting.receive(.hello(hello), over: link)
        guard case .helloAck(var ack)? = accepting.sent(over: link).last else {
            Issue.record("no answer")
            return
        }
        ack.signature = .none
        let transcript = Transcript.closing(Transcript.opening(hello), ack)
        let signature = HashSigner(identity: hello.identity).sign(Transcript.signed(transcript, provenAt: 7))
        accepting.receive(.proof(Proof(signature: signature, wall: 8)), over: link)
        accepting.answerChecks()
        #expect(accepting.endReason(of: link) == .badSignature)

        let dialling = try rig(wishes: [Fixture.wish(1)])
        let dial = try #require(dialling.dial(to: 1))
        dialling.feed(.opened(dial, identity: nil))
        guard case .hello(let said)? = dialling.sent(over: dial).last else {
            Issue.record("no Hello")
            return
        }
        var answer = Fixture.ack(from: 1)
        let signed = Transcript.signed(Transcript.closing(Transcript.opening(said), answer), by: .acceptor)
        answer.signature = HashSigner(identity: answer.identity).sign(signed)
        answer.wall = 1
        dialling.receive(.helloAck(answer), over: dial)
        dialling.answerChecks()
        #expect(dialling.endReason(of: dial) == .badSignature)
    }
}
