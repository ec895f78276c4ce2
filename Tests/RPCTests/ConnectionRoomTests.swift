import NIOCore
import NIOEmbedded
import NIOHTTP1
import Testing
import Wire

@testable import RPC

@Suite("Places of a server's connections") struct ConnectionRoomTests {
    private let room = ConnectionRoom()

    private func connection() throws -> EmbeddedChannel {
        let channel = EmbeddedChannel()
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        return channel
    }

    /// So many connections that enter one after another, with the places that they got.
    private func enter(_ count: Int) throws -> [(channel: EmbeddedChannel, place: ConnectionRoom.Place?)] {
        try (0..<count).map { _ in
            let channel = try connection()
            return (channel, room.enter(channel))
        }
    }

    @Test("who has waited longest gives way to a newcomer")
    func eviction() throws {
        let first = try enter(ConnectionRoom.places)
        #expect(first.allSatisfy { $0.place?.isForHealthAlone == false })
        // The first has a request, so that the second is the one that has waited longest.
        room.note(try #require(first[0].place), isWaiting: false)
        let newcomer = try enter(1)[0]
        #expect(newcomer.place?.isForHealthAlone == false)
        #expect(first[0].channel.isActive && !first[1].channel.isActive && first[2].channel.isActive)
        #expect(newcomer.channel.isActive)
    }

    @Test("where all are served, newcomers are for health alone, and beyond those there is no place")
    func reserve() throws {
        for guest in try enter(ConnectionRoom.places) { room.note(try #require(guest.place), isWaiting: false) }
        let reserve = try enter(ConnectionRoom.placesForHealth)
        #expect(reserve.allSatisfy { $0.place?.isForHealthAlone == true })
        for guest in reserve { room.note(try #require(guest.place), isWaiting: false) }
        #expect(try enter(1)[0].place == nil)
        room.leave(try #require(reserve[3].place))
        #expect(try enter(1)[0].place?.isForHealthAlone == true)
    }

    @Test("a place that is given back is there for the next one")
    func leaving() throws {
        let guests = try enter(ConnectionRoom.places)
        for guest in guests { room.note(try #require(guest.place), isWaiting: false) }
        room.leave(try #require(guests[7].place))
        #expect(try enter(1)[0].place?.isForHealthAlone == false)
    }

    @Test("a room that closes lets everybody go and takes nobody in")
    func closing() throws {
        let guests = try enter(3)
        room.close()
        #expect(guests.allSatisfy { !$0.channel.isActive })
        #expect(try enter(1)[0].place == nil)
    }

    @Test(
        "a place for health checks is for them alone",
        arguments: [
            ("/health", true), ("/health/", true), ("/health/ready?x", true), ("http://localhost/health/live", true),
            ("/status", false), ("/healthy", false), ("/", false),
        ])
    func health(path: String, isServed: Bool) throws {
        let judge = RequestJudge(hosts: AllowedHosts([], listen: IPAddress(version4: 0x7f00_0001)))
        let head = HTTPRequestHead(version: .http1_1, method: .GET, uri: path, headers: ["Host": "localhost"])
        let refusal = judge.refusal(of: head, at: nil, isForHealthAlone: true)
        #expect((refusal == nil) == isServed)
        #expect(refusal.map { $0.status == .serviceUnavailable } ?? true)
        #expect(judge.refusal(of: head, at: nil, isForHealthAlone: false) == nil)
    }
}
