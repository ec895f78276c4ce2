import Kernel
import Testing
import Wire

@testable import Transport

@Suite struct AcceptGateTests {
    private static let limits = AcceptLimits(opening: 8, reserved: 2, perSecond: 10, perSecondPerSite: 2)

    private static func address(_ number: Int) -> IPAddress { IPAddress(version4: 0xc000_0200 + UInt32(number)) }

    /// How many of so many callers from one address come in at `now`.
    private func admitted(
        _ count: Int, from address: IPAddress, _ gate: inout AcceptGate, ofMasternode: Bool = false,
        at now: Instant = .zero
    ) -> Int {
        (0..<count).count { _ in gate.admits(address, ofMasternode: ofMasternode, at: now) }
    }

    @Test("one address has four seconds' worth at once, then its share a second, and gains nothing by trying")
    func site() {
        var gate = AcceptGate(Self.limits)
        #expect(admitted(100, from: Self.address(1), &gate) == 8)
        #expect(admitted(100, from: Self.address(1), &gate, at: .zero + .seconds(1)) == 2)
        #expect(admitted(100, from: Self.address(1), &gate, at: .zero + .seconds(60)) == 8)
    }

    @Test("the addresses of a block share four times as much")
    func block() {
        var gate = AcceptGate(AcceptLimits(opening: 8, reserved: 2, perSecond: 1000, perSecondPerSite: 2))
        let all = (0..<50).reduce(0) { $0 + admitted(8, from: Self.address($1), &gate) }
        #expect(all == 32)
        #expect(admitted(8, from: IPAddress(version4: 0xc000_0300), &gate) == 8)
    }

    @Test("an IPv6 host does not get more by using more addresses of its /64, nor a site by using more of its /48")
    func version6() {
        var gate = AcceptGate(AcceptLimits(opening: 8, reserved: 2, perSecond: 1000, perSecondPerSite: 2))
        let one = (0..<50).reduce(0) {
            $0 + admitted(8, from: IPAddress(version6: 0x2001_0db8_0000_0000, UInt64($1)), &gate)
        }
        #expect(one == 8)
        let all = (1..<50).reduce(0) {
            $0 + admitted(8, from: IPAddress(version6: 0x2001_0db8_0000_0000 + UInt64($1), 1), &gate)
        }
        #expect(all == 24)
    }

    @Test("all addresses together have a limit, and masternodes' addresses are not in it")
    func together() {
        var gate = AcceptGate(Self.limits)
        let all = (0..<100).reduce(0) { $0 + admitted(1, from: IPAddress(version4: UInt32($1) << 8), &gate) }
        #expect(all == 40)
        #expect(admitted(100, from: Self.address(1), &gate, ofMasternode: true) == 8)
    }

    @Test("however many addresses come, no more than a number of them are remembered")
    func bounded() {
        var gate = AcceptGate(AcceptLimits(opening: 8, reserved: 2, perSecond: 1_000_000, perSecondPerSite: 2))
        for number in 0..<3 * AcceptGate.tracked {
            let isIn = gate.admits(IPAddress(version4: UInt32(number) << 8), ofMasternode: false, at: .zero)
            #expect(isIn)
        }
        #expect(gate.remembered <= AcceptGate.tracked)
    }

    @Test("a masternode's address is one of the network file or one that its link was up from")
    func masternodes() {
        let member = Identity(key: Bytes32(1, 0, 0, 0))
        var sites = MasternodeSites(
            NetworkView(
                name: "test", genesis: WallTime(milliseconds: 0), slotInterval: .seconds(2), minimumMasternodes: 1,
                masternodes: [.init(name: "a", identity: member, endpoint: Endpoint(ip: Self.address(1), port: 1))]
            )
        )
        #expect(sites.contains(Self.address(1)))
        sites.learn(Identity(key: Bytes32(2, 0, 0, 0)), at: Self.address(2))
        #expect(!sites.contains(Self.address(2)))
        sites.learn(member, at: Self.address(3))
        sites.learn(member, at: Self.address(4))
        #expect(sites.contains(Self.address(1)) && sites.contains(Self.address(4)))
        #expect(!sites.contains(Self.address(3)))
    }

    @Test("of many refusals some are told one by one, and the rest as a number")
    func tally() {
        var tally = RefusalTally()
        let remote = Endpoint(ip: Self.address(1), port: 9)
        let told = (0..<100).count { _ in tally.note(.tooFast, of: remote) }
        #expect(told == RefusalTally.told)
        let isOtherTold = tally.note(.tooManyLinks, of: remote)
        #expect(isOtherTold)
        let summaries = [5, 10, 20].map { tally.summary(at: .zero + .seconds($0)) }
        #expect(
            summaries == [nil, "callers turned away at the door: 92 more (too-fast, the last of 192.0.2.1)", nil]
        )
    }
}
