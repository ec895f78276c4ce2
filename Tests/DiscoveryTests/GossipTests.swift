import Kernel
import Store
import Testing
import Wire

@testable import Discovery

@Suite("discovery gossip: asking and answering")
struct GossipExchangeTests {
    @Test("a new link gets our own record, and a masternode a question; a stranger that dials us gets none")
    func greeting() throws {
        let rig = GossipRig()
        rig.start()
        let member = rig.accept(1)
        let stranger = rig.accept(9)
        let own = try #require(rig.records(to: member).first?.first)
        #expect(own.identity == Rig.identity(0) && own.endpoints == [GossipRig.endpoint(0)])
        #expect(own.signature == PlainSigner.signature(of: own.signedBytes, by: own.identity))
        #expect(rig.records(to: stranger) == [[own]])
        #expect(rig.hasAsked(member))
        #expect(!rig.hasAsked(stranger))
    }

    @Test("an answer has at most the records that were asked for, and a peer gets one in thirty seconds")
    func answers() {
        let rig = GossipRig(masternodes: 40)
        rig.start()
        let teller = rig.accept(1)
        let asker = rig.accept(39)
        rig.tell((2..<32).map { GossipRig.record($0) }, over: teller)
        rig.clear()
        rig.receive(.getAddresses(limit: 10), over: asker)
        #expect(rig.records(to: asker).map(\.count) == [10])
        rig.receive(.getAddresses(limit: 64), over: asker)
        rig.advance(by: .seconds(29))
        rig.receive(.getAddresses(limit: 64), over: asker)
        #expect(rig.records(to: asker).count == 1)
        #expect(rig.events.filter { $0 == .messageDropped(asker, .discovery, .rateLimited) }.count == 2)
        rig.advance(by: .seconds(1))
        rig.receive(.getAddresses(limit: .max), over: asker)
        // Thirty that were told, and its own: whoever missed that when the link came up can ask for it.
        #expect(rig.records(to: asker).map(\.count) == [10, 31])
        #expect(rig.records(to: asker).allSatisfy { $0.first?.identity == Rig.identity(0) })
    }

    @Test("an answer never has more than the profile's limit, and a message never more than the wire's")
    func limits() {
        let rig = GossipRig(GossipOptions(answerLimit: 5), masternodes: 40)
        rig.start()
        let teller = rig.accept(1)
        rig.tell((2..<32).map { GossipRig.record($0) }, over: teller)
        rig.clear()
        rig.receive(.getAddresses(limit: 64), over: teller)
        #expect(rig.records(to: teller).map(\.count) == [5])
        #expect(rig.sent.allSatisfy { $0.message.isEncodable })
    }

    @Test("who asks is told its own record too, which one that has forgotten it must top")
    func ownRecordOfAsker() {
        let rig = GossipRig()
        rig.start()
        let link = rig.accept(1)
        let record = GossipRig.record(1, sequence: 5)
        rig.tell([record], over: link)
        rig.clear()
        rig.receive(.getAddresses(limit: 64), over: link)
        let told = rig.records(to: link).first ?? []
        #expect(told.map(\.identity) == [Rig.identity(0), Rig.identity(1)])
        #expect(told.last == record)
    }

    @Test("who asks before the store has been read is answered afterwards")
    func earlyQuestion() {
        let rig = GossipRig()
        rig.start()
        let link = rig.accept(1)
        rig.tell([GossipRig.record(2)], over: link)
        #expect(rig.offers.last?.map(\.identity) == [Rig.identity(2)])
    }

    @Test(
        "a record that cannot be believed is refused by name, and neither kept nor told",
        arguments: [
            .badSignature, .wrongNetwork, .expired, .farFuture, .privateAddress, .repeatedEndpoint,
        ] as [AddressRefusal]
    )
    func refused(_ refusal: AddressRefusal) {
        let rig = GossipRig()
        rig.start()
        let link = rig.accept(1)
        rig.clear()
        rig.tell([Self.record(with: refusal)], over: link)
        #expect(rig.refusals == [refusal])
        #expect(rig.offers.isEmpty)
        // Another clock or network file would explain the rest.
        let word = "\(Rig.identity(1)) misbehaved: bad-signature, minor"
        #expect(rig.events.contains(.note(.info, word)) == (refusal == .badSignature))
        rig.receive(.getAddresses(limit: 64), over: link)
        #expect(rig.records(to: link).joined().allSatisfy { $0.identity == Rig.identity(0) })
    }

