import Kernel
import Profile
import Testing
import Wire

@testable import Links

/// Points for what broke the protocol, and bans that end.
struct ReputationTests {
    private let options: AdmissionOptions
    private let site = Reputation.Subject.site(Fixture.endpoint(9).ip)
    private let peer = Reputation.Subject.identity(Fixture.identity(9))

    init() throws { options = AdmissionOptions(try Options.defaults(of: AdmissionOptions.spec)) }

    private func at(_ minutes: Int64) -> Instant { .zero + .seconds(60 * minutes) }

    @Test("three forged signatures within the hour are a ban of an hour, and then it is over")
    func ban() {
        var reputation = Reputation()
        let points = Reputation.points(for: .badSignature)
        #expect(reputation.add(points, to: peer, at: at(0), options) == nil)
        #expect(reputation.add(points, to: peer, at: at(0), options) == nil)
        #expect(reputation.add(points, to: peer, at: at(0), options) == at(60))
        #expect(reputation.ban(of: peer, at: at(59)) == at(60))
        #expect(reputation.ban(of: peer, at: at(60)) == nil)
        // Half of 102 is left, so that one more is no ban.
        #expect(reputation.add(points, to: peer, at: at(60), options) == nil)
        #expect(reputation.ban(of: site, at: at(1)) == nil)
    }

    @Test("a running ban is not made longer by what comes in the meantime")
    func runningBan() {
        var reputation = Reputation()
        #expect(reputation.add(100, to: peer, at: at(0), options) == at(60))
        #expect(reputation.add(100, to: peer, at: at(30), options) == nil)
        #expect(reputation.ban(of: peer, at: at(61)) == nil)
    }

    @Test("an address, which may be a gateway's, is banned for a tenth of the time, and again where it goes on")
    func address() {
        var reputation = Reputation()
        #expect(reputation.add(100, to: site, at: at(0), options) == at(6))
        #expect(reputation.ban(of: site, at: at(6)) == nil)
        #expect(reputation.add(34, to: site, at: at(7), options) == at(13))
    }

    @Test("points halve with each half-life, and evenly in between")
    func decay() {
        var reputation = Reputation()
        _ = reputation.add(80, to: site, at: at(0), options)
        let scores = [0, 30, 60, 90, 120, 10_000].map {
            reputation.score(of: site, at: at($0), halfLife: options.scoreHalfLife)
        }
        #expect(scores == [80, 60, 40, 30, 20, 0])
    }

    @Test("one offence an hour is never a ban")
    func seldom() {
        var reputation = Reputation()
        for hour in 0..<1000 as Range<Int64> {
            #expect(reputation.add(34, to: site, at: at(60 * hour), options) == nil)
        }
    }

    @Test("what a busy, slow or badly linked peer does costs nothing")
    func honest() {
        let blameless: [Reason] = [
            .handshakeTimeout, .reset, .endOfStream, .timedOut, .pingTimeout, .silent, .tooManyMessages, .rateLimited,
            .queueFull, .glare, .staleDial, .superseded, .tooManyLinks, .wrongNetwork, .protocolVersion, .identityInUse,
            .shutdown, .tlsFailed, .connectTimeout,
        ]
        for reason in blameless { #expect(Reputation.points(for: reason) == 0, "\(reason)") }
    }

    @Test("the table is bounded, and who is banned keeps the place")
    func bounded() {
        var reputation = Reputation()
        _ = reputation.add(100, to: site, at: at(0), options)
        for number in 0..<5000 as Range<UInt32> {
            let other = Reputation.Subject.site(IPAddress(version4: 0x0a00_0000 + number))
            _ = reputation.add(10, to: other, at: at(0), options)
        }
        #expect((4000...4096).contains(reputation.records.count))
        #expect(reputation.ban(of: site, at: at(1)) != nil)
    }
}
