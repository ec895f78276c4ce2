import Testing
import Wire

@Suite("Host names with a port") struct HostNameTests {
    @Test(
        "names that the domain name system can hold are read, in lower case and without a dot at the end",
        arguments: [
            ("seed.example.org:24100", "seed.example.org:24100"), ("LW-London:1", "lw-london:1"),
            ("a.:65535", "a:65535"), ("3com.example:7", "3com.example:7"),
            ("xn--mnchen-3ya.de:9", "xn--mnchen-3ya.de:9"),
        ])
    func good(text: String, expected: String) {
        #expect(HostName(text)?.description == expected)
    }

    @Test(
        "addresses, broken names, and ports that nobody can dial are not",
        arguments: [
            "192.0.2.1:24100", "[2001:db8::1]:24100", "1.2.3:4", "seed", "seed:", "seed:0", "seed:65536", "seed:+1",
            ":24100", ".:24100", "a..b:1", "-a.b:1", "a-.b:1", "a_b.c:1", "a b:1", "münchen.de:1", "a\u{0}b:1",
            String(repeating: "a", count: 64) + ".b:1",
            String(repeating: "abc.", count: 64) + "d:1",
        ])
    func bad(text: String) {
        #expect(HostName(text) == nil)
    }

    @Test("the longest name there is")
    func longest() {
        let name = String(repeating: "abc.", count: 63) + "d"
        #expect(HostName(name: name, port: 1)?.name.utf8.count == 253)
    }
}
