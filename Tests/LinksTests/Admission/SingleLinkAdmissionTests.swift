import Kernel
import Profile
import Testing
import Wire

@testable import Links

/// Whom `single-link` lets in, with what word it refuses the others, and whom it cuts. Numbers below 6 are masternodes.
struct SingleLinkAdmissionTests {
    private func rig(
        wishes: [Wish] = [], _ change: (Options) -> Options = { $0 }
    ) throws -> Rig {
        let admission = change(try Options.defaults(of: AdmissionOptions.spec))
        let rig = Rig(
            try Fixture.singleLink {
                $0.setting("handshake", to: .string("ack")).setting("direction", to: .string("none"))
                    .setting("admission", to: .record(admission))
            },
            wishes: wishes
        )
        rig.start()
        return rig
    }

    private func refusal(_ rig: Rig, _ link: LinkID) -> Reason? {
        rig.sent(over: link).compactMap {
            switch $0 {
            case .helloAck(let ack): ack.refusal
            case .goodbye(let reason): reason
            default: nil
            }
        }.last
    }

    /// Breaks a frame over a link that is up, as often as it takes.
    private func misbehave(_ rig: Rig, as number: Int) {
        for dial in 1...3 as ClosedRange<UInt64> {
            let link = rig.acceptLinked(number, dial: dial)
            rig.feed(.ended(link, .failed(.badFrame)))
        }
    }

    @Test("a stranger that keeps breaking frames is banned by its identity, told so, and let in again later")
    func ban() throws {
        let rig = try rig()
        misbehave(rig, as: 7)
        let banned = rig.acceptLinked(7, dial: 4)
        #expect(!rig.isUp(banned) && rig.endReason(of: banned) == .banned && refusal(rig, banned) == .banned)
        // Its address is not: another one may be behind it.
        let neighbour = rig.accept(from: 7)
        rig.receive(.hello(Fixture.hello(from: 8)), over: neighbour)
        #expect(rig.isUp(neighbour))
        rig.advance(by: .seconds(3601))
        #expect(rig.isUp(rig.acceptLinked(7, dial: 5)))
    }

    @Test("no conduct bans a masternode or a trusted peer")
    func privileged() throws {
        let rig = try rig { $0.setting("trusted", to: .list([.string(Fixture.identity(8).hex)])) }
        for number in [1, 8] {
            misbehave(rig, as: number)
            misbehave(rig, as: number)
            #expect(rig.isUp(rig.acceptLinked(number, dial: 9)))
        }
    }

    @Test("a stranger that other modules report three times for forged signatures loses its link, and is banned")
    func reported() throws {
        let rig = try rig()
        let link = rig.acceptLinked(7)
        for count in 1...3 {
            #expect(rig.isUp(link))
            rig.report(.badSignature, of: 7)
            #expect(rig.isUp(link) == (count < 3))
        }
        #expect(rig.endReason(of: link) == .banned)
        #expect(rig.sent(over: link).last == .goodbye(.banned))
        let again = rig.acceptLinked(7, dial: 2)
        #expect(rig.endReason(of: again) == .banned)
    }

