import Foundation
import Testing

@testable import TimenodeCommands

@Suite("modules, keys, version, and wrong usage") struct SmallCommandTests {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    @Test("the list has every role's modules") func list() async throws {
        let run = await CommandRun.of("modules", "list")
        #expect(run.status == 0)
        for id in ["tcp", "tls", "single-link", "ping-pong", "slot-leader", "memory", "http"] {
            #expect(run.output.contains(" \(id) "))
        }
        let one = await CommandRun.of("modules", "list", "--role", "rpc", "--format", "json")
        let modules = try #require(try one.json()["modules"] as? [[String: Any]])
        #expect(modules.map { $0["id"] as? String } == ["http"])
    }

    @Test(
        "a module is shown with its options, however it is named",
        arguments: [["http"], ["rpc", "http"], ["rpc.http"]])
    func show(names: [String]) async {
        let run = await CommandRun.of(arguments: ["modules", "show"] + names)
        #expect(run.status == 0)
        #expect(run.output.contains("listen"))
        #expect(run.output.contains("security: no authentication"))
    }

    @Test("a module that there is not, is not shown") func showNothing() async {
        let run = await CommandRun.of("modules", "show", "liveness", "http")
        #expect(run.status == 64)
        #expect(run.errors.contains("there is no module 'liveness.http'"))
        let near = await CommandRun.of("modules", "show", "liveness.layred")
        #expect(near.status == 64)
        #expect(near.errors.contains("Did you mean 'layered'?"))
        let role = await CommandRun.of("modules", "show", "livenes.layered")
        #expect(role.errors.contains("there is no role 'livenes'\nDid you mean 'liveness'?"))
    }

    @Test(
        "a command that there is not is refused with the one that was probably meant",
        arguments: [
            (["comapre", "node.yaml"], "'timenode' has no command 'comapre'\nDid you mean 'compare'?"),
            (["scenarios", "lst"], "'timenode scenarios' has no command 'lst'\nDid you mean 'list'?"),
            (["help", "tesnet"], "Did you mean 'testnet'?"), (["frobnicate"], "Commands: run, compare, "),
        ]
    )
    func unknownCommand(arguments: [String], words: String) async {
        let run = await CommandRun.of(arguments: arguments)
        #expect(run.status == 64)
        #expect(run.output.isEmpty)
        #expect(run.errors.contains(words), "\(run.errors)")
    }

    @Test(
        "help is given for each group and command",
        arguments: [
            ["--help"], ["help"], ["help", "compare"], ["scenarios", "--help"], ["help", "scenarios", "list"],
        ]
    )
    func help(arguments: [String]) async {
        let run = await CommandRun.of(arguments: arguments)
        #expect(run.status == 0)
        #expect(run.output.contains("USAGE: timenode"))
    }

    @Test("a new key is its owner's alone, is never printed, and is never overwritten") func keys() async throws {
        let file = directory.file("identity.key")
        let new = await CommandRun.of("keys", "new", file)
        #expect(new.status == 0)
        let text = try directory.read("identity.key")
        let seed = try #require(text.split(separator: "\n").last.map(String.init))
        #expect(seed.count == 64)
        #expect(text.hasPrefix("# timenode identity key"))
        #expect(IdentityKeyFile.exposure(of: file) == nil)

        let show = await CommandRun.of("keys", "show", file)
        #expect(show.output == new.output)
        #expect(!show.output.contains(seed))
        #expect(show.errors.isEmpty)

        let again = await CommandRun.of("keys", "new", file)
        #expect(again.status == 1)
        #expect(again.errors.contains("exists already"))
        #expect(try directory.read("identity.key") == text)
    }

    @Test("a file that is no key is refused without repeating what it says") func noKey() async throws {
        let file = try directory.write("correct horse battery staple\n", to: "secret.txt")
        let run = await CommandRun.of("keys", "show", file)
        #expect(run.status == 1)
        #expect(run.errors.contains("is not an identity key"))
        #expect(!run.errors.contains("horse"))
    }

    @Test("a key that others may read is told of") func exposedKey() async throws {
        let file = directory.file("identity.key")
        _ = await CommandRun.of("keys", "new", file)
        chmod(file, 0o644)
        let run = await CommandRun.of("keys", "show", file)
        #expect(run.status == 0)
        #expect(run.errors.contains("warning: others may read the key"))
    }

    @Test("the version is printed") func version() async throws {
        #expect(await CommandRun.of("version").output.hasPrefix("timenode \(Version.number) "))
        #expect(await CommandRun.of("--version").status == 0)
        let json = await CommandRun.of("version", "--format", "json")
        #expect(try json.json()["version"] as? String == Version.number)
    }

    @Test(
        "wrong usage ends with exit status 64 and prints no result",
        arguments: [
            ["frobnicate"], ["run", "--log-format", "xml"], ["run", "--log-level", "loud"], ["status", "--rpc", "/"],
        ]
    )
    func wrongUsage(arguments: [String]) async {
        let run: CommandRun =
            switch arguments.count {
            case 1: await CommandRun.of(arguments[0])
            default: await CommandRun.of(arguments[0], arguments[1], arguments[2])
            }
        #expect(run.status == 64)
        #expect(run.output.isEmpty)
        #expect(!run.errors.isEmpty)
    }

    @Test("a node that does not answer is a failure that says where to look") func noNode() async {
        let run = await CommandRun.of("status", "--rpc", "127.0.0.1:1")
        #expect(run.status == 1)
        #expect(run.errors.contains("http://127.0.0.1:1"))
        #expect(run.errors.contains("--rpc URL"))
    }
}
