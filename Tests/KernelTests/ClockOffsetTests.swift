import Profile
import Testing
import Wire

@testable import Kernel

@Suite("The clock beside its peers'")
struct ClockOffsetTests {
    private static let network = NetworkView(
        name: "test", genesis: WallTime(milliseconds: 0), slotInterval: .seconds(10), minimumMasternodes: 1,
        masternodes: (1...5).map { .init(name: "m\($0)", identity: identity($0), endpoint: nil) }
    )

    private static func identity(_ number: Int) -> Identity { Identity(key: Bytes32(UInt64(number), 7, 7, 7)) }

    /// A link that is up, whose peer's clock showed `wall` when ours stood at zero.
    private func link(_ peer: Int, origin wall: Int64, uncertainty: Duration = .zero) -> Link {
        Link(
            id: LinkID(number: UInt64(peer)), direction: .dialled,
            remote: Endpoint(ip: IPAddress(version4: 0xc000_0201), port: 1), expected: nil, openedAt: .zero,
            peer: Self.identity(peer), phase: .up,
            peerClock: PeerClock(origin: WallTime(milliseconds: wall), uncertainty: uncertainty)
        )
    }

    private func offset(_ links: [Link], wall: Int64, now: Instant = .zero) -> ClockOffset? {
        ClockOffset(links: links, network: Self.network, now: now, wall: WallTime(milliseconds: wall))
    }

    @Test("a clock that was read is taken for half a round trip old")
    func reading() throws {
        let now = Instant.zero + .seconds(10)
        let clock = try #require(PeerClock(reading: 50_000, at: now, roundTrip: .milliseconds(400)))
        #expect(clock.origin == WallTime(milliseconds: 40_200))
        #expect(clock.uncertainty == .milliseconds(200))
    }

    @Test("no number that a peer can send ends the process", arguments: [Int64.min, .max, 1 << 60, -1 << 60, 0])
    func extremes(wall: Int64) {
        for now in [Instant.zero, .never, Instant.zero + .seconds(1 << 30)] {
            let clock = PeerClock(reading: wall, at: now, roundTrip: .seconds(5))
            #expect((clock == nil) == (wall.magnitude > 1 << 52))
        }
        for own in [Int64.min, .max, 0] {
            _ = offset([link(1, origin: (1 << 52) - 1)], wall: own, now: .never)
            _ = offset([link(1, origin: -1 << 52)], wall: own)
        }
    }

    @Test("the offset is this host's clock less the median of its peers'")
    func median() {
        let links = [link(1, origin: 1000), link(2, origin: 1100), link(3, origin: 90_000)]
        #expect(offset(links, wall: 21_100) == ClockOffset(offset: .seconds(20), peers: 3))
        #expect(offset(links, wall: 31_100, now: .zero + .seconds(30)) == ClockOffset(offset: .zero, peers: 3))
        #expect(offset([link(1, origin: 1000), link(2, origin: 3000)], wall: 0)?.offset == .seconds(-2))
        #expect(offset([], wall: 5) == nil)
    }

    @Test("where the network has masternodes they alone are asked: anybody can be ten strangers")
    func strangers() {
        let strangers = (11...20).map { link($0, origin: 500_000) }
        let members = (1...3).map { link($0, origin: 1000) }
        #expect(offset(members + strangers, wall: 1000) == ClockOffset(offset: .zero, peers: 3))
        #expect(offset(members.dropLast() + strangers, wall: 1000) == ClockOffset(offset: .zero, peers: 2))
        #expect(offset(strangers, wall: 1000) == nil)
    }

    @Test("a clock that was read in a long round trip says nothing")
    func uncertain() {
        let slow = link(1, origin: 0, uncertainty: .milliseconds(1001))
        #expect(offset([slow], wall: 60_000) == nil)
        #expect(offset([slow, link(2, origin: 0)], wall: 60_000)?.peers == 1)
    }

    @Test("a wrong clock is told once, and once that it is right again")
    func told() {
        var watch = ClockWatch()
        func look(_ offset: Duration, peers: Int = 3) -> Bool {
            let found = ClockOffset(offset: offset, peers: peers)
            return watch.look(at: found, enough: 3, now: .zero, wall: WallTime(milliseconds: 0)) != nil
        }
        #expect(!look(.milliseconds(999)))
        #expect(!look(.seconds(20), peers: 2))
        #expect(look(.seconds(-20)) && watch.isWrong)
        #expect(!look(.seconds(-21)))
        #expect(!look(.milliseconds(700)))
        #expect(look(.milliseconds(-499)) && !watch.isWrong)
    }

    @Test("a wall clock that is set is looked at again, one that goes on is not")
    func moved() {
        var watch = ClockWatch()
        let start = WallTime(milliseconds: 1_000_000)
        #expect(!watch.hasMoved(now: .zero, wall: start))
        _ = watch.look(at: nil, enough: 1, now: .zero, wall: start)
        let later = Instant.zero + .seconds(60)
        #expect(!watch.hasMoved(now: later, wall: WallTime(milliseconds: 1_060_100)))
        #expect(watch.hasMoved(now: later, wall: WallTime(milliseconds: 1_080_000)))
        #expect(watch.hasMoved(now: later, wall: WallTime(milliseconds: .min)))
    }

    @Test("the line says which way the clock is wrong, by how much, and what to do")
    func line() {
        let text = EventText(network: Self.network)
        func line(_ seconds: Int64, peers: Int = 5, isWrong: Bool = true) -> EventText.Line? {
            text.lines(for: .clockOffset(ClockOffset(offset: .seconds(seconds), peers: peers), isWrong: isWrong)).first
        }
        #expect(line(20)?.level == .warning)
        #expect(line(20)?.message.hasPrefix("This host's clock is 20s ahead of the median clock of 5 peers.") == true)
        #expect(line(20)?.message.contains("NTP") == true)
        #expect(line(-3, peers: 1)?.message.contains("3s behind the clock of the only linked peer") == true)
        #expect(line(0, isWrong: false)?.level == .info)
    }

    @Test("the longest name of a network is the same in its file and on the wire")
    func networkName() {
        #expect(NetworkDescription.maximumNameBytes == Frame.maximumNetworkNameBytes)
    }
}
