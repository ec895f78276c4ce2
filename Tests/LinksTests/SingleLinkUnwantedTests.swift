import Kernel
import Profile
import Testing
import Wire

@testable import Links

/// With `unwanted_after` a link of our own dial goes when no discovery module wants it any more.
struct SingleLinkUnwantedTests {
    private func rig(after wait: Duration?) throws -> (rig: Rig, link: LinkID) {
        let rig = Rig(
            try Fixture.singleLink { options in
                let options = options.setting("handshake", to: .string("ack")).setting("direction", to: .string("none"))
                return wait.map { options.setting("unwanted_after", to: .duration($0)) } ?? options
            },
            wishes: [Fixture.wish(1), Fixture.wish(2)]
        )
        rig.start()
        let dial = try #require(rig.dial(to: 1))
        rig.feed(.opened(dial, identity: nil))
        rig.receive(.helloAck(Fixture.ack(from: 1)), over: dial)
        return (rig, dial)
    }

    @Test("the link ends so long after the wish was withdrawn, and is not dialled again")
    func ends() throws {
        let (rig, link) = try rig(after: .seconds(60))
        rig.receive(FixedWishes.word([1]), over: link)
        rig.advance(by: .milliseconds(59_999))
        #expect(rig.isUp(link))
        rig.advance(by: .milliseconds(1))
        #expect(rig.endReason(of: link) == .notWanted)
        #expect(rig.waitForDial(to: 1, atMost: .seconds(300)) == nil)
    }

    @Test("a wish that comes back in time keeps the link")
    func wantedAgain() throws {
        let (rig, link) = try rig(after: .seconds(60))
        rig.receive(FixedWishes.word([]), over: link)
        rig.advance(by: .seconds(50))
        rig.receive(FixedWishes.word([0]), over: link)
        rig.advance(by: .seconds(50))
        rig.receive(FixedWishes.word([]), over: link)
        rig.advance(by: .seconds(59))
        #expect(rig.isUp(link))
        rig.advance(by: .seconds(2))
        #expect(!rig.isUp(link))
    }

    @Test("a link that the peer dialled stays, and without the option every link does")
    func others() throws {
        let (rig, link) = try rig(after: .seconds(60))
        let accepted = rig.acceptLinked(2)
        rig.receive(FixedWishes.word([0]), over: link)
        rig.advance(by: .seconds(600))
        #expect(rig.isUp(accepted) && rig.isUp(link))

        let (patient, kept) = try self.rig(after: nil)
        patient.receive(FixedWishes.word([]), over: kept)
        patient.advance(by: .seconds(86_400))
        #expect(patient.isUp(kept))
    }
}
