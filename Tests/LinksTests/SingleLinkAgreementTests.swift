import Kernel
import Testing
import Wire

@testable import Links

/// Two nodes of one network's name that differ in what all its nodes must hold alike.
struct SingleLinkAgreementTests {
    private func rig(wishes: [Wish] = []) throws -> Rig {
        let rig = Rig(
            try Fixture.singleLink {
                $0.setting("handshake", to: .string("ack")).setting("direction", to: .string("none"))
            },
            wishes: wishes
        )
        rig.start()
        return rig
    }

    /// What a node holds whose slots are as long as `interval`.
    private func agreement(slotInterval interval: Duration = .seconds(10)) -> Agreement {
        var network = Fixture.network(of: (0..<6).map { Fixture.identity($0) })
        network.slotInterval = interval
        return Agreement(network: network, modules: [])
    }

    private func differences(_ rig: Rig) -> [String] {
        rig.events.compactMap { if case .agreementDiffers(_, _, _, let value) = $0 { value } else { nil } }
    }

    @Test("a caller with another slot interval is refused, told what this node holds, and the log names the value")
    func caller() throws {
        let rig = try rig()
        let link = rig.accept(from: 1)
        var hello = Fixture.hello(from: 1)
        hello.agreement = agreement(slotInterval: .seconds(11))
        rig.receive(.hello(hello), over: link)
        #expect(rig.endReason(of: link) == .differentAgreement)
        guard case .helloAck(let ack)? = rig.sent(over: link).last else {
            Issue.record("no answer")
            return
        }
        #expect(ack.refusal == .differentAgreement && ack.agreement == agreement())
        #expect(differences(rig) == ["slot_interval"])
    }

    @Test("a dialler that is refused for a difference names the value too, and comes back no sooner than it must")
    func dialler() throws {
        let rig = try rig(wishes: [Fixture.wish(1)])
        let link = try #require(rig.dial(to: 1))
        rig.feed(.opened(link, identity: nil))
        guard case .hello(let hello)? = rig.sent(over: link).first else {
            Issue.record("no Hello")
            return
        }
        #expect(hello.agreement == agreement())
        var ack = Fixture.ack(from: 1, refusal: .differentAgreement)
        ack.agreement = agreement(slotInterval: .seconds(11))
        rig.receive(.helloAck(ack), over: link)
        #expect(differences(rig) == ["slot_interval"])
        #expect(rig.waitForDial(to: 1, atMost: .seconds(60)) == .seconds(30))
    }

    @Test("a caller that holds the same, or does not say, is let in")
    func same() throws {
        let rig = try rig()
        for (number, theirs) in [(1, agreement()), (2, nil)] {
            let link = rig.accept(from: number)
            var hello = Fixture.hello(from: number)
            hello.agreement = theirs
            rig.receive(.hello(hello), over: link)
            #expect(rig.isUp(link))
        }
    }
}
