import Testing

@testable import Wire

@Suite("Addresses: text and bytes")
struct AddressTests {
    @Test("addresses come back from their text", arguments: ["127.0.0.1:24100", "[::1]:1", "[2001:db8::a]:65535"])
    func text(endpoint: String) {
        #expect(Endpoint(endpoint)?.description == endpoint)
    }

    @Test(
        "text that only looks like an address is refused",
        arguments: [
            "", ":", "1.2.3.4", "1.2.3.4:", "1.2.3.4:+80", "1.2.3.4:-1", "1.2.3.4:65536", "[1.2.3.4]:80", "::1:80",
            "[::1]", "[]:80", "host:80", "1.2.3.4\0:80", "1.2.3.4\0x:80", " 1.2.3.4:80", "[fe80::1%lo]:80",
        ])
    func bad(endpoint: String) {
        #expect(Endpoint(endpoint) == nil)
    }

    @Test("an IPv4 address that is written as one of IPv6 is the IPv4 address")
    func mapped() {
        #expect(IPAddress("::ffff:192.0.2.7") == IPAddress("192.0.2.7"))
        #expect(Endpoint("[::ffff:c000:207]:80") == Endpoint("192.0.2.7:80"))
        #expect(IPAddress("::192.0.2.7")?.isVersion6 == true)
    }

    @Test("addresses come back from their bytes, in network order")
    func bytes() throws {
        let four = try #require(IPAddress("1.2.3.4"))
        #expect(four.bytes == [1, 2, 3, 4])
        #expect(IPAddress(bytes: four.bytes) == four)
        let six = try #require(IPAddress("2001:db8::102"))
        #expect(six.bytes == [0x20, 1, 0x0D, 0xB8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2])
        #expect(IPAddress(bytes: six.bytes) == six)
        for count in [0, 3, 5, 15, 17] { #expect(IPAddress(bytes: [UInt8](repeating: 1, count: count)) == nil) }
    }

    @Test("thirty-two bytes come back from their bytes and their digits")
    func bytes32() throws {
        var generator = SeededGenerator(seed: 8)
        for _ in 0..<100 {
            let value = Bytes32(generator.next(), generator.next(), generator.next(), generator.next())
            #expect(Bytes32(value.bytes) == value)
            #expect(Bytes32(hex: value.hex) == value)
        }
        #expect(Bytes32([UInt8](repeating: 0, count: 31)) == nil)
        #expect(Bytes32(hex: String(repeating: "g", count: 64)) == nil)
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
