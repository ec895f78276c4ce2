import Foundation
import LabLive
import Testing

@Suite(
    "A pair of namespaces",
    .enabled(if: NamespacePair.unavailableReason() == nil, "\(NamespacePair.unavailableReason() ?? "")")
)
struct NamespacePairTests {
    /// Whether a connection request of the first host reaches the second: its kernel refuses at once.
    private func reaches(_ pair: NamespacePair) -> Bool {
        let script = "exec 3<>/dev/tcp/\(NamespacePair.Host.second.address)/9"
        let (program, arguments) = pair.command(on: .first, "/bin/bash", ["-c", script])
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
        // Three seconds instead of two minutes for a request without an answer.
        try pair.set("net.ipv4.tcp_syn_retries", to: 1, on: .first)
        #expect(reaches(pair))
        try pair.drop()
        #expect(!reaches(pair))
        try pair.heal()
        #expect(reaches(pair))
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
