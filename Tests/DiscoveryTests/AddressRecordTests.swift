import Testing
import Wire

@testable import Discovery

@Suite("Address records on the wire")
struct AddressRecordTests {
    private static let home = Endpoint(ip: IPAddress(version4: 0xc000_0201), port: 24_100)

    private static func record(_ endpoints: [Endpoint] = [home]) -> AddressRecord {
        AddressRecord(
            network: "test", identity: Identity(key: Bytes32(1, 2, 3, 4)), endpoints: endpoints, sequence: 7,
            expires: 1_800_000_000_000, signature: Signature(upper: Bytes32(1, 1, 1, 1), lower: Bytes32(2, 2, 2, 2))
        )
    }

    private static func field(_ number: UInt8, _ content: [UInt8]) -> [UInt8] {
        [number << 3 | 2, UInt8(content.count & 127 | (content.count > 127 ? 128 : 0))]
            + (content.count > 127 ? [UInt8(content.count >> 7)] : []) + content
    }

    private static func endpoint(_ ip: [UInt8], _ port: UInt32) -> [UInt8] {
        var bytes = field(1, ip)
        if port > 0 { bytes += [16, UInt8(port & 127 | 128), UInt8(port >> 7 & 127 | 128), UInt8(port >> 14)] }
        return field(3, bytes)
    }

    /// The body of a message with one record of these fields.
    private static func body(
        network: String = "test", identity: [UInt8] = [UInt8](repeating: 1, count: 32),
        endpoints: [UInt8] = endpoint([192, 0, 2, 1], 24_100), signature: [UInt8] = []
    ) -> [UInt8] {
        field(1, field(1, Array(network.utf8)) + field(2, identity) + endpoints + field(6, signature))
    }

    private func fault(_ body: [UInt8]) -> MessageFault? {
        let raw = RawEnvelope(channel: .discovery, scope: GossipMessage.scope.number, kind: 2, body: body)
        do throws(MessageFault) {
            _ = try raw.withBody { reader throws(MessageFault) in
                _ = try GossipMessage.read(.addresses, from: &reader)
            }
            return nil
        } catch {
            return error
        }
    }

    private func body(_ message: GossipMessage) -> [UInt8] {
        if case .module(let envelope) = Message(message) { envelope.body } else { [] }
    }

