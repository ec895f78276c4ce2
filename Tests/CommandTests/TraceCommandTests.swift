import Foundation
import Kernel
import Testing

@testable import TimenodeCommands

@Suite("simulate --trace, replay and trace diff") struct TraceCommandTests {
    let directory: TemporaryDirectory
    private let profile: String
    private let scenario: String

    init() throws {
        directory = try TemporaryDirectory()
        profile = try directory.write(StandardProfile.text, to: "mine.yaml")
        scenario = try directory.write(
            """
            summary: three nodes, one of which is killed
            duration: 40s
            warm_up: 5s
            start_spread: 1s
            network:
              slot_interval: 5s
              minimum_masternodes: 2
              hosts:
                - {name: a, address: 198.51.100.1}
                - {name: b, address: 198.51.100.2}
                - {name: c, address: 198.51.100.3}
            traffic: {request: 100B, reply: 100B, interval: 3s}
            truth: {recover_within: 15s}
            faults:
              - {at: 15s, kill: {node: b, down: 2s}}
            """, to: "three.yaml"
        )
    }

    private func simulate(_ name: String, seed: Int = 1) async throws -> String {
        let run = await CommandRun.of(
            "simulate", profile, "--scenario", scenario, "--seed", "\(seed)", "--trace", directory.file(name),
            "--format", "json"
        )
        #expect(run.status == 0, "\(run.errors)")
        return try #require(try run.json()["digest"] as? String)
    }

    @Test("a trace replays to the digest that its run printed")
    func replays() async throws {
        let digest = try await simulate("a.jsonl")
        let text = await CommandRun.of("replay", directory.file("a.jsonl"))
        #expect(text.status == 0, "\(text.errors)")
        #expect(text.output.hasPrefix("digest   \(digest)\n"))
        let json = await CommandRun.of("replay", directory.file("a.jsonl"), "--resume-every", "10", "--format", "json")
        #expect(json.status == 0)
        #expect(try json.json()["digest"] as? String == digest)
        #expect(try json.json()["recorded_digest"] as? String == digest)
        #expect(try json.json()["equal"] as? Bool == true)
    }

    @Test("a replay that diverges ends with status 1 and shows the place, both effects and what they followed from")
    func diverges() async throws {
        _ = try await simulate("a.jsonl")
        var lines = try directory.read("a.jsonl").split(separator: "\n").map(String.init)
        let place = try #require(lines.firstIndex { $0.contains("\"kind\":\"block-produced\"") })
        lines[place] = lines[place].replacing("\"height\":1,", with: "\"height\":2,")
        let damaged = try directory.write(lines.joined(separator: "\n") + "\n", to: "damaged.jsonl")
        let refused = await CommandRun.of("replay", damaged)
        #expect(refused.status == 64)
        #expect(refused.errors.contains("line \(place + 1) is the first that its node does not confirm"))
        let forged = closed(lines.dropLast()).joined(separator: "\n") + "\n"
        let changed = try directory.write(forged, to: "changed.jsonl")
        let run = await CommandRun.of("replay", changed)
        #expect(run.status == 1)
        #expect(run.output.hasPrefix("diverges at \(changed):\(place + 1), at "))
        #expect(run.output.contains("\n  event.height: recorded 2, now 1\n"))
        #expect(run.output.contains("\n  recorded  \(lines[place])\n"))
        #expect(run.output.contains("\n  after     {\"t\":"))
        let json = await CommandRun.of("replay", changed, "--format", "json")
        #expect(json.status == 1)
        let divergence = try #require(try json.json()["divergence"] as? [String: Any])
        #expect(divergence["line"] as? Int == place + 1)
        #expect(try json.json()["digest"] == nil)
    }

    @Test("a trace that cannot be read ends with status 64 and its line")
    func unreadable() async throws {
        _ = try await simulate("a.jsonl")
        let whole = try directory.read("a.jsonl")
        let cut = try directory.write(String(whole.prefix(whole.count / 2)), to: "cut.jsonl")
        for command in [["replay", cut], ["trace", "diff", cut, directory.file("a.jsonl")]] {
            let run = await CommandRun.of(arguments: command)
            #expect(run.status == 64, "\(command)")
            #expect(run.errors.hasPrefix("error: \(cut):"))
            #expect(run.errors.contains("the file ends in the middle of this line"))
        }
        let missing = await CommandRun.of("replay", directory.file("none.jsonl"))
        #expect(missing.status == 64)
        #expect(missing.errors.contains("there is no such file"))
        let profile = await CommandRun.of("replay", profile)
        #expect(profile.status == 64)
        #expect(profile.errors.contains("mine.yaml:1: "))
    }

    @Test("two traces of one seed are equal, two seeds differ in the header and at the first start")
    func diff() async throws {
        for (name, seed) in [("a.jsonl", 1), ("b.jsonl", 1), ("c.jsonl", 2)] {
            _ = try await simulate(name, seed: seed)
        }
        let (first, second, third) = (directory.file("a.jsonl"), directory.file("b.jsonl"), directory.file("c.jsonl"))
        let same = await CommandRun.of("trace", "diff", first, second)
        #expect(same.status == 0)
        #expect(same.output.contains("records are equal"))
        let other = await CommandRun.of("trace", "diff", first, third)
        #expect(other.status == 1)
        #expect(other.output.hasPrefix("seed:\n  \(first): 1\n  \(third): 2\n"))
        #expect(other.output.contains("after 0 equal records:\n- \(first):2: {"))
        let json = await CommandRun.of("trace", "diff", first, third, "--format", "json")
        #expect(json.status == 1)
        #expect(try json.json()["equal"] as? Bool == false)
    }
}