    @Test("a minor fault is forgotten before it adds up, and no report ends a masternode's or trusted peer's link")
    func reportedPrivileged() throws {
        let rig = try rig { $0.setting("trusted", to: .list([.string(Fixture.identity(8).hex)])) }
        let links = [1, 7, 8].map { rig.acceptLinked($0) }
        for _ in 1...9 {
            rig.report(Misbehaviour(.badSignature, .minor), of: 7)
            for number in [1, 8] { rig.report(.badSignature, of: number) }
        }
        for link in links { #expect(rig.isUp(link)) }
        rig.report(Misbehaviour(.badSignature, .minor), of: 7)
        #expect(!rig.isUp(links[1]))
    }

    @Test("what answers at an address that was dialled is not banned for what it is")
    func dialledAddress() throws {
        let rig = try rig(wishes: [Fixture.wish(9, isMasternode: false)])
        for _ in 1...4 {
            let dial = try #require(rig.dial(to: 9))
            rig.feed(.opened(dial, identity: nil))
            rig.feed(.ended(dial, .failed(.badFrame)))
            #expect(rig.waitForDial(to: 9, atMost: .seconds(60)) != nil)
        }
        let first = rig.accept(from: 9)
        let second = rig.accept(from: 9)
        #expect(rig.endReason(of: second) == nil)
        rig.receive(.hello(Fixture.hello(from: 9)), over: first)
        #expect(rig.isUp(first))
    }

    @Test("a peer that a reload makes a masternode is cut for no flood any more, one that it leaves out is")
    func standingChanges() throws {
        let wider = Fixture.network(of: (0..<9).map { Fixture.identity($0) })
        let rate = { (options: Options) in
            options.setting("rate_messages", to: .integer(10)).setting("rate_burst", to: .duration(.seconds(1)))
        }
        let rig = try rig(rate)
        let stranger = rig.acceptLinked(7)
        try rig.reload(network: wider)
        for _ in 0..<2000 { rig.receive(.ping(nonce: 1), over: stranger) }
        #expect(rig.isUp(stranger))
        try rig.reload(network: Fixture.network(of: (0..<6).map { Fixture.identity($0) }))
        for _ in 0..<2000 { rig.receive(.ping(nonce: 1), over: stranger) }
        #expect(rig.endReason(of: stranger) == .rateLimited)
    }

    /// Ten words out of turn from an address, before anybody is named.
    private func ban(_ rig: Rig, addressOf number: Int) {
        for _ in 0..<10 { rig.receive(.ready, over: rig.accept(from: number)) }
    }

    @Test("a banned address is heard a few handshakes at a time, the silent give way, and a masternode is let in")
    func bannedAddress() throws {
        let rig = try rig()
        ban(rig, addressOf: 7)
        let heard = (0..<4).map { _ in rig.accept(from: 7) }
        #expect(heard.allSatisfy { rig.endReason(of: $0) == nil })
        let fifth = rig.accept(from: 7)
        #expect(rig.endReason(of: heard[0]) == .banned && refusal(rig, heard[0]) == .banned)
        rig.receive(.hello(Fixture.hello(from: 7)), over: heard[1])
        #expect(rig.endReason(of: heard[1]) == .banned && refusal(rig, heard[1]) == .banned)
        rig.receive(.hello(Fixture.hello(from: 2)), over: fifth)
        #expect(rig.isUp(fifth))
    }

    @Test("a peer that has proven its key before is let in from a banned address, one that has not is refused")
    func provenBehindGateway() throws {
        let rig = try rig()
        // Over TLS the key is proven; then both are gone.
        let before = rig.accept(from: 8, proven: Fixture.identity(8))
        rig.receive(.hello(Fixture.hello(from: 8)), over: before)
        rig.feed(.ended(before, .endOfStream))
        ban(rig, addressOf: 9)
        for (number, dial, isLetIn) in [(8, 2, true), (10, 1, false)] as [(Int, UInt64, Bool)] {
            let link = rig.accept(from: 9)
            rig.receive(.hello(Fixture.hello(from: number, dial: dial)), over: link)
            #expect(rig.isUp(link) == isLetIn)
        }
        // A gateway is not shut for long.
        rig.advance(by: .seconds(361))
        let later = rig.accept(from: 9)
        rig.receive(.hello(Fixture.hello(from: 10)), over: later)
        #expect(rig.isUp(later))
    }

    @Test("an address from which a proven peer has a link up is not banned for what others do there")
    func sharedAddress() throws {
        let rig = try rig()
        let link = rig.accept(from: 9, proven: Fixture.identity(8))
        rig.receive(.hello(Fixture.hello(from: 8)), over: link)
        ban(rig, addressOf: 9)
        let stranger = rig.accept(from: 9)
        rig.receive(.hello(Fixture.hello(from: 10)), over: stranger)
        #expect(rig.isUp(link) && rig.isUp(stranger))
    }

    /// A dial of ours to a stranger, up.
    private func dialled(_ rig: Rig, _ number: Int) throws -> LinkID {
        let dial = try #require(rig.dial(to: number))
        rig.feed(.opened(dial, identity: nil))
        rig.receive(.helloAck(Fixture.ack(from: number)), over: dial)
        return dial
    }

    @Test("a link that nobody wants any more stays until it is in the way of one that is wanted, then the oldest goes")
    func unwanted() throws {
        let wishes = (10...13).map { Fixture.wish($0, isMasternode: false) }
        let rig = try rig(wishes: wishes) { $0.setting("maximum_outbound", to: .integer(2)) }
        rig.advance(by: .seconds(4))
        let links = [try dialled(rig, 10), try dialled(rig, 11)]
        rig.receive(FixedWishes.word([0]), over: links[0])
        rig.advance(by: .seconds(1))
        rig.receive(FixedWishes.word([]), over: links[0])
        rig.advance(by: .seconds(3600))
        #expect(rig.isUp(links[0]) && rig.isUp(links[1]))
        rig.receive(FixedWishes.word([2]), over: links[0])
        #expect(rig.isUp(links[0]) && rig.endReason(of: links[1]) == .notWanted)
        #expect(rig.sent(over: links[1]).last == .goodbye(.notWanted))
        #expect(rig.dialCount(to: 12) == 1)
        // What is wanted does not give way.
        rig.receive(FixedWishes.word([0, 2, 3]), over: links[0])
        #expect(rig.isUp(links[0]) && rig.dialCount(to: 13) == 0)
    }

    @Test("a masternode takes the place of the stranger of least merit, who is told")
    func preemption() throws {
        let rig = try rig {
            $0.setting("maximum_inbound", to: .integer(4)).setting("reserved_inbound", to: .integer(0))
        }
        let strangers = (10...13).map { number in
            rig.advance(by: .seconds(1))
            return rig.acceptLinked(number)
        }
        let masternode = rig.acceptLinked(1)
        #expect(rig.isUp(masternode))
        #expect(rig.endReason(of: strangers[3]) == .evicted && refusal(rig, strangers[3]) == .evicted)
        #expect(rig.sent(over: strangers[3]).filter { $0 == .goodbye(.evicted) }.count == 1)
        #expect(strangers[..<3].allSatisfy { rig.isUp($0) })
    }

    @Test("strangers share what is not reserved, and each address and network has its limit")
    func limits() throws {
        let rig = try rig {
            $0.setting("maximum_inbound", to: .integer(6)).setting("reserved_inbound", to: .integer(2))
                .setting("per_address", to: .integer(2)).setting("when_full", to: .string("refuse-newcomer"))
        }
        for number in 20...21 {
            let link = rig.accept(from: 9)
            rig.receive(.hello(Fixture.hello(from: number)), over: link)
            #expect(rig.isUp(link))
        }
        let third = rig.accept(from: 9)
        rig.receive(.hello(Fixture.hello(from: 22)), over: third)
        #expect(rig.endReason(of: third) == .tooManyLinks)
        #expect(rig.isUp(rig.acceptLinked(10)) && rig.isUp(rig.acceptLinked(11)))
        let fifth = rig.acceptLinked(12)
        #expect(rig.endReason(of: fifth) == .tooManyLinks && refusal(rig, fifth) == .tooManyLinks)
        for number in 1...5 { #expect(rig.isUp(rig.acceptLinked(number))) }
    }

    @Test("a peer that comes back takes its own place, and nobody else's")
    func comesBack() throws {
        let rig = try rig {
            $0.setting("maximum_inbound", to: .integer(2)).setting("reserved_inbound", to: .integer(0))
        }
        let other = rig.acceptLinked(10)
        _ = rig.acceptLinked(11)
        let again = rig.acceptLinked(11, dial: 2)
        #expect(rig.isUp(again) && rig.isUp(other))
    }

    @Test("no more strangers are dialled than may be, and the next one once a place is free")
    func outbound() throws {
        let wishes = (10...12).map { Fixture.wish($0, isMasternode: false) } + [Fixture.wish(1)]
        let rig = try rig(wishes: wishes) { $0.setting("maximum_outbound", to: .integer(2)) }
        rig.advance(by: .seconds(4))
        #expect([10, 11, 12, 1].map { rig.dialCount(to: $0) } == [1, 1, 0, 1])
        let dial = try #require(rig.dial(to: 10))
        rig.feed(.openFailed(dial, .connectionRefused))
        #expect(rig.dialCount(to: 12) == 1)
    }

    @Test("what is too much is dropped, and a stranger that goes on is told and cut; a burst is not too much")
    func rate() throws {
        let rig = try rig {
            $0.setting("rate_messages", to: .integer(100)).setting("rate_burst", to: .duration(.seconds(1)))
        }
        let stranger = rig.acceptLinked(7)
        let masternode = rig.acceptLinked(1)
        // A tenth of it is what liveness has: 10 in the burst of a second.
        for link in [stranger, masternode] {
            for nonce in 0..<10 as Range<UInt64> { rig.receive(.ping(nonce: nonce), over: link) }
        }
        #expect(rig.isUp(stranger) && drops(rig, stranger) == 0)
        rig.receive(.ping(nonce: 10), over: stranger)
        #expect(rig.isUp(stranger) && drops(rig, stranger) == 1)
        for nonce in 0..<10 as Range<UInt64> { rig.receive(.ping(nonce: nonce), over: stranger) }
        #expect(rig.endReason(of: stranger) == .rateLimited && refusal(rig, stranger) == .rateLimited)
        for nonce in 0..<500 as Range<UInt64> { rig.receive(.ping(nonce: nonce), over: masternode) }
        #expect(rig.isUp(masternode) && drops(rig, masternode) == 1)
        // No ban follows.
        #expect(rig.isUp(rig.acceptLinked(7, dial: 2)))
    }

    private func drops(_ rig: Rig, _ link: LinkID) -> Int {
        rig.events.count { if case .messageDropped(link, _, .rateLimited) = $0 { true } else { false } }
    }

    @Test("what missed ticks bring at once, as after a stall of ten minutes, is within the default")
    func stall() throws {
        let rig = try rig()
        let stranger = rig.acceptLinked(7)
        for nonce in 0..<600 as Range<UInt64> { rig.receive(.ping(nonce: nonce), over: stranger) }
        #expect(rig.isUp(stranger) && drops(rig, stranger) == 0)
    }
}