    @Test("a record without fault is read")
    func plain() { #expect(fault(Self.body()) == nil) }

    @Test("a message with more records than one answer may have is refused, and empty ones at the first")
    func tooManyRecords() throws {
        let most = [AddressRecord](repeating: Self.record(), count: GossipMessage.maximumRecords)
        #expect(fault(body(.addresses(most))) == nil)
        let many = try #require(fault(body(.addresses(most + [Self.record()]))))
        #expect(many.code == .outOfRange)
        #expect(many.reason == .badFrame)
        #expect(many.message == "more than 64 records in one message")
        #expect(fault((0..<60_000).map { $0 % 2 == 0 ? 10 : 0 })?.code == .outOfRange)
    }

    @Test("a record with more endpoints than four is refused")
    func tooManyEndpoints() {
        let many = (0..<5).flatMap { _ in Self.endpoint([192, 0, 2, 1], 24_100) }
        #expect(fault(Self.body(endpoints: many))?.message == "more than 4 endpoints in one record")
    }

    @Test("the largest answer there can be fits its channel")
    func largest() throws {
        let six = Endpoint(ip: IPAddress(version6: .max >> 4, .max), port: .max)
        var record = Self.record([six, six, six, six])
        record.network = String(repeating: "n", count: Frame.maximumNetworkNameBytes)
        record.sequence = .max
        record.expires = .min
        let answer = GossipMessage.addresses([AddressRecord](repeating: record, count: GossipMessage.maximumRecords))
        #expect(Message(answer).isEncodable)
        #expect(Message(answer).encodedSize < Channel.discovery.limit / 2)
        #expect(fault(body(answer)) == nil)
    }

    @Test(
        "an endpoint that nobody can dial is refused",
        arguments: [
            ([127, 0, 0, 1], 0), ([0, 0, 0, 0], 1), ([0, 1, 2, 3], 1), ([224, 0, 0, 1], 1), ([255, 255, 255, 255], 1),
            ([UInt8](repeating: 0, count: 16), 1), ([0xff, 2] + [UInt8](repeating: 0, count: 13) + [1], 1),
            ([UInt8](repeating: 0, count: 10) + [0xff, 0xff, 192, 0, 2, 1], 1),
            ([UInt8](repeating: 0, count: 12) + [192, 0, 2, 1], 1), ([192, 0, 2], 1), ([192, 0, 2, 1], 65_536),
        ] as [([UInt8], UInt32)]
    )
    func undialable(ip: [UInt8], port: UInt32) {
        #expect(fault(Self.body(endpoints: Self.endpoint(ip, port)))?.code == .outOfRange, "\(ip):\(port)")
    }

    @Test("a record without an endpoint, with a long name, a short key or half a signature is refused")
    func badFields() throws {
        let bodies = [
            ("no endpoint", Self.body(endpoints: [])),
            ("65 bytes", Self.body(network: String(repeating: "n", count: 65))),
            ("has 31 bytes", Self.body(identity: [UInt8](repeating: 1, count: 31))),
            ("has 32 bytes", Self.body(signature: [UInt8](repeating: 1, count: 32))),
        ]
        for (words, body) in bodies {
            let found = try #require(fault(body), "\(words)")
            #expect(found.code == .outOfRange)
            #expect(found.message.contains(words), "\(found)")
        }
    }

    @Test("a record of a key for which anybody can sign is none, be it sent or stored")
    func weakKeys() throws {
        let neutral = [1] + [UInt8](repeating: 0, count: 31)
        let second = [0xed] + [UInt8](repeating: 0xff, count: 30) + [0x7f]
        for bytes in [[UInt8](repeating: 0, count: 32), neutral, second] {
            let found = try #require(fault(Self.body(identity: bytes)))
            #expect(found.code == .outOfRange)
            #expect(found.message.contains("no public key"))
            var record = Self.record()
            record.identity = Identity(key: try #require(Bytes32(bytes)))
            #expect(AddressRecord(storedBytes: record.storedBytes) == nil)
        }
    }

    @Test("what a receiver would refuse is not sent")
    func notSent() {
        let nowhere = Self.record([Endpoint(ip: IPAddress(version4: 0), port: 24_100)])
        for records in [
            [Self.record([])], [nowhere], [Self.record([Self.home, Self.home, Self.home, Self.home, Self.home])],
            [AddressRecord](repeating: Self.record(), count: 65),
        ] {
            #expect(!Message(GossipMessage.addresses(records)).isEncodable)
        }
    }

    @Test("every field changes the signed bytes, and a byte cannot move from one field to the next")
    func signedBytes() {
        let record = Self.record()
        var others = [AddressRecord](repeating: record, count: 5)
        others[0].network = "testt"
        others[1].identity = Identity(key: Bytes32(1, 2, 3, 5))
        others[2].endpoints = [Endpoint(ip: Self.home.ip, port: 24_101)]
        others[3].sequence = 8
        others[4].expires += 1
        for other in others { #expect(other.signedBytes != record.signedBytes) }
        #expect(Self.record([Self.home, Self.home]).signedBytes != record.signedBytes)
    }

    @Test("a stored record reads back, and one that is cut off or goes on does not")
    func stored() {
        let six = Endpoint(ip: IPAddress(version6: 0x2001_0db8 << 32, 5), port: 1)
        let record = Self.record([Self.home, six])
        let bytes = record.storedBytes
        #expect(AddressRecord(storedBytes: bytes) == record)
        for count in 0..<bytes.count { #expect(AddressRecord(storedBytes: bytes.prefix(count)) == nil) }
        #expect(AddressRecord(storedBytes: bytes + [0]) == nil)
    }

    @Test("stored bytes that were damaged are no record or another one, never a crash")
    func damaged() {
        var state: UInt64 = 15
        func draw(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        let bytes = Self.record().storedBytes
        for _ in 0..<5000 {
            var damaged = bytes
            for _ in 0...draw(8) { damaged[draw(damaged.count)] = UInt8(draw(256)) }
            if let record = AddressRecord(storedBytes: damaged) { #expect(record.isWellFormed) }
        }
    }
}
