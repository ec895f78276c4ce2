import Foundation
import Kernel
import Profile
import Testing

@testable import TimenodeCommands

@Suite("config") struct ConfigCommandTests {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func standardProfile() throws -> String { try directory.write(StandardProfile.text, to: "node.yaml") }

    @Test("the profile that ships passes, with a warning while its network file is missing")
    func shippedProfilePasses() async throws {
        let path = try standardProfile()
        let run = await CommandRun.of("config", "check", path)
        #expect(run.status == 0)
        #expect(run.output.hasPrefix("\(path): ok (transport tcp, links single-link"))
        #expect(run.errors.contains("node.yaml:3:17: warning: the network file"))
        #expect(run.errors.contains("1 problem (1 warning)."))
    }

    @Test("a profile with an error is refused with exit status 64, and the good one beside it still passes")
    func faultyProfile() async throws {
        let good = try standardProfile()
        let bad = try directory.write(
            StandardProfile.text.replacingOccurrences(of: "layered", with: "layerred"), to: "bad.yaml"
        )
        let run = await CommandRun.of("config", "check", bad, good)
        #expect(run.status == 64)
        #expect(run.errors.contains("did you mean 'layered'?"))
        #expect(run.errors.contains("Nothing was started."))
        #expect(run.output.contains("\(good): ok"))
        #expect(!run.output.contains("\(bad): ok"))
    }

    @Test("JSON names every problem with its place")
    func checkAsJSON() async throws {
        let path = try directory.write("modules: {}\n", to: "empty.yaml")
        let run = await CommandRun.of("config", "check", "--format", "json", path)
        #expect(run.status == 64)
        #expect(run.errors.isEmpty)
        let profiles = try #require(try run.json()["profiles"] as? [[String: Any]])
        #expect(profiles.first?["ok"] as? Bool == false)
        let diagnostics = try #require(profiles.first?["diagnostics"] as? [[String: Any]])
        #expect(diagnostics.contains { $0["code"] as? String == "missing-role" && $0["line"] as? Int == 1 })
    }

    @Test("a module whose own constructor refuses its options is found, at the line that selects it")
    func constructorRefuses() async throws {
        struct Refusal: Error, CustomStringConvertible { let description = "the moon is not full" }
        let moody = ModuleDescriptor(
            spec: ModuleSpec(
                role: "liveness", id: "moody", version: "1", stability: .alpha, summary: "refuses", posture: "none",
                options: OptionSpec([])
            ),
            factory: .liveness { _ in throw Refusal() }
        )
        let path = try directory.write(
            StandardProfile.text.replacingOccurrences(of: "layered", with: "moody"), to: "node.yaml"
        )
        let run = await CommandRun.of("config", "check", path, registry: .standard + [moody])
        #expect(run.status == 64)
        #expect(run.errors.contains("node.yaml:9:19: error: liveness 'moody': the moon is not full"))
    }

    @Test("options that do not go with the network are refused by check and by run, at their line and with a remedy")
    func networkMisfit() async throws {
        let made = await CommandRun.of(
            "testnet", "init", directory.file("net"), "--nodes", "6", "--slot-interval", "500ms"
        )
        #expect(made.status == 0)
        let change = ["--set", "modules.consensus.slot-leader.future_tolerance=3s"]
        let profile = directory.file("net/node1.yaml")
        #expect(await CommandRun.of("config", "check", profile).status == 0)
        let check = await CommandRun.of(arguments: ["config", "check", profile] + change)
        #expect(check.status == 64)
        #expect(check.errors.contains("future_tolerance is 3s, and a round of the network's slots takes 3s"))
        #expect(check.errors.contains("state less than 3s"))
        let run = await CommandRun.of(arguments: ["run", profile] + change)
        #expect(run.status == 64)
        #expect(run.errors.contains("Nothing was started."))
    }

    @Test("a network file that is there has to be right")
    func faultyNetworkFile() async throws {
        let path = try standardProfile()
        _ = try directory.write("name: 7\n", to: "network.yaml")
        let run = await CommandRun.of("config", "check", path)
        #expect(run.status == 64)
        #expect(run.errors.contains("network.yaml: error: the network file lacks the key 'genesis'"))
    }

    private static let networkText = """
        name: example-net
        genesis: 2026-01-01T00:00:00Z
        slot_interval: 10m
        quorum: 2/3
        minimum_masternodes: 1
        masternodes:
          - name: london
            identity: 160597f4a73378a729b12d06b9fac152c6e4593c961a513258442246acaa7891
            host: 192.0.2.10
            port: 24100
        """

    @Test("a network file is checked by itself, named as one or known by its keys")
    func networkAlone() async throws {
        let path = try directory.write(Self.networkText, to: "network.yaml")
        for arguments in [["config", "check", path], ["config", "check", "--network", path]] {
            let run = await CommandRun.of(arguments: arguments)
            #expect(run.status == 0, "\(run.errors)")
            #expect(run.output == "\(path): ok (network example-net, 1 masternodes, slots of 10m)\n")
        }
        let bad = try directory.write(Self.networkText.replacing("160597f4", with: "xyz"), to: "bad.yaml")
        let run = await CommandRun.of("config", "check", bad, "--format", "json")
        #expect(run.status == 64)
        let checked = try #require(try run.json()["profiles"] as? [[String: Any]])
        #expect(checked.map { $0["kind"] as? String } == ["network"])
        #expect(checked.map { $0["ok"] as? Bool } == [false])
    }

