import Foundation
import Testing

@testable import TimenodeCommands

@Suite("compare --shard and --merge") struct ShardTests {
    let directory: TemporaryDirectory
    let matrix: [String]

    init() throws {
        directory = try TemporaryDirectory()
        let scenario = try directory.write(
            """
            summary: Four nodes, one of which loses power.
            duration: 4m
            network: {count: 4, slot_interval: 10s}
            traffic: {request: 1kB, reply: 1kB, interval: 5s}
            faults: [{at: 1m, power_loss: {node: in-turn}}]

            """, to: "small.yaml"
        )
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().path
        matrix = [
            "\(root)/node.yaml", "--vary", "modules.liveness.use=ping-pong,tcp-keepalive,none", "--scenario", scenario,
            "--seeds", "3", "--first-seed", "18446744073709551614",
        ]
    }

    @Test("merged parts give the bytes of the undivided run, in every form, whatever their order")
    func equality() async throws {
        let files = ["json", "md", "html"]
        let whole = await compare(matrix + files.flatMap { ["--output", directory.file("whole.\($0)")] })
        #expect(whole.status == 0, "\(whole.errors)")
        try await makeParts(of: 4)
        let parts = [3, 1, 4, 2].map { directory.file("part\($0).json") }
        let merged = await compare(
            ["--merge"] + parts + files.flatMap { ["--output", directory.file("merged.\($0)")] })
        #expect(merged.status == 0, "\(merged.errors)")
        #expect(merged.output == whole.output)
        for file in files { #expect(try directory.read("whole.\(file)") == directory.read("merged.\(file)")) }
    }

    @Test("the form is documented: what scale.md says a part has, it has")
    func form() async throws {
        try await makeParts(of: 9)
        let text = try directory.read("part1.json")
        let part = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        #expect(
            part.keys.sorted() == [
                "check", "faults", "format", "profiles", "program", "runs", "schema", "seeds", "setting", "shard",
            ]
        )
        let run = try #require((part["runs"] as? [[String: Any]])?.first)
        #expect(
            run.keys.sorted() == ["digest", "events", "history", "metrics", "profile", "seed", "timeline"]
        )
        let program = try #require(part["program"] as? [String: String])
        #expect(program["version"] == Version.text && program["build"]?.count == 64)
    }

    @Test("parts of another scenario, a missing one, and files that are no parts are refused in plain words")
    func refusals() async throws {
        try await makeParts(of: 2)
        let one = directory.file("part1.json")
        let missing = await compare(["--merge", one])
        #expect(missing.status == 64 && missing.errors.contains("part 2 of 2 is missing"))
        let other = try directory.read("small.yaml").replacing("at: 1m", with: "at: 61s")
        _ = try directory.write(other, to: "small.yaml")
        let foreign = await compare(matrix + ["--shard", "2/2", "--output", directory.file("foreign.json")])
        #expect(foreign.status == 0, "\(foreign.errors)")
        let mixed = await compare(["--merge", one, directory.file("foreign.json")])
        #expect(mixed.status == 64 && mixed.errors.contains("different scenarios"))
        let torn = try directory.write(String(try directory.read("part1.json").dropLast(100)), to: "torn.json")
        let broken = await compare(["--merge", torn, directory.file("part2.json")])
        #expect(broken.status == 64 && broken.errors.contains("torn.json is not a part of a comparison"))
        // One digit of one figure of one run.
        var forged = Array(try directory.read("part1.json").utf8)
        let place = try #require(forged.indices.last { forged[$0] == UInt8(ascii: "7") })
        forged[place] = UInt8(ascii: "8")
        let edited = try directory.write(String(decoding: forged, as: UTF8.self), to: "edited.json")
        let refused = await compare(["--merge", edited, directory.file("part2.json")])
        #expect(refused.status == 64 && refused.errors.contains("edited.json is not a part of a comparison as it was"))
        let absent = await compare(["--merge", directory.file("absent.json")])
        #expect(absent.status == 1 && absent.errors.contains("cannot read"))
    }

    @Test(
        "wrong usage is refused before anything runs",
        arguments: [
            ["--shard", "0/3", "--output", "p.json"], ["--shard", "4/3", "--output", "p.json"], ["--shard", "1"],
            ["--shard", "1/3"], ["--shard", "1/3", "--output", "p.html"], ["--shard", "10/10", "--output", "p.json"],
            ["--shard", "1/3", "--output", "p.json", "--reference", "x"], ["--merge"],
        ])
    func usage(arguments: [String]) async {
        let run = await compare(matrix + arguments)
        #expect(run.status == 64)
        #expect(!run.errors.isEmpty && run.output.isEmpty)
    }

    private func makeParts(of: Int) async throws {
        for index in 1...of {
            let run = await compare(
                matrix + ["--shard", "\(index)/\(of)", "--output", directory.file("part\(index).json")])
            #expect(run.status == 0, "\(run.errors)")
            #expect(run.output.isEmpty)
        }
    }

    private func compare(_ arguments: [String]) async -> CommandRun {
        await CommandRun.of(arguments: ["compare"] + arguments)
    }
}
