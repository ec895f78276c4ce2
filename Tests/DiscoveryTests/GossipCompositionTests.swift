import Kernel
import Testing
import Wire

@testable import Discovery

@Suite("discovery gossip: beside the other modules")
struct GossipCompositionTests {
    @Test("masternode-priority wants a masternode where it says it is, and asks nobody else")
    func masternodes() {
        let rig = GossipRig(beside: [MasternodePriority(options: .init())])
        rig.start()
        #expect(rig.wanted.allSatisfy { $0.wishes.isEmpty })
        rig.tell([GossipRig.record(2)], over: rig.accept(1))
        #expect(
            rig.wanted.last?.wishes
                == [Wish(identity: Rig.identity(2), endpoint: GossipRig.endpoint(2), isMasternode: true)])
    }

    @Test("a masternode with two addresses is wanted at the next one after a dial in vain")
    func twoAddresses() {
        let rig = GossipRig(beside: [MasternodePriority(options: .init())])
        rig.start()
        let both = [GossipRig.endpoint(60), GossipRig.endpoint(61)]
        rig.tell([GossipRig.record(2) { $0.endpoints = both }], over: rig.accept(1))
        #expect(rig.wanted.last?.wishes.map(\.endpoint) == [both[0]])
        rig.fail(both[0])
        #expect(rig.wanted.last?.wishes.map(\.endpoint) == [both[1]])
        rig.advance(by: .seconds(2))
        rig.fail(both[1], .connectTimeout)
        #expect(rig.wanted.last?.wishes.map(\.endpoint) == [both[0]])
    }

    @Test("a masternode with two addresses that refuse is dialled once in two seconds, whatever links does at once")
    func refusing() {
        let rig = GossipRig(beside: [MasternodePriority(options: .init())])
        rig.start()
        let both = [GossipRig.endpoint(60), GossipRig.endpoint(61)]
        rig.tell([GossipRig.record(2) { $0.endpoints = both }], over: rig.accept(1))
        rig.clear()
        for _ in 0..<1000 {
            for endpoint in both { rig.fail(endpoint) }
            rig.advance(by: .milliseconds(10))
        }
        // Ten seconds: one turn at once, and one every two seconds; the passes are two minutes apart.
        let turns = (0..<6).map { [both[($0 + 1) % 2]] }
        #expect(rig.wanted.map { $0.wishes.map(\.endpoint) } == turns)
    }

    @Test(
        "a masternode with two addresses is wanted at the next one after a refusal by somebody who has proven nothing",
        arguments: [.tooManyLinks, .tooFast, .banned, .rateLimited, .other] as [Reason]
    )
    func refused(_ reason: Reason) {
        let rig = GossipRig(beside: [MasternodePriority(options: .init())])
        rig.start()
        let both = [GossipRig.endpoint(60), GossipRig.endpoint(61)]
        rig.tell([GossipRig.record(2) { $0.endpoints = both }], over: rig.accept(1))
        rig.fail(both[0], reason)
        #expect(rig.wanted.last?.wishes.map(\.endpoint) == [both[1]])
    }

    @Test(
        "a dial that ended for the sake of another link, or of a shutdown, says nothing against its address",
        arguments: [.glare, .duplicate, .superseded, .staleDial, .identityInUse, .shutdown] as [Reason]
    )
    func blameless(_ reason: Reason) {
        let rig = GossipRig(beside: [MasternodePriority(options: .init())])
        rig.start()
        let both = [GossipRig.endpoint(60), GossipRig.endpoint(61)]
        rig.tell([GossipRig.record(2) { $0.endpoints = both }], over: rig.accept(1))
        rig.fail(both[0], reason)
        #expect(rig.wanted.last?.wishes.map(\.endpoint) == [both[0]])
    }

    @Test("peer-fill tries a stranger's other addresses, once in two seconds")
    func strangersAddresses() {
        let rig = GossipRig(beside: [PeerFill(options: .init(slots: 3))])
        rig.start()
        let three = (60..<63).map { GossipRig.endpoint($0) }
        rig.tell([GossipRig.record(40) { $0.endpoints = three }], over: rig.accept(1))
        rig.advance(by: .seconds(121))
        #expect(rig.wanted.last?.wishes.map(\.endpoint) == [three[0]])
        for next in [1, 2, 0] {
            rig.fail(three[(next + 2) % 3])
            rig.advance(by: .seconds(2))
            #expect(rig.wanted.last?.wishes.map(\.endpoint) == [three[next]])
        }
    }

    @Test("peer-fill fills its slots with strangers, never with masternodes or ourselves")
    func strangers() {
        let rig = GossipRig(beside: [PeerFill(options: .init(slots: 3))])
        rig.start()
        let link = rig.accept(1)
        rig.tell((2..<4).map { GossipRig.record($0) } + (40..<50).map { GossipRig.record($0) }, over: link)
        rig.advance(by: .seconds(121))
        let wishes = rig.wanted.last?.wishes ?? []
        #expect(wishes.count == 3, "the link is none that we dialled")
        #expect(wishes.allSatisfy { wish in (40..<50).contains { Rig.identity($0) == wish.identity } })
        #expect(wishes.allSatisfy { !$0.isMasternode })
    }
}