    @Test("standard input is a file by the name of '-', for profiles and networks")
    func standardInput() async throws {
        let network = await CommandRun.of("config", "check", "-", input: Self.networkText)
        #expect(network.status == 0)
        #expect(network.output.hasPrefix("-: ok (network example-net"))
        let profile = await CommandRun.of("config", "check", "-", input: StandardProfile.text)
        #expect(profile.output.hasPrefix("-: ok (transport tcp"))
        let bad = await CommandRun.of(
            "config", "check", "-", input: StandardProfile.text.replacing("layered", with: "layerred"))
        #expect(bad.status == 64)
        #expect(bad.errors.contains("-:9:"))
        let run = await CommandRun.of("run", "-", input: StandardProfile.text)
        #expect(run.errors.contains("network.yaml does not exist"))
        #expect(await CommandRun.of("config", "check").status == 64)
    }

    @Test("check warns of what run warns of, with the key that is there")
    func sameWarnings() async throws {
        let net = directory.file("net")
        #expect(await CommandRun.of("testnet", "init", net, "--nodes", "3").status == 0)
        let node = "\(net)/node1.yaml"
        let good = await CommandRun.of("config", "check", node)
        #expect(good.status == 0 && good.errors.isEmpty, "\(good.errors)")
        let few = await CommandRun.of(
            "config", "check", node, "--set", "modules.discovery.masternode-priority.reserved_slots=1")
        #expect(few.errors.contains("1 of them are never dialled from here"))
        let open = await CommandRun.of("config", "check", node, "--set", "modules.rpc.http.listen=0.0.0.0:8332")
        #expect(open.errors.contains("warning: rpc 'http' listens on 0.0.0.0:8332, which other hosts can reach"))
        let port = await CommandRun.of("config", "check", node, "--set", "modules.transport.tcp.listen=127.0.0.1:1")
        #expect(port.errors.contains("the network file says port 24100, but this node listens on 127.0.0.1:1"))
        try Files.remove("\(net)/node1/identity.key")
        let gone = await CommandRun.of("config", "check", node)
        #expect(gone.status == 0)
        #expect(gone.errors.contains("warning: 'run' would refuse: the network file has masternode 'node1' at"))
    }

    @Test("an override counts, and shows where it comes from")
    func printsOverride() async throws {
        let path = try standardProfile()
        let run = await CommandRun.of(
            "config", "print", path, "--show-origin", "--set", "modules.liveness.use=tcp-keepalive"
        )
        #expect(run.status == 0)
        #expect(run.output.contains("use: tcp-keepalive"))
        #expect(run.output.contains("# default"))
    }

    @Test("JSON of a profile has every value of the selected modules")
    func printsJSON() async throws {
        let run = await CommandRun.of("config", "print", try standardProfile(), "--format", "json")
        let modules = try #require(try run.json()["modules"] as? [String: Any])
        let links = try #require((modules["links"] as? [[String: Any]])?.first)
        #expect(links["use"] as? String == "single-link")
        #expect((links["options"] as? [String: Any])?["passive_wait"] as? String == "3s")
        let discovery = try #require(modules["discovery"] as? [[String: Any]])
        #expect(discovery.map { $0["use"] as? String } == ["masternode-priority", "peer-fill"])
    }

    @Test("every path from a role to an option is explained", arguments: ["links", "links.single-link"])
    func explains(path: String) async {
        let run = await CommandRun.of("config", "explain", path)
        #expect(run.status == 0)
        #expect(run.output.contains("single-link"))
    }

    @Test("an option is explained with its range and default")
    func explainsOption() async {
        let run = await CommandRun.of("config", "explain", "links.single-link.handshake")
        #expect(run.output.contains("ack | verdict | signed"))
        #expect(run.output.contains("default: signed"))
    }

    @Test("what there is not is not explained")
    func explainsNothing() async {
        let run = await CommandRun.of("config", "explain", "links.double-link")
        #expect(run.status == 64)
        #expect(run.errors.contains("there is nothing called 'links.double-link'"))
        #expect(run.output.isEmpty)
    }

    @Test("a new profile passes the check, with the modules that were asked for")
    func newProfile() async throws {
        let new = await CommandRun.of("config", "new", "liveness=tcp-keepalive", "discovery=masternode-priority")
        #expect(new.status == 0)
        let path = try directory.write(new.output, to: "new.yaml")
        let check = await CommandRun.of("config", "check", path)
        #expect(check.status == 0, "\(check.errors)")
        #expect(check.output.contains("discovery masternode-priority, liveness tcp-keepalive"))
    }

    @Test(
        "a new profile of a module that there is not is refused",
        arguments: ["liveness=heartbeat", "lifeness=ping-pong", "ping-pong", "liveness=ping-pong,none"]
    )
    func newProfileRefused(selection: String) async {
        let run = await CommandRun.of("config", "new", selection)
        #expect(run.status == 64)
        #expect(run.output.isEmpty)
    }

    @Test("the schema is JSON")
    func schema() async throws {
        let run = await CommandRun.of("config", "schema")
        #expect(run.status == 0)
        #expect(try run.json()["$schema"] as? String == "https://json-schema.org/draft/2020-12/schema")
    }
}
