import NIOHTTP1
import Profile
import Testing
import Wire

@testable import Kernel
@testable import RPC

@Suite("For whom a request may be") struct RequestJudgeTests {
    private static let local = IPAddress("192.0.2.10")

    private func code(
        host: String, allowed: [String] = [], listen: String = "0.0.0.0", local: IPAddress? = Self.local
    ) throws -> UInt? {
        let judge = RequestJudge(hosts: AllowedHosts(allowed, listen: try #require(IPAddress(listen))))
        let head = HTTPRequestHead(version: .http1_1, method: .GET, uri: "/status", headers: ["Host": host])
        return judge.refusal(of: head, at: local, isForHealthAlone: false)?.status.code
    }

    @Test(
        "this host is asked by its own names and addresses",
        arguments: [
            "localhost", "LocalHost:8332", "localhost.", "node.localhost", "127.0.0.1", "127.0.0.1:8332", "127.9.9.9",
            "[::1]", "[::1]:8332", "192.0.2.10", "192.0.2.10:80", "[::ffff:192.0.2.10]:80",
        ]
    )
    func own(host: String) throws { #expect(try code(host: host) == nil) }

    @Test(
        "a name that somebody else can have point here is refused",
        arguments: [
            "page.example", "page.example:8332", "127.0.0.1.page.example", "localhost.page.example", "198.51.100.1",
            "notlocalhost", "[2001:db8::1]", "0.0.0.0",
        ]
    )
    func others(host: String) throws { #expect(try code(host: host) == 403) }

    @Test(
        "what is no host is malformed",
        arguments: [
            "", ":80", "a b", "localhost:", "localhost:99999", "localhost:+80", "[::1]:-0", "[::1", "a/b",
            "user@localhost", "[x]", "ex√.org",
        ]
    )
    func malformed(host: String) throws { #expect(try code(host: host) == 400) }

    @Test("the operator may allow names, addresses, or everything")
    func allowed() throws {
        let options = HTTPServerOptions(
            listen: Endpoint(ip: IPAddress(version4: 0), port: 1), allowedHosts: ["Node.Example.ORG", "198.51.100.1"]
        )
        for host in ["node.example.org", "NODE.example.org:443", "198.51.100.1"] {
            #expect(try code(host: host, allowed: options.allowedHosts) == nil)
        }
        #expect(try code(host: "other.example.org", allowed: options.allowedHosts) == 403)
        #expect(try code(host: "other.example.org", allowed: ["*"]) == nil)
        #expect(try code(host: "a b", allowed: ["*"]) == 400)
    }

    @Test("the address that is listened on is one by which it is asked, whatever the system says of the connection")
    func listened() throws {
        #expect(try code(host: "192.0.2.77:80", listen: "192.0.2.77", local: nil) == nil)
        #expect(try code(host: "192.0.2.78:80", listen: "192.0.2.77", local: nil) == 403)
    }

    @Test("a list of hosts takes names and addresses without a port")
    func options() throws {
        let spec = HTTPServer.descriptor.spec.options
        let defaults = try Options.defaults(of: spec)
        #expect(try HTTPServerOptions(defaults).allowedHosts.isEmpty)
        for (text, isGood) in [("node.example.org", true), ("*", true), ("::1", true), ("a:80", false), ("a b", false)]
        {
            let problems = spec.check?(defaults.setting("allowed_hosts", to: .list([.string(text)]))) ?? []
            #expect(problems.isEmpty == isGood, "\(text)")
        }
    }
}
