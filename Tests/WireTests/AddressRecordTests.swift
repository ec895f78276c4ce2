import Foundation
import NIOCore
import Testing

@testable import Wire

@Suite("Address records on the wire")
struct AddressRecordTests {
    private static let home = Endpoint(ip: IPAddress(version4: 0xc000_0201), port: 24_100)

    private static func record(_ endpoints: [Endpoint] = [home]) -> AddressRecord {
        AddressRecord(
            network: "test", identity: Identity(key: Bytes32(1, 2, 3, 4)), endpoints: endpoints, sequence: 7,
            expires: 1_800_000_000_000, signature: Signature(upper: Bytes32(1, 1, 1, 1), lower: Bytes32(2, 2, 2, 2))
        )
    }

    /// A frame of one record, as the closure leaves it.
    private func frameOf(_ change: (inout WireAddressRecord) -> Void) throws -> ByteBuffer {
        try frame(.discovery) {
            var record = WireAddressRecord()
            record.network = "test"
            record.identity = Data(repeating: 1, count: 32)
            record.endpoints = [endpoint([192, 0, 2, 1], 24_100)]
            change(&record)
            $0.addresses.records = [record]
        }
    }

    private func endpoint(_ ip: [UInt8], _ port: UInt32) -> WireEndpoint {
        var endpoint = WireEndpoint()
        endpoint.ip = Data(ip)
        endpoint.port = port
        return endpoint
    }

    @Test("a record without fault is read")
    func plain() throws {
        #expect(try decoded(frameOf { _ in }).count == 1)
    }

    @Test("a message with more records than one answer may have is refused before it is built")
    func tooManyRecords() throws {
        let small = try frame(.discovery) {
            $0.addresses.records = [WireAddressRecord](repeating: WireAddressRecord(), count: Frame.maximumRecords + 1)
        }
        let error = try #require(failure(small))
        #expect(error.code == .outOfRange)
        #expect(error.reason == .badFrame)
        #expect(error.message == "more than 64 records in one message")
    }

    @Test("a record with more endpoints than four is refused before it is built")
    func tooManyEndpoints() throws {
        let many = try frameOf { $0.endpoints = [WireEndpoint](repeating: WireEndpoint(), count: 5) }
        #expect(failure(many)?.message == "more than 4 endpoints in one record")
    }

    @Test("a message over the channel's limit is refused from its header")
    func oversize() throws {
        var header = ByteBuffer()
        header.writeMultipleIntegers(UInt32(64 * 1024 + 2), Wire.Channel.discovery.rawValue)
        #expect(failure(header)?.code == .tooLarge)
    }

    @Test("the largest answer there can be fits its channel")
    func largest() throws {
        let six = Endpoint(ip: IPAddress(version6: .max >> 4, .max), port: .max)
        var record = Self.record([six, six, six, six])
        record.network = String(repeating: "n", count: Frame.maximumNetworkNameBytes)
        record.sequence = .max
        record.expires = .min
        let answer = Message.addresses([AddressRecord](repeating: record, count: Frame.maximumRecords))
        #expect(answer.isEncodable)
        #expect(answer.encodedSize < Channel.discovery.limit / 2)
        #expect(try decoded(encoded(answer)) == [answer])
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
    func undialable(ip: [UInt8], port: UInt32) throws {
        let error = try #require(failure(try frameOf { $0.endpoints = [endpoint(ip, port)] }), "\(ip):\(port)")
        #expect(error.code == .outOfRange)
    }

    @Test("a record without an endpoint, with a long name, a short key or half a signature is refused")
    func badFields() throws {
        let faults: [(String, (inout WireAddressRecord) -> Void)] = [
            ("no endpoint", { $0.endpoints = [] }),
            ("65 bytes", { $0.network = String(repeating: "n", count: 65) }),
            ("has 31 bytes", { $0.identity = Data(repeating: 1, count: 31) }),
            ("a signature has 32 bytes", { $0.signature = Data(repeating: 1, count: 32) }),
        ]
        for (words, fault) in faults {
            let error = try #require(failure(try frameOf(fault)), "\(words)")
            #expect(error.code == .outOfRange)
            #expect(error.message.contains(words), "\(error)")
        }
    }

    @Test("what a receiver would refuse is not sent")
    func notSent() {
        let nowhere = Self.record([Endpoint(ip: IPAddress(version4: 0), port: 24_100)])
        for records in [
            [Self.record([])], [nowhere], [Self.record([Self.home, Self.home, Self.home, Self.home, Self.home])],
            [AddressRecord](repeating: Self.record(), count: 65),
        ] {
            #expect(!Message.addresses(records).isEncodable)
            #expect(encoded(.addresses(records)).readableBytes == 0)
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
        var generator = SeededGenerator(seed: 15)
        let bytes = Self.record().storedBytes
        for _ in 0..<5000 {
            var damaged = bytes
            for _ in 0..<Int.random(in: 1...8, using: &generator) {
                damaged[Int.random(in: 0..<damaged.count, using: &generator)] = UInt8.random(
                    in: 0...255, using: &generator)
            }
            if let record = AddressRecord(storedBytes: damaged) { #expect(record.isWellFormed) }
        }
    }

    @Test("a private address is told from a public one")
    func scope() {
        let local = [
            "127.0.0.1", "10.9.8.7", "172.16.0.1", "192.168.1.1", "169.254.1.1", "100.64.0.1", "::1", "fd00::1",
            "fe80::1",
        ]
        let open = ["192.0.2.1", "172.32.0.1", "100.128.0.1", "192.167.1.1", "2001:db8::1", "198.18.0.1"]
        #expect(local.allSatisfy { IPAddress($0)?.isPrivate == true })
        #expect(open.allSatisfy { IPAddress($0)?.isPrivate == false })
    }
}