@Suite("discovery peer-fill: whom strangers can keep it from")
struct PeerFillFloodTests {
    /// What is wanted of strangers with these addresses, a node each, told by one masternode.
    private func wished(
        _ addresses: [String], slots: Int = 50, _ options: GossipOptions = GossipOptions()
    ) throws -> Int {
        let rig = GossipRig(options, beside: [PeerFill(options: .init(slots: slots))])
        rig.start()
        var records: [AddressRecord] = []
        for (index, address) in addresses.enumerated() {
            let endpoint = try #require(Endpoint(address))
            records.append(GossipRig.record(40 + index) { $0.endpoints = [endpoint] })
        }
        rig.tell(records, over: rig.accept(1))
        rig.advance(by: .seconds(121))
        return rig.wanted.last?.wishes.count ?? 0
    }

    @Test("peers that dial us take slots, but not the quarter, eight at least, that is for peers whom we dial")
    func slots() {
        let rig = GossipRig(beside: [PeerFill(options: .init(slots: 20))])
        rig.start()
        let link = rig.accept(1)
        for peer in 900..<909 { rig.accept(peer) }
        rig.tell((40..<70).map { GossipRig.record($0) }, over: link)
        rig.advance(by: .seconds(121))
        #expect(rig.wanted.last?.wishes.count == 10)
        for peer in 909..<950 { rig.accept(peer) }
        rig.advance(by: .seconds(120))
        #expect(rig.wanted.last?.wishes.count == 8)
    }

    @Test("who says that it is where somebody else is keeps nobody from that one")
    func sameAddress() {
        let rig = GossipRig(beside: [PeerFill(options: .init())])
        rig.start()
        let liar = GossipRig.record(40) { $0.endpoints = [GossipRig.endpoint(41)] }
        rig.tell([liar], over: rig.accept(40))
        rig.tell([GossipRig.record(41)], over: rig.accept(1))
        rig.advance(by: .seconds(121))
        let wish = Wish(identity: Rig.identity(41), endpoint: GossipRig.endpoint(41), isMasternode: false)
        #expect(rig.wanted.last?.wishes.contains(wish) == true)
    }

    @Test("strangers that dialled us come last")
    func callers() {
        let rig = GossipRig(beside: [PeerFill(options: .init())])
        rig.start()
        rig.tell([40, 42].map { GossipRig.record($0) }, over: rig.accept(40))
        rig.advance(by: .seconds(61))
        rig.connect(42)
        rig.advance(by: .seconds(60))
        #expect(rig.offers.last?.map(\.identity) == [Rig.identity(42), Rig.identity(40)])
    }

    @Test("of one host one stranger is dialled and of one /16 a quarter of the slots, but of private addresses all")
    func groups() throws {
        #expect(try wished((1...8).map { "20.40.0.1:\($0)" }) == 1)
        #expect(try wished((1...8).map { "20.40.0.\($0):24100" }, slots: 12) == 3)
        #expect(try wished((1...8).map { "20.40.0.\($0):24100" }) > 3)
        #expect(try wished((1...8).map { "127.0.0.\($0):24100" }, slots: 12, GossipOptions(privateAddresses: true)) > 3)
    }

    @Test("a stranger that we have dialled counts as one of its /16")
    func linkedGroup() throws {
        let rig = GossipRig(beside: [PeerFill(options: .init(slots: 8))])
        rig.start()
        let link = rig.accept(1)
        rig.tell([GossipRig.record(40)], over: link)
        rig.advance(by: .seconds(61))
        rig.connect(40)
        var records: [AddressRecord] = []
        for number in 2...9 {
            let endpoint = try #require(Endpoint("20.40.0.\(number):24100"))
            records.append(GossipRig.record(40 + number) { $0.endpoints = [endpoint] })
        }
        rig.tell(records, over: link)
        rig.advance(by: .seconds(241))
        let wishes = rig.wanted.last?.wishes ?? []
        #expect(wishes.count == 2)
        #expect(wishes.contains { $0.identity == Rig.identity(40) })
    }
}
