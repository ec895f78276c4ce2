import Kernel
import Profile
import Testing
import Wire

@testable import Links

struct SingleLinkHandshakeTests {
    private func rig(
        _ style: String = "ack", wishes: [Wish] = [], _ change: (Options) -> Options = { $0 }
    ) throws -> Rig {
        let rig = Rig(
            try Fixture.singleLink {
                change($0.setting("handshake", to: .string(style)).setting("direction", to: .string("none")))
            },
            wishes: wishes
        )
        rig.start()
        return rig
    }

    /// A dial of node 0 to node 1 whose `Hello` is out.
    private func greeted(_ rig: Rig, proven: Identity? = nil) throws -> LinkID {
        let link = try #require(rig.dial(to: 1))
        rig.feed(.opened(link, identity: proven))
        return link
    }

    private func refusal(_ rig: Rig, over link: LinkID) -> Reason? {
        rig.sent(over: link).compactMap {
            switch $0 {
            case .helloAck(let ack): ack.refusal
            case .goodbye(let reason): reason
            default: nil
            }
        }.first
    }

    @Test(
        "a Hello of another network, version or process with our key is refused, and the dialler is told why",
        arguments: [
            (Fixture.hello(from: 1, network: "other"), Reason.wrongNetwork),
            (Fixture.hello(from: 1, version: 99), .protocolVersion),
            (Fixture.hello(from: 0), .identityInUse),
        ]
    )
    func refusedHello(hello: Hello, reason: Reason) throws {
        let rig = try rig()
        let link = rig.accept(from: 1)
        rig.receive(.hello(hello), over: link)
        #expect(refusal(rig, over: link) == reason)
        #expect(rig.endReason(of: link) == reason)
        #expect(rig.isClosed(link))
    }

    @Test("a Hello of this very process is a connection to ourselves")
    func ownProcess() throws {
        let rig = try rig()
        let link = rig.accept(from: 1)
        rig.receive(.hello(Fixture.hello(from: 0, incarnation: rig.node.incarnation)), over: link)
        #expect(refusal(rig, over: link) == .selfConnection)
    }

    @Test("under TLS a Hello must name the certificate's key")
    func certificate() throws {
        let rig = try rig()
        let link = rig.accept(from: 1, proven: Fixture.identity(2))
        rig.receive(.hello(Fixture.hello(from: 1)), over: link)
        #expect(refusal(rig, over: link) == .wrongIdentity)
    }

    @Test(
        "a dialler that is refused ends the link for the reason it was told",
        arguments: [Reason.wrongNetwork, .identityInUse, .glare, .tooManyLinks]
    )
    func refusedDial(reason: Reason) throws {
        let rig = try rig(wishes: [Fixture.wish(1)])
        let link = try greeted(rig)
        rig.receive(.helloAck(Fixture.ack(from: 1, refusal: reason)), over: link)
        #expect(rig.endReason(of: link) == reason)
    }

    @Test("an acceptor that is not the peer we wanted is left, and its link never comes up", arguments: [false, true])
    func wrongPeer(isTLS: Bool) throws {
        let rig = try rig(wishes: [Fixture.wish(1)])
        let link = try greeted(rig, proven: isTLS ? Fixture.identity(2) : nil)
        rig.receive(.helloAck(Fixture.ack(from: 2)), over: link)
        #expect(rig.endReason(of: link) == .wrongIdentity)
        #expect(rig.node.route(to: Fixture.identity(2)) == nil)
        #expect(rig.node.route(to: Fixture.identity(1)) == nil)
    }

    @Test("a dial that reaches ourselves ends")
    func ourselves() throws {
        let rig = try rig(wishes: [Wish(identity: nil, endpoint: Fixture.endpoint(1), isMasternode: false)])
        let link = try greeted(rig)
        rig.receive(.helloAck(Fixture.ack(from: 0)), over: link)
        #expect(rig.endReason(of: link) == .selfConnection)
    }

    @Test("a dialler whose proof does not hold is refused, and told so")
    func badProof() throws {
        let rig = try rig("signed")
        let link = rig.accept(from: 1)
        rig.receive(.hello(Fixture.hello(from: 1)), over: link)
        rig.receive(.proof(Proof(signature: .none)), over: link)
        rig.answerChecks()
        #expect(refusal(rig, over: link) == .badSignature)
        #expect(rig.endReason(of: link) == .badSignature)
    }

    @Test("an acceptor whose signature does not hold is left, and told so")
    func badAcceptor() throws {
        let rig = try rig("signed", wishes: [Fixture.wish(1)])
        let link = try greeted(rig)
        rig.receive(.helloAck(Fixture.ack(from: 1)), over: link)
        rig.answerChecks()
        #expect(refusal(rig, over: link) == .badSignature)
        #expect(rig.endReason(of: link) == .badSignature)
        #expect(!rig.sent(over: link).contains { if case .proof = $0 { true } else { false } })
    }

