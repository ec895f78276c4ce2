import Testing
import Wire

@testable import Kernel

@Suite("Log lines have the shapes that operators grep for") struct EventTextTests {
    typealias Fixture = StatusFixture

    private func messages(_ event: Event, rule: DialRule = .pair) -> [String] {
        EventText(network: Fixture.network, rule: rule).lines(for: event).map(\.message)
    }

    @Test("a peer check") func peerCheck() {
        #expect(
            messages(.peerCheck(connected: 4, masternodes: 6, slots: 50))
                == ["Peer check: 4 connected, 6 active masternodes, 50 total slots"]
        )
    }

    @Test("a dial left to the other end, by the text of the addresses") func skippedByText() throws {
        let own = try #require(Endpoint("69.167.168.176:24100"))
        let peer = try #require(Endpoint("178.128.199.144:24100"))
        #expect(
            messages(.dialLeftToPeer(peer, own: own), rule: .addressText(dialler: .lower)) == [
                "Skipping outbound to 178.128.199.144 "
                    + "(they should connect to us: 69.167.168.176 >= 178.128.199.144)"
            ]
        )
    }

    @Test("a dial left to the other end, by the higher address") func skippedByNumber() {
        #expect(
            messages(
                .dialLeftToPeer(Fixture.endpoint(2), own: Fixture.endpoint(1)), rule: .addressNumber(dialler: .higher))
                == ["Skipping outbound to 10.0.0.2 (they should connect to us: 10.0.0.1 < 10.0.0.2)"]
        )
    }

    @Test("a dial left to the other end, by a rule that compares no addresses") func skippedByPair() {
        #expect(
            messages(.dialLeftToPeer(Fixture.endpoint(2), own: Fixture.endpoint(1)))
                == ["Skipping outbound to 10.0.0.2 (they dial: pair rule)"]
        )
    }

    @Test("a node that nobody can dial is told what to do about it")
    func dialability() {
        let endpoint = Fixture.endpoint(1)
        #expect(
            messages(.dialability(Dialability(endpoint: endpoint, reason: .connectTimeout), peers: 2)) == [
                "Peers cannot dial this node at \(endpoint) (connect-timeout, 2 peers that tried say so): its links are "
                    + "those that it dials itself. Let TCP port \(endpoint.port) through the firewall, forward it at the "
                    + "router, or correct the address in the network file or in 'discovery.gossip.advertise'"
            ])
        #expect(
            messages(.dialability(Dialability(endpoint: endpoint, reason: nil), peers: 1))
                == ["Peers can dial this node at \(endpoint)"])
    }

    @Test("a link that comes up, with the address of the network file") func linkUp() {
        let event = Event.linkUp(LinkID(number: 3), Fixture.friend, Fixture.endpoint(2, port: 50_123), .accepted)
        #expect(messages(event) == ["Connected to peer: 10.0.0.2", "Handshake completed with two"])
        let unknown = Event.linkUp(LinkID(number: 3), Fixture.stranger, Fixture.endpoint(50), .dialled)
        #expect(messages(unknown) == ["Connected to peer: 10.0.0.50", "Handshake completed with 00000000"])
    }

    @Test(
        "a link that ends, with the reason in brackets",
        arguments: [
            (Reason.endOfStream, LinkEnder.peer, "EOF"), (.pingTimeout, .us, "ping-timeout"),
            (.reset, .transport, "reset"), (.shutdown, .peer, "peer said: shutdown"),
        ]
    )
    func linkEnded(reason: Reason, ender: LinkEnder, word: String) {
        let event = Event.linkEnded(
            LinkID(number: 3), Fixture.friend, Fixture.endpoint(2), reason, ender, wasUp: true, direction: .dialled
        )
        #expect(messages(event) == ["Peer 10.0.0.2 disconnected (\(word))"])
        let metadata = EventText(network: Fixture.network).lines(for: event).first?.metadata ?? []
        #expect(metadata.first { $0.key == "reason" }?.value == reason.rawValue)
        #expect(metadata.first { $0.key == "ended_by" }?.value == ender.rawValue)
        #expect(metadata.first { $0.key == "peer" }?.value == Fixture.friend.hex)
    }

    @Test("two masternodes on one host are told apart by their ports") func ports() {
        let network = NetworkView(
            name: "test", genesis: WallTime(milliseconds: 0), slotInterval: .seconds(1), minimumMasternodes: 1,
            masternodes: [
                .init(name: "a", identity: Fixture.own, endpoint: Fixture.endpoint(1, port: 1)),
                .init(name: "b", identity: Fixture.friend, endpoint: Fixture.endpoint(1, port: 2)),
            ]
        )
        let event = Event.dialFailed(LinkID(number: 1), Fixture.endpoint(1, port: 2), .connectTimeout)
        #expect(
            EventText(network: network).lines(for: event).map(\.message)
                == ["Failed to connect to peer: 10.0.0.1:2 (connect-timeout)"]
        )
    }

    @Test("a skipped own slot is a warning with its cause") func skippedSlot() {
        let lines = EventText(network: Fixture.network).lines(for: .ownSlotSkipped(slot: 12, .tooFewMasternodes))
        #expect(lines.map(\.message) == ["Own slot 12 skipped (too-few-masternodes)"])
        #expect(lines.map(\.level) == [.warning])
    }

    @Test("a second process with this node's key is an error that says what to do")
    func identityInUse() {
        let ended = Event.linkEnded(
            LinkID(number: 3), Fixture.friend, Fixture.endpoint(2), .identityInUse, .peer, wasUp: false,
            direction: .dialled
        )
        let lines = EventText(network: Fixture.network).lines(for: ended)
        #expect(lines.map(\.level) == [.error])
        #expect(
            lines.map(\.message) == [
                "Handshake with 10.0.0.2 failed (peer said: identity-in-use): another process runs with this node's key; stop "
                    + "one of the two, and give each node a key of its own"
            ]
        )
    }

    @Test(
        "a masternode of another network is an error, a stranger of one is not",
        arguments: [(UInt32(2), NoteLevel.error), (77, .info)])
    func wrongNetwork(host: UInt32, level: NoteLevel) {
        let text = EventText(network: Fixture.network)
        let caller = Fixture.endpoint(host, port: 50_000)
        let refused = text.lines(for: .refused(LinkID(number: 3), Fixture.friend, caller, .wrongNetwork))
        #expect(refused.map(\.level) == [level])
        #expect(refused.first?.message.contains("compare the two files") == (level == .error))
        let ended = text.lines(
            for: .linkEnded(
                LinkID(number: 3), nil, Fixture.endpoint(host), .wrongNetwork, .peer, wasUp: false, direction: .dialled
            )
        )
        #expect(ended.map(\.level) == [level])
    }
}
