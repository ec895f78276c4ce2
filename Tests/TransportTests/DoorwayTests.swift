import Testing
import Wire

@testable import Transport

@Suite struct DoorwayTests {
    private static func connection(_ serial: UInt64, from host: UInt32, ofMasternode: Bool = false) -> LinkConnection {
        let remote = Endpoint(ip: address(host), port: UInt16(1_000 + serial))
        let connection = LinkConnection(
            serial: serial, direction: .accepted, id: nil, remote: remote, expected: nil, sendLimit: 1
        )
        connection.isOfMasternode = ofMasternode
        return connection
    }

    private static func address(_ host: UInt32) -> IPAddress { IPAddress(version4: 10 << 24 | host) }

    @Test("within a network the oldest of the loudest address gives way, to one that is left with fewer even so")
    func loudest() {
        var door = Doorway()
        for serial in UInt64(1)...2 { door.enter(Self.connection(serial, from: 1)) }
        for serial in UInt64(3)...5 { door.enter(Self.connection(serial, from: 2)) }
        #expect(door.makesWay(for: Self.address(3), ofMasternode: false)?.serial == 3)
        // One with one of its own would have as many as the loudest is left with.
        #expect(door.makesWay(for: Self.address(1), ofMasternode: false) == nil)
        #expect(door.makesWay(for: Self.address(2), ofMasternode: false) == nil)
    }

    @Test("a network full of addresses with one connection each gives way to another network, not to a neighbour")
    func network() {
        var door = Doorway()
        for serial in UInt64(1)...3 { door.enter(Self.connection(serial, from: 256 + UInt32(serial))) }
        door.enter(Self.connection(4, from: 1))
        #expect(door.makesWay(for: Self.address(513), ofMasternode: false)?.serial == 1)
        #expect(door.makesWay(for: Self.address(2), ofMasternode: false)?.serial == 1)
        #expect(door.makesWay(for: Self.address(300), ofMasternode: false) == nil)
    }

    @Test("of two addresses with as many, the one gives way whose oldest came first")
    func tie() {
        var door = Doorway()
        for (serial, host) in [(1, 2), (2, 1), (3, 1), (4, 2)] as [(UInt64, UInt32)] {
            door.enter(Self.connection(serial, from: host))
        }
        #expect(door.makesWay(for: Self.address(3), ofMasternode: false)?.serial == 1)
    }

    @Test("strangers give way to any masternode, and masternodes to none of the strangers")
    func masternodes() {
        var door = Doorway()
        let stranger = Self.connection(1, from: 1)
        for serial in UInt64(2)...4 { door.enter(Self.connection(serial, from: 9, ofMasternode: true)) }
        #expect(door.makesWay(for: Self.address(1), ofMasternode: false) == nil)
        door.enter(stranger)
        #expect(door.makesWay(for: Self.address(9), ofMasternode: true) === stranger)
        door.leave(stranger)
        #expect(door.makesWay(for: Self.address(8), ofMasternode: true)?.serial == 2)
    }

    @Test("a place is given and taken back once")
    func places() {
        var door = Doorway()
        let (first, second) = (Self.connection(1, from: 1), Self.connection(2, from: 1, ofMasternode: true))
        for connection in [first, first, second] { door.enter(connection) }
        #expect((door.count, door.countOfMasternodes) == (2, 1))
        for connection in [second, second, first] { door.leave(connection) }
        #expect((door.count, door.countOfMasternodes) == (0, 0))
        #expect(door.makesWay(for: Self.address(1), ofMasternode: true) == nil)
    }
}