    @Test("a record that is none ends the link over which it came, in whichever form, and nothing of it is kept")
    func malformed() {
        let rig = GossipRig()
        rig.start()
        let link = rig.accept(1)
        rig.clear()
        rig.tell([GossipRig.record(2) { $0.endpoints = [] }], over: link)
        #expect(rig.offers.isEmpty)
        #expect(rig.refusals.isEmpty)
        #expect(rig.node?.phase(of: link) == nil)
    }

    private static func record(with refusal: AddressRefusal) -> AddressRecord {
        var record = GossipRig.record(2) { record in
            switch refusal {
            case .wrongNetwork: record.network = "other"
            case .expired: record.expires = GossipRig.genesis
            case .farFuture: record.expires = GossipRig.genesis + 8 * 86_400_000
            case .privateAddress: record.endpoints = [endpoint("10.0.0.1:1")]
            case .repeatedEndpoint: record.endpoints += record.endpoints
            default: break
            }
        }
        if refusal == .badSignature { record.signature = .none }
        return record
    }

    private static func endpoint(_ text: String) -> Endpoint { Endpoint(text) ?? GossipRig.endpoint(99) }

    @Test("private addresses are taken where the profile says so")
    func privateAddresses() {
        let rig = GossipRig(GossipOptions(privateAddresses: true))
        rig.start()
        rig.tell([GossipRig.record(2) { $0.endpoints = [Self.endpoint("127.0.0.9:7")] }], over: rig.accept(1))
        #expect(rig.refusals == [])
        #expect(rig.offers.last?.first?.endpoints == [Self.endpoint("127.0.0.9:7")])
    }

    @Test("news of a masternode is offered at once and passed on once, to linked masternodes other than who told")
    func passedOn() {
        let rig = GossipRig(masternodes: 6)
        rig.start()
        let links = [1, 3, 4, 9].map { rig.accept($0) }
        rig.clear()
        let news = GossipRig.record(2)
        rig.tell([news], over: links[0])
        #expect(rig.offers.last == [Candidate(identity: Rig.identity(2), endpoints: [GossipRig.endpoint(2)])])
        #expect(links.map { rig.records(to: $0) } == [[], [[news]], [[news]], []])
        rig.clear()
        rig.tell([news], over: links[1])
        rig.tell([GossipRig.record(2, sequence: 2)], over: links[1])
        #expect(rig.sent.isEmpty, "the same addresses again are no news")
        rig.advance(by: .seconds(30))
        rig.clear()
        let moved = GossipRig.record(2, sequence: 3) { $0.endpoints = [GossipRig.endpoint(50)] }
        rig.tell([moved], over: links[2])
        #expect(rig.offers.last?.first?.endpoints == [GossipRig.endpoint(50)])
        #expect(links.map { rig.records(to: $0).count } == [1, 1, 0, 0])
    }

    @Test("news goes to as many peers as the profile says, and news of a stranger to none")
    func fanOut() {
        let rig = GossipRig(GossipOptions(fanOut: 3), masternodes: 12)
        rig.start()
        let links = (1..<11).map { rig.accept($0) }
        rig.clear()
        rig.tell([GossipRig.record(11)], over: links[0])
        #expect(rig.sent.count == 3)
        rig.clear()
        rig.tell([GossipRig.record(40)], over: links[0])
        #expect(rig.sent.isEmpty)
    }

