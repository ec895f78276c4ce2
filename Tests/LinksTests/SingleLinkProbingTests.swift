import Profile
import Testing
import Wire

@testable import Kernel
@testable import Links

/// Dials that only find out whether a peer can be dialled. Numbers below 6 are masternodes.
struct SingleLinkProbingTests {
    private func rig(_ change: (Options) -> Options = { $0 }) throws -> Rig {
        let rig = Rig(try Fixture.singleLink { change($0.setting("direction", to: .string("none"))) })
        rig.start()
        return rig
    }

    /// Every transport that the node opened, oldest first.
    private func opened(_ rig: Rig) -> [(link: LinkID, endpoint: Endpoint)] {
        rig.effects.compactMap { if case .open(let link, let endpoint, _, _) = $0 { (link, endpoint) } else { nil } }
    }

    private func told(_ rig: Rig, over link: LinkID) -> [Dialability] {
        rig.sent(over: link).compactMap { if case .dialability(let word) = $0 { word } else { nil } }
    }

    @Test("a peer that dialled is dialled half a minute later, and told that this works; its link stays as it is")
    func reached() throws {
        let rig = try rig()
        let link = try #require(SignedPeer(number: 7).dial(rig))
        rig.advance(by: .seconds(29))
        #expect(opened(rig).isEmpty)
        rig.advance(by: .seconds(17))
        let probe = try #require(opened(rig).first)
        #expect(probe.endpoint == Fixture.endpoint(7))
        SignedPeer(number: 7).answer(rig, over: probe.link)
        guard case .hello(let hello)? = rig.sent(over: probe.link).first else {
            Issue.record("no Hello was sent")
            return
        }
        #expect(hello.isProbe && hello.dialSequence == 0)
        #expect(told(rig, over: link) == [Dialability(endpoint: Fixture.endpoint(7), reason: nil)])
        #expect(rig.sent(over: probe.link).last == .goodbye(.notWanted) && rig.isClosed(probe.link))
        #expect(rig.isUp(link) && rig.node.table.entries.map(\.id) == [link])
        #expect(rig.node.route(to: Fixture.identity(7)) == link)
        // The outside hears of the probe itself, and of no dial or link besides.
        #expect(rig.events.contains(.probed(Fixture.identity(7), .init(endpoint: Fixture.endpoint(7), reason: nil))))
        #expect(rig.dialCount(to: 7) == 0 && rig.endReason(of: probe.link) == nil)
        rig.advance(by: .seconds(100_000))
        #expect(opened(rig).count == 1 && rig.node.nextDeadline == nil)
    }

