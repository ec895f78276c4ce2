import Foundation
import Kernel
import Profile
import Testing

@testable import TimenodeCommands

@Suite("testnet init") struct TestnetCommandTests {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    @Test("writes a key, a profile and a place in the network for every node") func writes() async throws {
        let path = directory.file("net")
        let run = await CommandRun.of("testnet", "init", path, "--nodes", "4", "--slot-interval", "500ms")
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.output.contains("timenode testnet up \(path)"))
        let network = try #require(NetworkDescription.load(path: "\(path)/network.yaml").value)
        #expect(network.masternodes.map(\.name) == ["node1", "node2", "node3", "node4"])
        #expect(network.slotInterval == .milliseconds(500))
        #expect(network.minimumMasternodes == 2)
        for (index, member) in network.masternodes.enumerated() {
            let key = try IdentityKeyFile.load(from: "\(path)/node\(index + 1)/identity.key")
            #expect(key.identity.hex == member.identity)
            #expect((member.host ?? "").hasPrefix("127.") && (member.host ?? "").hasSuffix(".\(index + 1)"))
            let check = await CommandRun.of("config", "check", "\(path)/node\(index + 1).yaml")
            #expect(check.status == 0)
            #expect(check.errors.isEmpty)
        }
    }

    @Test("two directories get two networks of addresses, one directory always the same") func addresses() {
        let first = TestnetAddresses(directory: "/somewhere/a").address(1)
        #expect(first == TestnetAddresses(directory: "/somewhere/a").address(1))
        #expect(first != TestnetAddresses(directory: "/somewhere/b").address(1))
        for number in 0..<1_000 {
            let address = TestnetAddresses(directory: "/net/\(number)").address(6).description
            #expect(address.hasPrefix("127.") && !address.hasPrefix("127.0."))
        }
    }

    @Test("extends a profile of one's own by its relative path") func ownProfile() async throws {
        let profile = try directory.write(
            StandardProfile.text.replacingOccurrences(of: "use: tcp}", with: "use: tls}")
                .replacingOccurrences(of: "  rpc: {use: [http]}\n", with: ""),
            to: "mine.yaml"
        )
        let path = directory.file("net")
        let run = await CommandRun.of("testnet", "init", path, "--nodes", "2", "--profile", profile)
        #expect(run.status == 0, "\(run.errors)")
        let text = try directory.read("net/node2.yaml")
        #expect(text.contains("extends: \"../mine.yaml\""))
        #expect(text.contains("transport: {tls: {listen: 127."))
        #expect(text.contains("rpc: {use: [http]"))
        #expect(!Files.exists("\(path)/base.yaml"))
    }

    @Test("leaves a directory alone that is not empty") func notEmpty() async throws {
        _ = try directory.write("mine", to: "diary.txt")
        for force in [[], ["--force"]] {
            let run =
                force.isEmpty
                ? await CommandRun.of("testnet", "init", directory.path)
                : await CommandRun.of("testnet", "init", directory.path, "--force")
            #expect(run.status == 1)
            #expect(Files.names(in: directory.path) == ["diary.txt"])
        }
    }

    @Test("replaces an earlier, larger testnet with --force, and nothing else beside it") func force() async throws {
        let path = directory.file("net")
        _ = await CommandRun.of("testnet", "init", path, "--nodes", "3")
        _ = try directory.write("mine", to: "net/notes.txt")
        let before = try directory.read("net/network.yaml")
        let run = await CommandRun.of("testnet", "init", path, "--nodes", "1", "--force")
        #expect(run.status == 0, "\(run.errors)")
        #expect(
            Files.names(in: path) == [
                "base.yaml", "network.yaml", "node1", "node1.yaml", "notes.txt", "testnet.lock",
            ]
        )
        #expect(try directory.read("net/network.yaml") != before)
    }

    @Test(
        "refuses figures that make no network",
        arguments: [
            ("--nodes", "0"), ("--nodes", "201"), ("--slot-interval", "2"), ("--minimum", "7"), ("--port", "0"),
        ]
    )
    func refuses(option: String, value: String) async {
        let run = await CommandRun.of("testnet", "init", directory.file("net"), option, value)
        #expect(run.status == 64)
        #expect(!Files.exists(directory.file("net")))
    }

    @Test("a testnet that runs is neither brought up a second time nor replaced") func running() async throws {
        let path = directory.file("net")
        _ = await CommandRun.of("testnet", "init", path, "--nodes", "1")
        let lock = try TestnetLock.acquire(in: path)
        for arguments in [["up", path], ["init", path, "--force"]] {
            let run = await CommandRun.of(arguments: ["testnet"] + arguments)
            #expect(run.status == 1)
            #expect(run.errors.contains("the testnet in \(path) is running (process \(getpid()))"), "\(run.errors)")
        }
        close(lock)
        #expect(await CommandRun.of("testnet", "init", path, "--nodes", "2", "--force").status == 0)
    }

    @Test("a testnet ends with the program that reads its output") func readerEnds() async throws {
        let path = directory.file("net")
        let made = await CommandRun.of("testnet", "init", path, "--nodes", "2")
        #expect(made.status == 0, "\(made.errors)")
        let run = try await ProgramRun.shell("set -o pipefail; \"$0\" testnet up \"$1\" | head -n 1", path)
        #expect(run.output.hasPrefix("2 nodes started"))
        #expect(run.status == 0, "\(run.errors)")
        for node in 1...2 { #expect(try directory.read("net/node\(node).log").contains("Stopped")) }
    }

    @Test("a profile of the testnet that would be replaced is no profile for the new one") func ownBase() async throws {
        let path = directory.file("net")
        _ = await CommandRun.of("testnet", "init", path, "--nodes", "1")
        let run = await CommandRun.of("testnet", "init", path, "--force", "--profile", "\(path)/base.yaml")
        #expect(run.status == 64)
        #expect(Files.exists("\(path)/base.yaml"))
    }

    @Test("nothing can be brought up where nothing is") func upNothing() async {
        let run = await CommandRun.of("testnet", "up", directory.path)
        #expect(run.status == 64)
        #expect(run.errors.contains("timenode testnet init \(directory.path)"))
    }

    @Test(
        "a relative path leads from one folder to the other",
        arguments: [
            ("/a/b/c.yaml", "/a/b", "./c.yaml"), ("/a/c.yaml", "/a/b", "../c.yaml"),
            ("/c.yaml", "/a/b", "../../c.yaml"),
        ]
    )
    func relativePath(target: String, folder: String, path: String) {
        #expect(Files.relativePath(to: target, from: folder) == path)
    }

    @Test("knows its own files from others") func ownFiles() {
        for name in ["network.yaml", "base.yaml", "node1", "node12.yaml", "node3.log"] {
            #expect(TestnetLayout.isOurs(name))
        }
        for name in ["node", "nodes.yaml", "node1.txt", "notes.txt", "node-1.yaml"] {
            #expect(!TestnetLayout.isOurs(name))
        }
    }
}