    @Test("each pass asks one peer, so that what a flood missed is found")
    func passes() {
        let rig = GossipRig(masternodes: 3)
        rig.start()
        _ = rig.accept(1)
        _ = rig.accept(9)
        rig.clear()
        rig.advance(by: .seconds(600))
        let questions = rig.sent.filter { $0.message.gossip?.kind == .getAddresses }
        #expect(questions.count == 10)
    }
}

@Suite("discovery gossip: what a stranger can do to it")
struct GossipFloodTests {
    @Test("a peer that tells more than its share is cut short, by name, and gets a record a second from then on")
    func burst() {
        let rig = GossipRig(GossipOptions(burst: 100))
        rig.start()
        let link = rig.accept(900)
        rig.clear()
        rig.tell((1000..<1064).map { GossipRig.record($0) }, over: link)
        rig.tell((1064..<1128).map { GossipRig.record($0) }, over: link)
        #expect(rig.refusals.filter { $0 == .tooMany }.count == 1)
        rig.clear()
        rig.advance(by: .seconds(10))
        rig.tell((1200..<1264).map { GossipRig.record($0) }, over: link)
        #expect(rig.refusals.filter { $0 == .tooMany }.count == 1)
        rig.clear()
        rig.tell([GossipRig.record(1300)], over: link)
        #expect(rig.refusals == [.tooMany])
    }

    @Test("questions add to what a peer may tell, but a day of them no more than one does")
    func questions() {
        let rig = GossipRig(GossipOptions(burst: 10))
        rig.start()
        let link = rig.accept(1)
        rig.advance(by: .seconds(86_400))
        rig.clear()
        for first in [1000, 1064, 1128] { rig.tell((first..<first + 64).map { GossipRig.record($0) }, over: link) }
        #expect(rig.refusals.filter { $0 == .tooMany }.count == 2)
    }

    @Test("a masternode that moves all the time is passed on once in thirty seconds, and believed each time")
    func restlessMember() {
        let rig = GossipRig()
        rig.start()
        let links = [1, 3].map { rig.accept($0) }
        rig.clear()
        for step in 1...20 as ClosedRange<UInt64> {
            let record = GossipRig.record(2, sequence: step) { $0.endpoints = [GossipRig.endpoint(100 + Int(step))] }
            rig.tell([record], over: links[0])
        }
        #expect(rig.records(to: links[1]).count == 1)
        #expect(rig.offers.last?.first?.endpoints == [GossipRig.endpoint(120)])
        rig.advance(by: .seconds(30))
        rig.tell([GossipRig.record(2, sequence: 21) { $0.endpoints = [GossipRig.endpoint(99)] }], over: links[0])
        #expect(rig.records(to: links[1]).count == 2)
    }

    @Test("signatures that wait are bounded")
    func checks() {
        let rig = GossipRig(GossipOptions(burst: 10_000))
        rig.start()
        rig.holdsChecks = true
        let link = rig.accept(900)
        for number in 0..<40 { rig.tell([GossipRig.record(1000 + number)], over: link) }
        #expect(rig.refusals == [AddressRefusal](repeating: .busy, count: 40 - Gossip.State.checksPerLink))
        // Four more that tell without end fill what all may have together; who has said nothing yet is heard all the same.
        for peer in 901..<905 {
            let other = rig.accept(peer)
            for number in 0..<40 { rig.tell([GossipRig.record(10 * peer + number)], over: other) }
        }
        rig.clear()
        for peer in 910..<930 {
            let quiet = rig.accept(peer)
            rig.tell([GossipRig.record(peer)], over: quiet)
            #expect(rig.refusals.isEmpty)
        }
        rig.tell([GossipRig.record(1500)], over: link)
        #expect(rig.refusals == [.busy])
        rig.answerChecks()
        rig.clear()
        rig.tell([GossipRig.record(2000)], over: link)
        #expect(rig.refusals.isEmpty)
    }