    @Test("a peer that cannot be dialled is tried again after an hour, and told over a new link what was found before")
    func again() throws {
        let rig = try rig()
        let first = try #require(SignedPeer(number: 7).dial(rig))
        rig.advance(by: .seconds(46))
        rig.feed(.openFailed(try #require(opened(rig).last).link, .connectTimeout))
        rig.feed(.ended(first, .failed(.reset)))
        let second = try #require(SignedPeer(number: 7, dialSequence: 2).dial(rig))
        rig.advance(by: .seconds(46))
        #expect(opened(rig).count == 1 && told(rig, over: second).map(\.reason) == [.connectTimeout])
        rig.advance(by: .seconds(3300))
        #expect(opened(rig).count == 1)
        rig.advance(by: .seconds(2200))
        #expect(opened(rig).count == 2)
        SignedPeer(number: 7).answer(rig, over: try #require(opened(rig).last).link)
        #expect(told(rig, over: second).map(\.reason) == [.connectTimeout, nil])
    }

    @Test(
        "what stopped the dial is told: no connection, somebody else, a forged answer, none at all",
        arguments: [Reason.connectTimeout, .wrongIdentity, .badSignature, .handshakeTimeout, .endOfStream])
    func unreached(reason: Reason) throws {
        let rig = try rig()
        let link = try #require(SignedPeer(number: 7).dial(rig))
        rig.advance(by: .seconds(46))
        let probe = try #require(opened(rig).first).link
        if reason != .connectTimeout { rig.feed(.opened(probe, identity: nil)) }
        switch reason {
        case .connectTimeout: rig.feed(.openFailed(probe, reason))
        case .wrongIdentity: rig.receive(.helloAck(Fixture.ack(from: 8)), over: probe)
        case .badSignature:
            rig.receive(.helloAck(Fixture.ack(from: 7)), over: probe)
            rig.answerChecks()
        case .endOfStream: rig.feed(.ended(probe, .endOfStream))
        default: rig.advance(by: .seconds(10))
        }
        #expect(told(rig, over: link) == [Dialability(endpoint: Fixture.endpoint(7), reason: reason)])
        #expect(rig.isUp(link) && rig.node.table.entries.map(\.id) == [link])
        #expect(rig.dialCount(to: 7) == 0 && rig.endReason(of: probe) == nil)
    }

    @Test("a peer whose link was replaced meanwhile is told over the new one, and one that is gone is not")
    func replaced() throws {
        for isBack in [true, false] {
            let rig = try rig()
            let link = try #require(SignedPeer(number: 7).dial(rig))
            rig.advance(by: .seconds(46))
            let probe = try #require(opened(rig).first).link
            let fresh = isBack ? SignedPeer(number: 7, dialSequence: 2).dial(rig) : nil
            if !isBack { rig.feed(.ended(link, .failed(.reset))) }
            rig.feed(.openFailed(probe, .connectionRefused))
            #expect(told(rig, over: link).isEmpty && (fresh != nil) == isBack)
            if let fresh { #expect(told(rig, over: fresh).map(\.reason) == [.connectionRefused]) }
        }
    }

    @Test("a peer that answers and turns us away is told nothing")
    func busy() throws {
        let rig = try rig()
        let link = try #require(SignedPeer(number: 7).dial(rig))
        rig.advance(by: .seconds(46))
        let probe = try #require(opened(rig).first).link
        rig.feed(.opened(probe, identity: nil))
        rig.receive(.goodbye(.tooManyLinks), over: probe)
        #expect(told(rig, over: link).isEmpty && rig.isClosed(probe) && rig.isUp(link))
    }

    @Test(
        "a peer whose door turns us away over TLS is told nothing either", arguments: [Reason.tooFast, .tooManyLinks])
    func busyDoor(_ reason: Reason) throws {
        let rig = try rig()
        let link = try #require(SignedPeer(number: 7).dial(rig))
        rig.advance(by: .seconds(46))
        let probe = try #require(opened(rig).first).link
        rig.feed(.openFailed(probe, reason))
        #expect(told(rig, over: link).isEmpty && rig.isUp(link))
    }

    @Test("a stranger has nobody but its own host dialled: another address, or no port, is not probed")
    func thirdParty() throws {
        let rig = try rig()
        let elsewhere = SignedPeer(number: 7, listen: Fixture.endpoint(99))
        let nowhere = SignedPeer(number: 8, listen: Endpoint(ip: Fixture.endpoint(8).ip, port: 0))
        let anywhere = SignedPeer(number: 9, listen: Endpoint(ip: IPAddress(version4: 0), port: 24_100))
        #expect([elsewhere, nowhere, anywhere].allSatisfy { $0.dial(rig) != nil })
        rig.advance(by: .seconds(3000))
        #expect(opened(rig).map(\.endpoint) == [Fixture.endpoint(9)])
    }

    @Test("a masternode is dialled where the network file says, whatever it says itself")
    func masternode() throws {
        let rig = try rig()
        #expect(SignedPeer(number: 2, listen: Fixture.endpoint(99)).dial(rig) != nil)
        rig.advance(by: .seconds(46))
        #expect(opened(rig).map(\.endpoint) == [Fixture.endpoint(2)])
    }

    @Test("many strangers of one address have it dialled once an hour, new links or not")
    func oneSite() throws {
        let rig = try rig()
        for number in 10..<15 {
            let listen = Endpoint(ip: Fixture.endpoint(9).ip, port: UInt16(number))
            #expect(SignedPeer(number: number, listen: listen, comesFrom: 9).dial(rig) != nil)
        }
        for _ in 0..<5 {
            rig.advance(by: .seconds(700))
            let listen = Endpoint(ip: Fixture.endpoint(9).ip, port: 80)
            _ = SignedPeer(number: 20, listen: listen, comesFrom: 9).dial(rig)
        }
        #expect(opened(rig).count == 1)
    }

    @Test("two probes are under way at most, and the others' turn comes")
    func fewAtOnce() throws {
        let rig = try rig()
        #expect((7..<12).allSatisfy { SignedPeer(number: $0).dial(rig) != nil })
        rig.advance(by: .seconds(46))
        #expect(opened(rig).count == 2)
        for _ in 0..<10 {
            for probe in opened(rig) where !rig.isClosed(probe.link) {
                if rig.node.table[probe.link] != nil { rig.feed(.openFailed(probe.link, .connectTimeout)) }
            }
            rig.advance(by: .seconds(46))
        }
        #expect(opened(rig).count == 5)
    }

    @Test("who does not know the message is not probed, and nobody is without probe_after or without proof of keys")
    func off() throws {
        let old = try rig()
        #expect(SignedPeer(number: 7, takesDialability: false).dial(old) != nil)
        let unset = try rig { $0.setting("probe_after", to: .none) }
        #expect(SignedPeer(number: 7).dial(unset) != nil)
        let unsigned = try rig { $0.setting("handshake", to: .string("ack")) }
        var hello = Fixture.hello(from: 7)
        hello.takesDialability = true
        unsigned.receive(.hello(hello), over: unsigned.accept(from: 7))
        for rig in [old, unset, unsigned] {
            rig.advance(by: .seconds(10_000))
            #expect(opened(rig).isEmpty)
        }
    }

    @Test("no probe follows a link that has ended")
    func ended() throws {
        let rig = try rig()
        let link = try #require(SignedPeer(number: 7).dial(rig))
        rig.feed(.ended(link, .failed(.reset)))
        rig.advance(by: .seconds(10_000))
        #expect(opened(rig).isEmpty && rig.node.nextDeadline == nil)
    }

    @Test("the probed end answers, proves its key, and changes nothing: no takeover, no place, no word in the log")
    func answered() throws {
        let rig = try rig()
        let link = try #require(SignedPeer(number: 7).dial(rig))
        let state = try #require((rig.node.machine.links as? SingleLink)?.state)
        let events = rig.events.count
        for number in [7, 8] {
            let probe = rig.accept(from: number)
            var hello = Fixture.hello(from: number, incarnation: 9, dial: 0)
            hello.isProbe = true
            rig.receive(.hello(hello), over: probe)
            guard case .helloAck(let ack)? = rig.sent(over: probe).first else {
                Issue.record("no answer")
                return
            }
            var unsigned = ack
            unsigned.signature = .none
            let bytes = Transcript.signed(Transcript.closing(Transcript.opening(hello), unsigned), by: .acceptor)
            #expect(ack.refusal == nil)
            #expect(
                HashSigner.holds(
                    SignatureCheck(bytes: bytes, signature: ack.signature, identity: Fixture.identity(0))))
            rig.receive(.goodbye(.notWanted), over: probe)
            #expect(rig.isClosed(probe))
        }
        #expect(rig.isUp(link) && rig.events.count == events)
        let after = try #require((rig.node.machine.links as? SingleLink)?.state)
        #expect(String(describing: after) == String(describing: state))
    }

    @Test("the mark of a probe is signed: who takes it off a Hello has the signature fail")
    func mark() {
        var hello = Fixture.hello(from: 7)
        let plain = Transcript.opening(hello)
        hello.takesDialability = true
        #expect(Transcript.opening(hello) == plain)
        hello.isProbe = true
        #expect(Transcript.opening(hello) != plain)
    }
}
