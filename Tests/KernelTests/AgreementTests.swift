import Profile
import Testing
import Wire

@testable import Kernel

@Suite("What all nodes of a network must hold alike")
struct AgreementTests {
    private func network(
        members: Int = 3, at endpoint: Endpoint? = nil, _ change: (inout NetworkView) -> Void = { _ in }
    ) -> NetworkView {
        var network = NetworkView(
            name: "test", genesis: WallTime(milliseconds: 1000), slotInterval: .seconds(10), minimumMasternodes: 2,
            masternodes: (0..<members).map { number in
                .init(name: "m\(number)", identity: Identity(key: Bytes32(UInt64(number), 7, 7, 7)), endpoint: endpoint)
            }
        )
        change(&network)
        return network
    }

    private func agreement(_ network: NetworkView, _ modules: [AgreedValue] = []) -> Agreement {
        Agreement(network: network, modules: modules)
    }

    @Test("nodes that differ name the first value in which they do, both the same one")
    func firstDifference() {
        let here = agreement(network(), [AgreedValue(name: "consensus", text: "slot-leader")])
        let others: [(String, Agreement)] = [
            ("genesis", agreement(network { $0.genesis = WallTime(milliseconds: 0) })),
            ("slot_interval", agreement(network { $0.slotInterval = .seconds(11) })),
            ("quorum", agreement(network { $0.quorum = Quorum("3/4") ?? .twoThirds })),
            ("minimum_masternodes", agreement(network { $0.minimumMasternodes = 1 })),
            ("masternodes", agreement(network(members: 4))),
            ("consensus", agreement(network(), [AgreedValue(name: "consensus", text: "votes")])),
            ("consensus", agreement(network())),
        ]
        for (name, other) in others {
            #expect(here.firstDifference(from: other) == name)
            #expect(other.firstDifference(from: here) == name)
        }
        #expect(here.firstDifference(from: here) == nil)
    }

    @Test("where masternodes are, what they are called and where to begin is each node's own matter")
    func ownMatter() {
        let other = NetworkView(
            name: "test", genesis: WallTime(milliseconds: 1000), slotInterval: .seconds(10), minimumMasternodes: 2,
            masternodes: network().masternodes.reversed().map {
                .init(
                    name: "other", identity: $0.identity,
                    endpoint: Endpoint(ip: IPAddress(version4: 0xc000_0201), port: 1))
            },
            bootstrap: [Endpoint(ip: IPAddress(version4: 0xc000_0202), port: 1)]
        )
        #expect(agreement(other) == agreement(network()))
    }

    @Test("a text cannot move from one value to the next, and more values than a message carries still count")
    func many() {
        let values = (0..<60).map { AgreedValue(name: "consensus.option_\($0)", text: "1") }
        let here = agreement(network(), values)
        #expect(here.values.count == Agreement.maximumValues)
        var changed = values
        changed[59].text = "2"
        let other = agreement(network(), changed)
        #expect(here.digest != other.digest)
        #expect(here.firstDifference(from: other)?.contains("not among the first 32") == true)
        let split = agreement(network(), [AgreedValue(name: "ab", text: "c"), AgreedValue(name: "d", text: "")])
        let joined = agreement(network(), [AgreedValue(name: "a", text: "bc"), AgreedValue(name: "d", text: "")])
        #expect(split.digest != joined.digest)
    }

    @Test("the line names the value and the file to look at")
    func line() throws {
        let remote = Endpoint(ip: IPAddress(version4: 0xc000_0209), port: 5)
        let stranger = Endpoint(ip: IPAddress(version4: 0xc000_020a), port: 5)
        let text = EventText(network: network(at: remote))
        let peer = network().masternodes[1].identity
        func line(_ value: String, _ identity: Identity?, at remote: Endpoint) -> EventText.Line? {
            text.lines(for: .agreementDiffers(LinkID(number: 1), identity, remote, value: value)).first
        }
        let known = try #require(line("slot_interval", peer, at: remote))
        #expect(known.level == .error)
        #expect(known.message.contains("'slot_interval'") && known.message.contains("compare the network file"))
        // The address counts, not what a caller claims to be.
        #expect(line("consensus.max_block_bytes", peer, at: stranger)?.level == .info)
        #expect(line("consensus.max_block_bytes", nil, at: stranger)?.message.contains("compare the profile") == true)
    }
}