    @Test("an hour of garbage from one peer leaves the node small, and its masternodes known")
    func hour() {
        let rig = GossipRig()
        rig.start()
        let member = rig.accept(1)
        rig.tell([GossipRig.record(2)], over: member)
        let attacker = rig.accept(900)
        for minute in 0..<60 {
            let first = 1000 + 64 * minute
            rig.tell((first..<first + 64).map { GossipRig.record($0) }, over: attacker)
            rig.advance(by: .seconds(60))
        }
        #expect(rig.stateBytes < 150_000, "\(rig.stateBytes)")
        rig.clear()
        rig.tell([], over: member)
        rig.advance(by: .seconds(60))
        #expect(rig.offers.last?.first?.identity == Rig.identity(2))
        #expect((rig.offers.last?.count ?? 0) <= 1 + GossipOptions().offer)
    }

    @Test("a link that is gone leaves nothing behind")
    func cleanUp() {
        let rig = GossipRig()
        rig.start()
        let before = rig.stateBytes
        for number in 0..<20 { rig.end(rig.accept(700 + number)) }
        #expect(rig.stateBytes == before)
    }
}

@Suite("discovery gossip: our own record")
struct GossipOwnRecordTests {
    private func own(_ rig: GossipRig) -> AddressRecord? {
        rig.sent.reversed().lazy.compactMap { sent -> AddressRecord? in
            guard case .addresses(let records) = sent.message.gossip else { return nil }
            return records.first { $0.identity == Rig.identity(0) }
        }.first
    }

    @Test("it is told again before it gets old, with a higher sequence and a later expiry")
    func renewed() throws {
        let rig = GossipRig(GossipOptions(lifetime: .seconds(4000)))
        rig.start()
        _ = rig.accept(1)
        let first = try #require(own(rig))
        rig.clear()
        rig.advance(by: .seconds(999))
        #expect(own(rig) == nil)
        rig.advance(by: .seconds(1))
        let second = try #require(own(rig))
        #expect(second.sequence > first.sequence)
        #expect(second.expires == first.expires + 1_000_000)
    }

    @Test("a record of ours that we did not make is topped, and not more often than every thirty seconds")
    func topped() throws {
        let rig = GossipRig()
        rig.start()
        let link = rig.accept(1)
        let first = try #require(own(rig))
        let foreign = GossipRig.record(0, sequence: first.sequence + 1_000_000)
        rig.advance(by: .seconds(31))
        rig.clear()
        rig.tell([foreign], over: link)
        #expect(own(rig)?.sequence == foreign.sequence + 1)
        rig.clear()
        for step in 1...20 as ClosedRange<UInt64> {
            rig.tell([GossipRig.record(0, sequence: foreign.sequence + 10 * step)], over: link)
        }
        #expect(own(rig) == nil)
        rig.advance(by: .seconds(30))
        #expect(own(rig)?.sequence == foreign.sequence + 201)
        #expect(rig.sent.count { $0.message.gossip?.kind == .addresses } == 1)
        #expect(rig.offers.allSatisfy { $0.allSatisfy { $0.identity != Rig.identity(0) } })
    }

    @Test("the highest sequence there is ends nothing and starts nothing")
    func lastSequence() {
        let rig = GossipRig()
        rig.start()
        let link = rig.accept(1)
        rig.advance(by: .seconds(31))
        rig.clear()
        rig.tell([GossipRig.record(0, sequence: .max)], over: link)
        rig.advance(by: .seconds(60))
        #expect(own(rig) == nil)
    }

    @Test("without an address that others can dial nothing is told, and the log says what to do")
    func noAddress() {
        for address in ["0.0.0.0:24100", "10.0.0.1:24100"] {
            let rig = GossipRig(endpoint: Endpoint(address) ?? GossipRig.endpoint(0))
            rig.start()
            let link = rig.accept(1)
            #expect(rig.records(to: link).isEmpty)
            let notes = rig.events.compactMap { if case .note(.warning, let text) = $0 { text } else { nil } }
            #expect(notes.count == 1 && notes[0].contains("set 'advertise'"), "\(notes)")
        }
    }

