import Kernel
import Testing
import Wire

@testable import Links

struct DirectionRuleTests {
    /// The incident's six addresses in the order of their text.
    static let incident = [
        "165.232.154.150", "165.84.215.117", "178.128.199.144", "50.28.104.50", "64.91.241.10", "69.167.168.176",
    ]

    private static func end(_ address: String, port: UInt16 = 24_100, identity: Int? = nil) throws -> DirectionRule.End
    {
        DirectionRule.End(
            endpoint: Endpoint(ip: try #require(IPAddress(address)), port: port),
            identity: identity.map { Fixture.identity($0) }
        )
    }

    @Test("with every rule but none, exactly one end of a pair dials", arguments: DirectionRule.allCases)
    func oneEndDials(_ rule: DirectionRule) {
        var random = RandomStream(seed: 4, name: "pairs")
        for _ in 0..<2000 {
            let ends = (0...1).map { _ in
                DirectionRule.End(
                    endpoint: Endpoint(
                        ip: IPAddress(version4: UInt32(truncatingIfNeeded: random.next()) | 1),
                        port: UInt16(truncatingIfNeeded: random.next())
                    ),
                    identity: Identity(key: Bytes32(random.next(), random.next(), random.next(), random.next()))
                )
            }
            let (forth, back) = (rule.dials(from: ends[0], to: ends[1]), rule.dials(from: ends[1], to: ends[0]))
            #expect(rule == .none ? forth && back : forth != back)
        }
    }

    @Test("two nodes of one address are told apart by their ports", arguments: DirectionRule.allCases)
    func samePlace(_ rule: DirectionRule) throws {
        let first = try Self.end("192.0.2.1", port: 1, identity: 1)
        let second = try Self.end("192.0.2.1", port: 2, identity: 2)
        guard rule != .none else { return }
        #expect(rule.dials(from: first, to: second) != rule.dials(from: second, to: first))
    }

    @Test("text order lets the first of the incident's addresses dial all others, and the last none")
    func textOrder() throws {
        let ends = try Self.incident.map { try Self.end($0) }
        let dials = ends.map { own in ends.count { DirectionRule.lowerAddressText.dials(from: own, to: $0) } }
        #expect(dials == [5, 4, 3, 2, 1, 0])
    }

    @Test("number order turns ten of the incident's fifteen pairs round")
    func numberOrder() throws {
        let ends = try Self.incident.map { try Self.end($0) }
        let dials = ends.map { own in ends.count { DirectionRule.lowerAddress.dials(from: own, to: $0) } }
        #expect(dials == [1, 2, 0, 5, 4, 3])
        var turned = 0
        for first in ends.indices {
            for second in ends.indices where second > first {
                if DirectionRule.lowerAddress.dials(from: ends[second], to: ends[first]) { turned += 1 }
            }
        }
        #expect(turned == 10)
    }

    @Test("the higher address dials exactly where the lower one does not")
    func higher() throws {
        for left in try Self.incident.map({ try Self.end($0) }) {
            for right in try Self.incident.map({ try Self.end($0) }) where left.endpoint != right.endpoint {
                #expect(
                    DirectionRule.higherAddress.dials(from: left, to: right)
                        != DirectionRule.lowerAddress.dials(from: left, to: right)
                )
            }
        }
    }

    @Test(
        "a node that does not know its own address dials",
        arguments: [DirectionRule.lowerAddressText, .lowerAddress, .higherAddress], ["0.0.0.0", "::"]
    )
    func unspecified(_ rule: DirectionRule, _ own: String) throws {
        #expect(rule.dials(from: try Self.end(own), to: try Self.end("192.0.2.1")))
    }

    @Test("a peer whose identity is unknown is dialled", arguments: [DirectionRule.lowerIdentity, .pairHash])
    func unknownIdentity(_ rule: DirectionRule) throws {
        let known = try Self.end("192.0.2.1", identity: 1)
        let bare = try Self.end("192.0.2.2")
        #expect(rule.dials(from: known, to: bare))
        #expect(rule.dials(from: bare, to: known))
    }
}

struct PairHashTests {
    @Test("the choice does not depend on who asks", arguments: [PairHash.Purpose.direction, .glare])
    func symmetric(_ purpose: PairHash.Purpose) {
        for number in 0..<500 {
            let (left, right) = (Fixture.identity(number), Fixture.identity(number + 1000))
            #expect(
                PairHash.chosen(of: left, right, purpose: purpose) == PairHash.chosen(of: right, left, purpose: purpose)
            )
        }
    }

    @Test("over 10,000 pairs the lower key is chosen 49 to 51 times in a hundred, for both purposes")
    func fairShare() {
        var random = RandomStream(seed: 11, name: "keys")
        var lower = [0, 0]
        var alike = 0
        for _ in 0..<10_000 {
            let keys = (0...1).map { _ in
                Identity(key: Bytes32(random.next(), random.next(), random.next(), random.next()))
            }.sorted()
            let chosen = [PairHash.Purpose.direction, .glare].map {
                PairHash.chosen(of: keys[0], keys[1], purpose: $0)
            }
            for index in 0...1 where chosen[index] == keys[0] { lower[index] += 1 }
            if chosen[0] == chosen[1] { alike += 1 }
        }
        for count in lower { #expect((4900...5100).contains(count)) }
        // The purposes choose independently: they agree half the time.
        #expect((4800...5200).contains(alike))
    }

    @Test("keys that differ in one low bit are treated as fairly")
    func nearKeys() {
        var lower = 0
        for number in 0..<4000 {
            let keys = (0...1).map { Identity(key: Bytes32(1, 1, 1, UInt64(2 * number + $0))) }
            if PairHash.chosen(of: keys[0], keys[1], purpose: .direction) == keys[0] { lower += 1 }
        }
        #expect((1880...2120).contains(lower))
    }

    @Test("who wins a crossed dial is part of the wire version: these choices never change")
    func golden() {
        let chosen = (0..<16).map {
            PairHash.chosen(of: Fixture.identity($0), Fixture.identity($0 + 1), purpose: .glare) == Fixture.identity($0)
        }
        #expect(chosen.map { $0 ? "a" : "b" }.joined() == "bbaaaabbbaaaaaba")
    }
}
