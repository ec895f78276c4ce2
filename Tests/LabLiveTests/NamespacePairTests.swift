import Foundation
import LabLive
import Testing

@Suite(
    "A pair of namespaces",
    .enabled(if: NamespacePair.unavailableReason() == nil, "\(NamespacePair.unavailableReason() ?? "")")
)
struct NamespacePairTests {
    private func ping(_ pair: NamespacePair) -> Bool {
        // A connection to a port where nobody listens is refused at once by a host that is reachable.
        let script = "exec 3<>/dev/tcp/\(NamespacePair.Host.second.address)/9"
        let (program, arguments) = pair.command(on: .first, "/usr/bin/timeout", ["2", "/bin/bash", "-c", script])
        do {
            try Tool.run(program, arguments)
            return true
        } catch {
            return error.message.contains("refused")
        }
    }

    @Test("the hosts reach each other, nothing arrives while packets are dropped, and everything does afterwards")
    func dropAndHeal() throws {
        let pair = try NamespacePair()
        defer { pair.remove() }
        #expect(ping(pair))
        try pair.drop()
        #expect(!ping(pair))
        try pair.heal()
        #expect(ping(pair))
    }

    @Test("a kernel parameter is one host's own")
    func parameters() throws {
        let pair = try NamespacePair()
        defer { pair.remove() }
        try pair.set("net.ipv4.tcp_retries2", to: 5, on: .first)
        let read = { (host: NamespacePair.Host) in
            let (program, arguments) = pair.command(on: host, "/bin/cat", ["/proc/sys/net/ipv4/tcp_retries2"])
            return try Tool.run(program, arguments).trimmingCharacters(in: .whitespacesAndNewlines)
        }
        #expect(try read(.first) == "5")
        #expect(try read(.second) != "5")
    }

    @Test("nothing is left of a pair that was removed")
    func removal() throws {
        let pair = try NamespacePair()
        let name = pair.namespace(.first)
        let ip = try #require(Tool.path(of: "ip"))
        #expect(try Tool.run(ip, ["netns", "list"]).contains(name))
        pair.remove()
        #expect(try !Tool.run(ip, ["netns", "list"]).contains(name))
    }
}