    @Test("what the profile advertises is told in place of where the node listens")
    func advertised() throws {
        let home = GossipRig.endpoint(77)
        let rig = GossipRig(
            GossipOptions(advertise: [home]), endpoint: Endpoint("0.0.0.0:24100") ?? GossipRig.endpoint(0))
        rig.start()
        #expect(rig.records(to: rig.accept(1)).first?.first?.endpoints == [home])
    }
}

@Suite("discovery gossip: across restarts")
struct GossipRestartTests {
    @Test("a restarted node offers whom it knew before anybody has said a word, anchors first")
    func restart() throws {
        let store = MemoryStore()
        let first = GossipRig(GossipOptions(offer: 0), store: store, beside: [PeerFill(options: .init())])
        first.start()
        let teller = first.accept(1)
        first.tell([2, 40, 41, 42, 43].map { GossipRig.record($0) }, over: teller)
        // Tell peer-fill of them, which dials.
        first.advance(by: .seconds(1))
        #expect(first.offers.last?.map(\.identity) == [Rig.identity(2)])

        let dialling = GossipRig(store: store, beside: [PeerFill(options: .init())])
        first.shutDown()
        dialling.start()
        dialling.connect(42)
        dialling.advance(by: .seconds(61))
        dialling.shutDown()

        let last = GossipRig(GossipOptions(offer: 0), store: store, seed: 7)
        last.start()
        #expect(last.offers.first?.map(\.identity) == [Rig.identity(2), Rig.identity(42)])
    }

    @Test("a node whose clock was set back still tops what it told before it was stopped")
    func clockBack() throws {
        let store = MemoryStore()
        let before = GossipRig(store: store)
        before.start()
        let told = try #require(before.records(to: before.accept(1)).first?.first)
        before.shutDown()
        let after = GossipRig(store: store)
        after.wallStart -= 3600_000
        after.start()
        let again = try #require(after.records(to: after.accept(1)).first?.first)
        #expect(again.sequence > told.sequence)
    }

    @Test("a store that cannot be read costs the book and a warning, not the start")
    func brokenStore() {
        let rig = GossipRig()
        rig.isStoreBroken = true
        rig.start()
        let link = rig.accept(1)
        #expect(rig.records(to: link).count == 1)
        #expect(
            rig.events.contains { if case .note(.warning, let text) = $0 { text.contains("empty one") } else { false } }
        )
        rig.tell([GossipRig.record(2)], over: link)
        rig.advance(by: .seconds(31))
        rig.isStoreBroken = false
        rig.advance(by: .seconds(31))
        rig.isStoreBroken = true
        #expect(rig.offers.last?.count == 1)
    }

    @Test("a node that learns nothing wakes for no write")
    func idle() {
        let store = MemoryStore()
        let rig = GossipRig(GossipOptions(interval: .seconds(3600)), store: store)
        rig.start()
        rig.advance(by: .seconds(60))
        #expect(store.count == 1)
        // What is left is the pass and the renewal of our own record.
        let wake = rig.nextDeadline.map { $0 - .zero }
        #expect(wake.map { $0 >= .seconds(3600) } == true)
        rig.tell([GossipRig.record(2)], over: rig.accept(1))
        #expect(rig.nextDeadline.map { $0 - rig.now } == .seconds(30))
        rig.advance(by: .seconds(30))
        #expect(store.count == 2)
    }

    @Test("what a failed write held is written by the next")
    func failedWrite() {
        let store = MemoryStore()
        let rig = GossipRig(store: store)
        rig.start()
        let link = rig.accept(1)
        rig.tell([GossipRig.record(2)], over: link)
        rig.isStoreBroken = true
        rig.advance(by: .seconds(31))
        #expect(store.count == 0)
        rig.isStoreBroken = false
        rig.advance(by: .seconds(31))
        #expect(store.count == 2)
        let next = GossipRig(store: store)
        next.start()
        #expect(next.offers.first?.map(\.identity) == [Rig.identity(2)])
    }

    @Test("a store that forgets makes every start a first one")
    func forgetful() {
        let rig = GossipRig()
        rig.start()
        #expect(rig.offers == [[]])
    }
}
