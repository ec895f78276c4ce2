import Foundation
import Kernel
import Profile
import Testing
import Wire

@testable import Liveness

/// One node with peers that a test speaks for.
@Suite("swim") struct SwimTests {
    private func options(_ change: (Options) -> Options = { $0 }) throws -> SwimOptions {
        SwimOptions(change(try Options.defaults(of: SwimOptions.spec)))
    }

    /// A node with some peers, at the moment of its first probe.
    private func rig(peers: UInt64, _ change: (Options) -> Options = { $0 }) throws -> (Rig, [LinkID]) {
        let rig = Rig(Swim(options: try options(change)), masternodes: 1...peers)
        let links = (1...peers).map { rig.accept(peer: $0) }
        rig.advance(by: (try #require(rig.nextDeadline)) - rig.now)
        return (rig, links)
    }

    private func said(_ rig: Rig, _ kind: SwimMessage.Kind) -> [(link: LinkID, swim: SwimMessage, at: Instant)] {
        rig.spoken.compactMap {
            guard let swim = $0.message.swim, swim.kind == kind else { return nil }
            return ($0.link, swim, $0.at)
        }
    }

    private func message(
        _ kind: SwimMessage.Kind, _ sequence: UInt64, about subject: UInt64? = nil, claims: [SwimClaim] = []
    ) -> Message {
        Message(
            SwimMessage(kind: kind, sequence: sequence, subject: subject.map { Rig.identity($0) }, claims: claims)
        )
    }

    private func claim(_ status: SwimClaim.Status, _ subject: UInt64, _ incarnation: UInt64, by source: UInt64)
        -> SwimClaim
    {
        SwimClaim(
            status: status, subject: Rig.identity(subject), incarnation: incarnation, source: Rig.identity(source)
        )
    }

    @Test("the timer's figures are memberlist's and Lifeguard's, computed from their formulas")
    func timeouts() throws {
        func waits(_ size: Int, _ alpha: Int, _ beta: Int, _ confirmations: Int) throws -> [Double] {
            let options = try options { $0.setting("suspicion_multiplier", to: .integer(alpha)) }
            let shortest = options.shortestSuspicion(groupOf: size)
            var suspicion = Suspicion(
                by: Rig.identity(0), toldBy: Rig.identity(0), at: .zero, shortest: shortest, longest: shortest * beta,
                confirmations: confirmations
            )
            var waits = [suspicion.deadline.seconds]
            for source in 1...UInt64(confirmations) {
                let isNew = suspicion.confirm(by: Rig.identity(source), toldBy: Rig.identity(source))
                #expect(isNew)
                waits.append(suspicion.deadline.seconds)
            }
            let isCounted = suspicion.confirm(by: Rig.identity(99), toldBy: Rig.identity(99))
            #expect(!isCounted)
            let least = Double(alpha) * max(1, log10(Double(size)))
            for (source, wait) in waits.enumerated() {
                let share = log(Double(source + 1)) / log(Double(confirmations + 1))
                #expect(abs(wait - max(least, least * Double(beta) * (1 - share) + least * share)) <= 0.01)
            }
            return waits.map { ($0 * 10).rounded() / 10 }
        }
        // max(min, max - (max - min) · log(C + 1) ÷ log(K + 1)), min = alpha · max(1, log10 n) · 1 s, max = beta · min.
        #expect(try waits(8, 4, 6, 2) == [24, 11.4, 4])
        #expect(try waits(100, 4, 6, 2) == [48, 22.8, 8])
        #expect(try waits(128, 4, 6, 2) == [50.6, 24, 8.4])
        #expect(try waits(128, 5, 6, 3) == [63.2, 36.9, 21.5, 10.5])
    }

    @Test(
        "the integer logarithm is right to a thousandth of a per cent", arguments: [2, 3, 7, 10, 100, 1000, 1_000_003])
    func logarithm(value: Int) {
        #expect(abs(Double(IntegerLogarithm.base2(value)) / 65_536 - log2(Double(value))) <= 2e-5)
        #expect(IntegerLogarithm.base2(1) == 0)
        #expect(IntegerLogarithm.base2(0) == 0)
        #expect(IntegerLogarithm.base2(.max) / 65_536 == 62)
    }

    @Test("without an answer three others are asked after 500 ms, and after a second the peer is suspected and told")
    func probing() throws {
        let (rig, links) = try rig(peers: 5)
        let probe = try #require(said(rig, .probe).first)
        rig.advance(by: .milliseconds(499))
        #expect(said(rig, .request).isEmpty)
        rig.advance(by: .milliseconds(1))
        let requests = said(rig, .request)
        #expect(requests.count == 3)
        #expect(Set(requests.map(\.link)).count == 3)
        #expect(requests.allSatisfy { $0.link != probe.link && $0.swim.sequence == probe.swim.sequence })
        let target = try #require(links.firstIndex(of: probe.link)).advanced(by: 1)
        #expect(requests.allSatisfy { $0.swim.subject == Rig.identity(UInt64(target)) })
        rig.advance(by: .milliseconds(499))
        #expect(said(rig, .probe).count == 1)
        rig.advance(by: .milliseconds(1))
        // The suspected peer is told at once, beside the next period's probe.
        let told = said(rig, .probe).dropFirst().first
        #expect(told?.link == probe.link)
        #expect(told?.swim.claims == [claim(.suspected, UInt64(target), 0, by: 0)])
        #expect(rig.notes.count == 1)
    }

    @Test("an answer that comes through another is as good as the target's own")
    func indirect() throws {
        let (rig, _) = try rig(peers: 5)
        let probe = try #require(said(rig, .probe).first)
        rig.advance(by: .milliseconds(600))
        let helper = try #require(said(rig, .request).first).link
        rig.receive(message(.answer, probe.swim.sequence), over: helper)
        rig.advance(by: .milliseconds(400))
        #expect(rig.notes.isEmpty)
    }

    @Test("no-answers of those who were asked keep our own health from worsening by more than the failed probe")
    func noAnswers() throws {
        // A failed probe is one failure, each helper that says nothing another: the next period is stretched by them.
        func nextPeriod(helpersSpeak: Bool) throws -> Duration {
            let (rig, _) = try rig(peers: 5) { $0.setting("buddy", to: .boolean(false)) }
            let probe = try #require(said(rig, .probe).first)
            rig.advance(by: .milliseconds(600))
            if helpersSpeak {
                for request in said(rig, .request) {
                    rig.receive(message(.noAnswer, probe.swim.sequence, about: 1), over: request.link)
                }
            }
            rig.advance(by: .milliseconds(400))
            #expect(said(rig, .probe).count == 2)
            let judged = rig.now
            rig.advance(by: .seconds(20))
            return said(rig, .probe)[2].at - judged
        }
        #expect(try nextPeriod(helpersSpeak: true) == .seconds(2))
        #expect(try nextPeriod(helpersSpeak: false) == .seconds(5))
    }

    @Test("asked to probe, it tells of an answer at once and of none after four fifths of the timeout")
    func relaying() throws {
        let (rig, links) = try rig(peers: 3)
        let before = said(rig, .probe).count
        rig.receive(message(.request, 70, about: 2), over: links[0])
        rig.receive(message(.request, 71, about: 3), over: links[0])
        let probes = Array(said(rig, .probe).dropFirst(before))
        #expect(probes.map(\.link) == [links[1], links[2]])
        rig.receive(message(.answer, probes[0].swim.sequence), over: links[1])
        #expect(said(rig, .answer).map(\.swim.sequence) == [70])
        rig.advance(by: .milliseconds(399))
        #expect(said(rig, .noAnswer).isEmpty)
        rig.advance(by: .milliseconds(1))
        #expect(said(rig, .noAnswer).map(\.swim.sequence) == [71])
        #expect(said(rig, .noAnswer).map(\.swim.subject) == [Rig.identity(3)])
        // Too late, and by the wrong one: nothing comes of either.
        rig.receive(message(.answer, probes[1].swim.sequence), over: links[2])
        rig.receive(message(.answer, probes[1].swim.sequence), over: links[1])
        #expect(said(rig, .answer).count == 1)
    }

    @Test("whom it cannot reach it does not probe, and says that it is there; itself it can answer for")
    func unreachable() throws {
        let (rig, links) = try rig(peers: 2)
        rig.receive(message(.request, 70, about: 9), over: links[0])
        rig.receive(message(.request, 71, about: 0), over: links[0])
        #expect(said(rig, .noAnswer).map(\.swim.sequence) == [70])
        #expect(said(rig, .answer).map(\.swim.sequence) == [71])
    }

    @Test("one that asks for probes without end gets four at a time, and takes none from the others")
    func relayLimit() throws {
        let (rig, links) = try rig(peers: 3)
        let before = said(rig, .probe).count
        for number in 0..<500 { rig.receive(message(.request, UInt64(number), about: 2), over: links[0]) }
        #expect(said(rig, .probe).count - before == 4)
        rig.receive(message(.request, 1000, about: 2), over: links[2])
        #expect(said(rig, .probe).count - before == 5)
        rig.advance(by: .milliseconds(400))
        #expect(said(rig, .noAnswer).map(\.swim.sequence) == [0, 1, 2, 3, 1000])
    }

    @Test("suspected by others, it speaks up with a higher incarnation, and a number far beyond its own is no news")
    func speaksUp() throws {
        let (rig, links) = try rig(peers: 3)
        rig.receive(message(.probe, 1, claims: [claim(.suspected, 0, 7, by: 2)]), over: links[0])
        #expect(said(rig, .answer).last?.swim.claims == [claim(.alive, 0, 8, by: 0)])
        // Old news is answered as often as it comes, and moves the number no further: who has just linked knows no better.
        for number in 2...20 { rig.receive(message(.probe, UInt64(number)), over: links[0]) }
        #expect(said(rig, .answer).last?.swim.claims == [])
        rig.receive(message(.probe, 21, claims: [claim(.suspected, 0, 7, by: 2)]), over: links[0])
        #expect(said(rig, .answer).last?.swim.claims == [claim(.alive, 0, 8, by: 0)])
        for lie: UInt64 in [.max, .max - 1, 8 + 65_537] {
            rig.receive(message(.probe, 3, claims: [claim(.dead, 0, lie, by: 2)]), over: links[0])
            #expect(said(rig, .answer).last?.swim.claims == [claim(.alive, 0, 8, by: 0)])
        }
        rig.receive(message(.probe, 4, claims: [claim(.suspected, 0, 8 + 65_536, by: 2)]), over: links[0])
        #expect(said(rig, .answer).last?.swim.claims == [claim(.alive, 0, 9 + 65_536, by: 0)])
    }

    @Test("a peer that suspects us in every message makes us doubt our own health once a period")
    func doubts() throws {
        let (rig, links) = try rig(peers: 5)
        let probe = try #require(said(rig, .probe).first)
        for number in 0..<50 {
            let claims = [claim(.suspected, 0, UInt64(number), by: 2)]
            rig.receive(message(.probe, UInt64(number), claims: claims), over: links[0])
        }
        rig.receive(message(.answer, probe.swim.sequence), over: probe.link)
        let since = rig.now
        rig.advance(by: .seconds(5))
        // One doubt, and one success: the next period is no longer than it was.
        #expect(said(rig, .probe)[1].at - since == .seconds(1))
        #expect(said(rig, .probe)[2].at - said(rig, .probe)[1].at == .seconds(1))
    }

    @Test("what others call dead is suspected, and its own word clears it, whatever number was claimed for it")
    func calledDead() throws {
        let (rig, links) = try rig(peers: 4)
        rig.receive(message(.probe, 1, claims: [claim(.dead, 2, 900, by: 1)]), over: links[0])
        #expect(rig.deaths.isEmpty)
        #expect(rig.notes.count == 1)
        // By hearsay only a higher number helps.
        rig.receive(message(.probe, 2, claims: [claim(.alive, 2, 900, by: 2)]), over: links[2])
        #expect(rig.notes.count == 1)
        rig.receive(message(.probe, 3, claims: [claim(.alive, 2, 1, by: 2)]), over: links[1])
        #expect(rig.notes.count == 2)
        rig.receive(message(.probe, 4, claims: [claim(.suspected, 2, 1, by: 1)]), over: links[0])
        rig.receive(message(.probe, 5, claims: [claim(.alive, 2, 2, by: 2)]), over: links[2])
        #expect(rig.notes.count == 4)
    }

    @Test("a number far beyond the member's own word is not believed, so nobody can use the numbers up")
    func usedUp() throws {
        let (rig, links) = try rig(peers: 4)
        for status in [SwimClaim.Status.dead, .suspected, .alive] {
            for number: UInt64 in [.max, .max - 1, 65_537] {
                rig.receive(message(.probe, 1, claims: [claim(status, 2, number, by: 1)]), over: links[0])
            }
        }
        #expect(rig.notes.isEmpty)
        // Step by step it gets no further either: the measure is what the member itself has said.
        for number in stride(from: UInt64(65_536), through: 1 << 20, by: 65_536) {
            rig.receive(message(.probe, 2, claims: [claim(.suspected, 2, number, by: 1)]), over: links[0])
        }
        rig.receive(message(.probe, 3, claims: [claim(.suspected, 2, 65_536, by: 3)]), over: links[2])
        rig.receive(message(.probe, 4, claims: [claim(.alive, 2, 65_537, by: 2)]), over: links[1])
        #expect(rig.notes.count == 2)
        rig.receive(message(.probe, 5, claims: [claim(.suspected, 2, 65_537, by: 3)]), over: links[2])
        #expect(rig.notes.count == 3)
    }

    @Test("others' word ends a suspicion three times; from then on only the member's own does")
    func vouched() throws {
        let (rig, links) = try rig(peers: 4)
        func doubtAndVouch(_ number: UInt64) {
            rig.receive(message(.probe, 1, claims: [claim(.suspected, 2, number, by: 1)]), over: links[0])
            rig.receive(message(.probe, 2, claims: [claim(.alive, 2, number + 1, by: 2)]), over: links[2])
        }
        for number in 0..<3 as Range<UInt64> { doubtAndVouch(number) }
        #expect(rig.notes.count == 6)
        doubtAndVouch(3)
        #expect(rig.notes.count == 7)
        rig.receive(message(.probe, 3, claims: [claim(.alive, 2, 4, by: 2)]), over: links[1])
        #expect(rig.notes.count == 8)
        doubtAndVouch(4)
        #expect(rig.notes.count == 10)
    }

    @Test("independent suspicions shorten the wait; the same source twice, old news, or one who names many does not")
    func confirmations() throws {
        /// The wait until the second peer is cut, where these were told of it: by whom, of which source, with what number.
        func death(_ told: [(UInt64, UInt64, UInt64)]) throws -> Duration {
            let (rig, links) = try rig(peers: 5) { $0.setting("link_misses", to: .none) }
            rig.receive(message(.probe, 1, claims: [claim(.alive, 2, 3, by: 2)]), over: links[1])
            let since = rig.now
            for (teller, source, incarnation) in told {
                let claims = [claim(.suspected, 2, incarnation, by: source)]
                rig.receive(message(.probe, 1, claims: claims), over: links[Int(teller) - 1])
            }
            // Everybody else is well all the time.
            for _ in 0..<600 where rig.deaths.isEmpty {
                for probe in said(rig, .probe).suffix(4) where probe.link != links[1] {
                    rig.receive(message(.answer, probe.swim.sequence), over: probe.link)
                }
                for request in said(rig, .request).suffix(3) {
                    rig.receive(message(.answer, request.swim.sequence), over: request.link)
                }
                rig.advance(by: .milliseconds(50))
            }
            let death = try #require(rig.deaths.first)
            #expect(death.link == links[1])
            return death.at - since
        }
        #expect(try death([(1, 1, 3)]) == .seconds(24))
        #expect(try death([(1, 1, 3), (1, 1, 3), (1, 1, 4)]) == .seconds(24))
        #expect(try death([(1, 1, 3), (3, 3, 2)]) == .seconds(24))
        // One peer that names many others, members or not, is one word.
        #expect(try death([(1, 3, 3), (1, 4, 3), (1, 5, 3), (1, 77, 3)]) == .seconds(24))
        // So are many peers that pass one word on.
        #expect(try death([(1, 1, 3), (3, 1, 3), (4, 1, 3)]) == .seconds(24))
        #expect(abs((try death([(1, 1, 3), (3, 3, 3)]) - .milliseconds(11_381)).nanoseconds) <= 2_000_000)
        #expect(try death([(1, 1, 3), (3, 3, 3), (4, 4, 5)]) == .seconds(4))
    }

    @Test("claims about strangers go no further, and a claim is passed on four times at most among ten")
    func gossip() throws {
        let (rig, links) = try rig(peers: 5) { $0.setting("interval", to: .duration(.seconds(60))) }
        let claims = [claim(.suspected, 9, 1, by: 1), claim(.suspected, 2, 1, by: 3)]
        rig.receive(message(.probe, 1, claims: claims), over: links[0])
        for number in 2...40 { rig.receive(message(.probe, UInt64(number)), over: links[3]) }
        let passedOn = said(rig, .answer).flatMap(\.swim.claims)
        #expect(passedOn == [SwimClaim](repeating: claim(.suspected, 2, 1, by: 3), count: 4))
        // Beside the word to the suspected itself.
        #expect(said(rig, .probe).last?.link == links[1])
    }

    // MARK: Guests

    /// A node with some masternodes, and some strangers that have dialled it.
    private func crowd(members: UInt64, guests: UInt64, _ change: (Options) -> Options = { $0 }) throws
        -> (Rig, members: [LinkID], guests: [LinkID])
    {
        let rig = Rig(Swim(options: try options(change)), masternodes: 1...members)
        let links = (1...members + guests).map { rig.accept(peer: $0) }
        rig.advance(by: (try #require(rig.nextDeadline)) - rig.now)
        return (rig, Array(links.prefix(Int(members))), Array(links.suffix(Int(guests))))
    }

    @Test("a hundred strangers neither thin the probes of members out nor stretch a suspicion")
    func crowded() throws {
        func death(guests: UInt64) throws -> (period: Duration, wait: Duration) {
            let (rig, members, _) = try crowd(members: 4, guests: guests) { $0.setting("link_misses", to: .none) }
            let since = rig.now
            let claims = [claim(.suspected, 2, 0, by: 1)]
            rig.receive(message(.probe, 1, claims: claims), over: members[0])
            for _ in 0..<800 where !rig.deaths.contains(where: { $0.link == members[1] }) {
                for probe in said(rig, .probe).suffix(20) where probe.link != members[1] {
                    rig.receive(message(.answer, probe.swim.sequence), over: probe.link)
                }
                for request in said(rig, .request).suffix(3) {
                    rig.receive(message(.answer, request.swim.sequence), over: request.link)
                }
                rig.advance(by: .milliseconds(50))
            }
            let first = said(rig, .probe).filter { $0.link == members[0] }.map(\.at)
            let longest = zip(first, first.dropFirst()).map { $1 - $0 }.max() ?? .zero
            return (longest, try #require(rig.deaths.first { $0.link == members[1] }).at - since)
        }
        let (alone, crowded) = (try death(guests: 0), try death(guests: 100))
        #expect(alone.wait == .seconds(24))
        #expect(crowded.wait == alone.wait)
        #expect(crowded.period <= .seconds(2 * 4 - 1))
    }

    @Test("a stranger is probed every ten periods at least, and cut after five that it leaves unanswered")
    func guests() throws {
        let (rig, members, guests) = try crowd(members: 1, guests: 100)
        for _ in 0..<1200 where rig.deaths.isEmpty {
            for probe in said(rig, .probe).suffix(20) where probe.link != guests[0] {
                rig.receive(message(.answer, probe.swim.sequence), over: probe.link)
            }
            rig.advance(by: .milliseconds(50))
        }
        #expect(rig.deaths.map(\.link) == [guests[0]])
        #expect(said(rig, .probe).count { $0.link == guests[0] } == 5)
        #expect(said(rig, .probe).count { $0.link == guests[50] } >= 5)
        #expect(said(rig, .probe).count { $0.link == members[0] } >= 45)
        #expect(rig.notes.isEmpty)
    }

    @Test("a stranger whose answers take longer than a period is kept")
    func distantGuest() throws {
        let (rig, members, guests) = try crowd(members: 1, guests: 1)
        var answered = 0
        for _ in 0..<600 {
            let probes = said(rig, .probe)
            for probe in probes.suffix(4) where probe.link == members[0] {
                rig.receive(message(.answer, probe.swim.sequence), over: members[0])
            }
            let due = probes.filter { $0.link == guests[0] && rig.now - $0.at >= .milliseconds(1500) }
            for probe in due.dropFirst(answered) {
                rig.receive(message(.answer, probe.swim.sequence), over: guests[0])
            }
            answered = due.count
            rig.advance(by: .milliseconds(50))
        }
        #expect(rig.deaths.isEmpty)
        #expect(answered > 20)
    }

    @Test("after a reload members are whom the network file names then, and nobody loses a link for it")
    func regrouped() throws {
        let (rig, members, guests) = try crowd(members: 2, guests: 1)
        rig.receive(message(.request, 70, about: 3), over: members[1])
        #expect(said(rig, .noAnswer).map(\.swim.sequence) == [70])
        try rig.reload(Swim(options: try options()), masternodes: 2...3)
        let before = said(rig, .probe).count
        rig.receive(message(.request, 71, about: 3), over: members[1])
        #expect(said(rig, .probe).dropFirst(before).map(\.link) == guests)
        rig.receive(message(.request, 72, about: 2), over: members[0])
        #expect(said(rig, .noAnswer).map(\.swim.sequence) == [70, 72])
        #expect(rig.deaths.isEmpty)
    }

    @Test("a stranger has no say: neither about others nor about our health, and others are not probed for it")
    func noSay() throws {
        let (rig, members, guests) = try crowd(members: 3, guests: 1)
        let before = said(rig, .probe).count
        rig.receive(message(.probe, 1, claims: [claim(.suspected, 2, 0, by: 1)]), over: guests[0])
        rig.receive(message(.request, 5, about: 2), over: guests[0])
        #expect(rig.notes.isEmpty)
        #expect(said(rig, .probe).count == before)
        #expect(said(rig, .noAnswer).map(\.link) == guests)
        // It may be one that counts us among its members: its doubt about us is answered, to it alone.
        rig.receive(message(.probe, 2, claims: [claim(.suspected, 0, 3, by: 4)]), over: guests[0])
        #expect(said(rig, .answer).last?.swim.claims == [claim(.alive, 0, 0, by: 0)])
        rig.receive(message(.probe, 3), over: members[0])
        #expect(said(rig, .answer).last?.swim.claims == [])
    }

    @Test("pings of others are answered, and the last link that ends leaves no timer and no state")
    func endsAndAnswers() throws {
        let (rig, members, guests) = try crowd(members: 3, guests: 2)
        let links = members + guests
        rig.receive(.ping(nonce: 4), over: links[0])
        #expect(rig.sent.last == .pong(nonce: 4))
        rig.receive(message(.request, 70, about: 2), over: links[0])
        rig.receive(message(.probe, 1, claims: [claim(.suspected, 2, 1, by: 3)]), over: links[0])
        for link in links { rig.end(link) }
        #expect(rig.nextDeadline == nil)
    }

    @Test("a timeout that is not shorter than the interval is refused")
    func check() throws {
        let options = try Options.defaults(of: SwimOptions.spec)
        #expect(SwimOptions.spec.check?(options) ?? [] == [])
        #expect(SwimOptions.spec.check?(options.setting("timeout", to: .duration(.seconds(1)))).count == 1)
    }

    @Test("the state survives JSON")
    func snapshot() throws {
        var state = Swim.State()
        let identity = Rig.identity(3)
        state.members[identity] = Swim.Member(
            link: LinkID(number: 3), incarnation: .max, ownWord: 7,
            suspicion: Suspicion(
                by: identity, toldBy: identity, at: .zero, shortest: .seconds(1), longest: .seconds(2), confirmations: 2
            )
        )
        state.guests[Rig.identity(4)] = Swim.Guest(link: LinkID(number: 4), asked: 5, misses: 2, isOwedWord: true)
        state.probe = Swim.Probe(target: identity, sequence: 3, helpers: [identity])
        state.relays = [Swim.Relay(asker: identity, asked: 1, target: identity, sequence: 2)]
        state.rumours = [Swim.Rumour(claim: claim(.dead, 3, 1, by: 2))]
        let copy = try JSONDecoder().decode(Swim.State.self, from: JSONEncoder().encode(state))
        #expect(String(describing: copy) == String(describing: state))
    }
}