    @Test("nothing is taken over before the sender has proven its key")
    func impostor() throws {
        let rig = try rig("signed")
        let link = rig.accept(from: 1)
        rig.receive(.hello(Fixture.hello(from: 1)), over: link)
        rig.receive(.proof(Proof(signature: .none)), over: link)
        rig.answerChecks(holds: true)
        #expect(rig.isUp(link))
        let impostor = rig.accept(from: 2)
        rig.receive(.hello(Fixture.hello(from: 1, incarnation: 99)), over: impostor)
        rig.receive(.proof(Proof(signature: .none)), over: impostor)
        rig.answerChecks()
        #expect(rig.isUp(link))
        #expect(rig.endReason(of: impostor) == .badSignature)
    }

    @Test("a handshake that is not done in time ends", arguments: ["ack", "verdict", "signed"])
    func deadline(style: String) throws {
        let rig = try rig(style, wishes: [Fixture.wish(1)])
        let link = try greeted(rig)
        let silent = rig.accept(from: 2)
        rig.advance(by: .milliseconds(9_999))
        #expect(rig.endReason(of: link) == nil)
        #expect(rig.endReason(of: silent) == nil)
        rig.advance(by: .milliseconds(2))
        #expect(rig.endReason(of: link) == .handshakeTimeout)
        #expect(rig.endReason(of: silent) == .handshakeTimeout)
    }

    @Test("a message of another role before the handshake is done ends the link and frees the peer for a redial")
    func earlyMessage() throws {
        let rig = try rig(wishes: [Fixture.wish(1)])
        let link = try greeted(rig)
        rig.receive(.ping(nonce: 1), over: link)
        #expect(rig.endReason(of: link) == .unexpectedMessage)
        #expect(try #require(rig.waitForDial(to: 1, atMost: .seconds(2))) <= .seconds(1))
    }

    @Test(
        "a second Hello, or a word out of turn, ends the link",
        arguments: [Message.hello(Fixture.hello(from: 1)), .ready])
    func outOfTurn(message: Message) throws {
        let rig = try rig()
        let link = rig.acceptLinked(1)
        #expect(rig.isUp(link))
        rig.receive(message, over: link)
        #expect(rig.endReason(of: link) == .unexpectedMessage)
    }

    @Test("more incoming handshakes than maximum_links are turned away, with a word")
    func strangerLimit() throws {
        let rig = try rig { $0.setting("maximum_links", to: .integer(2)) }
        let first = rig.accept(from: 1)
        _ = rig.accept(from: 2)
        let third = rig.accept(from: 3)
        #expect(rig.isClosed(third))
        #expect(refusal(rig, over: third) == .tooManyLinks)
        rig.receive(.hello(Fixture.hello(from: 1)), over: first)
        #expect(!rig.isClosed(rig.accept(from: 4)))
    }

    @Test("our own dials do not count against the strangers' limit")
    func ownDials() throws {
        let rig = try rig(wishes: [Fixture.wish(1)]) { $0.setting("maximum_links", to: .integer(1)) }
        _ = try greeted(rig)
        #expect(!rig.isClosed(rig.accept(from: 2)))
    }

    @Test("a full table of peers refuses strangers and forgets idle ones")
    func peerLimit() throws {
        let rig = try rig { $0.setting("maximum_peers", to: .integer(1)) }
        let first = rig.acceptLinked(1)
        let second = rig.accept(from: 2)
        rig.receive(.hello(Fixture.hello(from: 2)), over: second)
        #expect(rig.endReason(of: second) == .tooManyLinks)
        rig.feed(.ended(first, .endOfStream))
        #expect(rig.isUp(rig.acceptLinked(2)))
        #expect(rig.node.route(to: Fixture.identity(1)) == nil)
    }

    @Test("in a full table the place of a peer in a handshake is passed over, and the next idle one is taken")
    func peerLimitBesideHandshakes() throws {
        let rig = try rig("signed") { $0.setting("maximum_peers", to: .integer(2)) }
        let links = (1...4).map { number in
            let link = rig.accept(from: number)
            rig.receive(.hello(Fixture.hello(from: number)), over: link)
            // The second one's goes no further, and leaves an idle place.
            if number == 2 { rig.feed(.ended(link, .endOfStream)) }
            return link
        }
        #expect(rig.endReason(of: links[2]) == nil && rig.endReason(of: links[0]) == nil)
        #expect(rig.endReason(of: links[3]) == .tooManyLinks)
    }
}
