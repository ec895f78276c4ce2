import Foundation
import Lab
import Testing

@testable import TimenodeCommands

@Suite("scenarios record") struct ScenariosRecordTests {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    @Test(
        "options that mean nothing are refused with what they take",
        arguments: [
            (["--for", "10"], "--for takes 1s to 7d"), (["--every", "1ms"], "--every takes 100ms to 1h"),
            (["--for", "7d", "--every", "1s"], "raise --every"),
            (["--trace", "a", "--samples", "b"], "a source of its own"),
            (["--rpc", "https://x/"], "rpc"),
        ]
    )
    func refused(arguments: [String], message: String) async {
        let run = await CommandRun.of(arguments: ["scenarios", "record"] + arguments)
        #expect(run.status == 64)
        #expect(run.errors.contains(message), "\(run.errors)")
    }

    @Test("where no node answers, nothing is recorded, and what to look at is said") func unreachable() async {
        // Nothing listens on the discard port of an address of nobody's.
        let run = await CommandRun.of(
            "scenarios", "record", "--rpc", "http://127.99.98.97:9", "--for", "1s", "--output", directory.file("x.yaml")
        )
        #expect(run.status == 1)
        #expect(run.errors.contains("no node answered: http://127.99.98.97:9: cannot connect"))
        #expect(run.errors.contains("rpc: {use: [http]}"))
        #expect(!Files.exists(directory.file("x.yaml")))
    }

    @Test("looks that are there already are never written over") func keptLooks() async throws {
        let path = try directory.write("{}\n", to: "looks.jsonl")
        let run = await CommandRun.of("scenarios", "record", "--rpc", "127.99.98.97:9", "--samples", path)
        #expect(run.status == 1)
        #expect(run.errors.contains("looks.jsonl exists already"))
        #expect(try directory.read("looks.jsonl") == "{}\n")
    }

    @Test("a file that holds no looks is refused with its line; one without any has nothing to learn from")
    func badFiles() async throws {
        let bad = try directory.write("{\"at_ms\":1,\"rpc\":\"x\",\"error\":\"y\"}\nhello\n", to: "bad.jsonl")
        let run = await CommandRun.of("scenarios", "record", "--samples", bad)
        #expect(run.status == 64)
        #expect(run.errors.contains("bad.jsonl:2: this is no look at a node"))
        let empty = try directory.write("", to: "empty.jsonl")
        let none = await CommandRun.of("scenarios", "record", "--samples", empty)
        #expect(none.status == 1)
        #expect(none.errors.contains("there are no samples"))
        // Whoever wrote it was stopped in the middle of its last line.
        let cut = try directory.write("{\"at_ms\":1,\"rpc\":\"x\",\"error\":\"y\"}\n{\"at_ms\":2,\"rp", to: "cut.jsonl")
        let cutOff = await CommandRun.of("scenarios", "record", "--samples", cut)
        #expect(cutOff.errors.contains("no node answered: x: y"))
    }

    @Test("a trace of a simulated run gives a scenario that can be simulated") func trace() async throws {
        let scenario = try directory.write(
            """
            summary: Three, one of which is killed.
            duration: 150s
            network: {hosts: [{name: a, address: 10.0.0.1}, {name: b, address: 10.0.0.2}, {name: c, address: 10.0.0.3}]}
            faults: [{at: 40s, kill: {node: b, down: 10s}}]
            """,
            to: "three.yaml"
        )
        let profile = try directory.write(StandardProfile.text, to: "node.yaml")
        let trace = directory.file("run.jsonl")
        let simulated = await CommandRun.of(
            "simulate", profile, "--scenario", scenario, "--seed", "3", "--trace", trace
        )
        try #require(simulated.status == 0, "\(simulated.errors)")
        let output = directory.file("learnt.yaml")
        let run = await CommandRun.of("scenarios", "record", "--trace", trace, "--output", output)
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.output.contains("3 hosts, 3 of 3 ways between them measured, 1 fault"))
        #expect(try directory.read("learnt.yaml").contains("kill: {node: b, down: "))
        let again = await CommandRun.of("simulate", profile, "--scenario", output, "--seed", "3")
        #expect(again.status == 0, "\(again.output) \(again.errors)")
        let broken = try directory.write("{}\n", to: "broken.jsonl")
        let refused = await CommandRun.of("scenarios", "record", "--trace", broken)
        #expect(refused.status == 64)
        #expect(refused.errors.contains("broken.jsonl:1: "))
    }
}
