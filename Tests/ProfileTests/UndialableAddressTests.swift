import Profile
import Testing

@Suite("Addresses in a network file that nobody can dial") struct UndialableAddressTests {
    private func problems(_ hosts: [String], bootstrap: String = "[]") -> [String] {
        let members = hosts.enumerated().map { index, host in
            let identity = String(repeating: "abcdef0123"[index], count: 64)
            return "  - {name: n\(index), identity: '\(identity)', host: '\(host)', port: 24100}\n"
        }
        let text = """
            name: testnet
            genesis: 2025-12-17T00:00:00Z
            slot_interval: 10m
            quorum: 2/3
            minimum_masternodes: 1
            masternodes:
            \(members.joined())bootstrap: \(bootstrap)

            """
        return NetworkDescription.load(text: text, name: "network.yaml").diagnostics.map(\.message)
    }

    @Test("hosts and names that can be dialled are taken")
    func taken() { #expect(problems(["192.0.2.1", "2001:db8::1", "one.example", "127.0.0.1"]) == []) }

    @Test(
        "each of the others is refused at its place, with why",
        arguments: [
            ("0.0.0.0", "stands for this host"), ("0.1.2.3", "stands for this host"), ("::", "stands for this host"),
            ("224.0.0.1", "multicast"), ("239.255.255.255", "multicast"), ("ff02::1", "multicast"),
            ("::ffff:224.0.0.1", "multicast"), ("240.0.0.1", "reserved"), ("255.255.255.255", "broadcast"),
        ]
    )
    func refused(host: String, why: String) {
        let found = problems(["192.0.2.1", host])
        #expect(found.count == 1 && found[0].contains("masternodes[1].host: ") && found[0].contains(why), "\(found)")
        let place = host.contains(":") ? "[\(host)]" : host
        let bootstrap = problems(["192.0.2.1"], bootstrap: "['\(place):24100']")
        #expect(bootstrap.count == 1 && bootstrap[0].contains("bootstrap[0]: "), "\(bootstrap)")
    }

    @Test("one address in two spellings, and one name in two, is one place")
    func spellings() {
        for pair in [
            ["192.0.2.1", "::ffff:192.0.2.1"], ["One.example", "one.example"], ["one.example", "one.example."],
        ] {
            let found = problems(pair)
            #expect(found.count == 1 && found[0].contains("is already that of masternodes[0]"), "\(found)")
        }
    }
}

extension String {
    fileprivate subscript(place: Int) -> Character { self[index(startIndex, offsetBy: place)] }
}
