import Kernel
import Testing
import Trace
import Wire

@testable import Lab

@Suite("Replay of simulated runs") struct ReplayTests {
    @Test(
        "a run with stalls, kills, power loss and silence replays to its digest, also with its nodes resumed from text",
        arguments: StoryRun.profiles)
    func faults(profile: String) throws {
        let run = try TracedRun(.rough(), profile: profile)
        let starts = run.lines.count { $0.contains("\"process\":") && $0.contains("\"seed\":") }
        #expect(starts == 6 + 3, "two kills and a power loss start a process again")
        for interval in [nil, 20] {
            let replay = try run.replay(resumeEvery: interval)
            #expect(replay.divergence == nil)
            #expect(replay.digest == run.result.digest)
            #expect(replay.recordedDigest == run.result.digest)
            #expect(replay.records == run.lines.count - 1)
            #expect(replay.isEqual)
        }
    }

    @Test(
        "every liveness module and both loads replay, resumed at every input",
        arguments: ["ping-pong", "tcp-keepalive", "none"])
    func modules(liveness: String) throws {
        var scenario = try Scenario.rough()
        scenario.duration = .seconds(60)
        scenario.traffic = Scenario.Traffic(requestBytes: 100, replyBytes: 200, interval: .seconds(2))
        let run = try TracedRun(
            scenario, seed: 9,
            set: ["modules.liveness.use=\(liveness)", "modules.workload.use=[traffic]"]
        )
        #expect(run.lines.contains { $0.contains("\"module\":\"traffic\",\"name\":\"request\"") })
        let replay = try run.replay(resumeEvery: 1)
        #expect(replay.divergence == nil)
        #expect(replay.digest == run.result.digest)
    }

    // MARK: Planted changes

    private func short(_ duration: Duration = .seconds(30)) throws -> TracedRun {
        var scenario = try StoryRun.scenario("two-minute-cycle")
        scenario.duration = duration
        return try TracedRun(scenario)
    }

    @Test("a changed effect is found where it stands, with what the node does in its place")
    func changedEffect() throws {
        var run = try short()
        let index = try run.line(holding: "\"out\":\"send\"", "\"kind\":\"hello\"", "\"dial_sequence\":1")
        let original = run.lines[index]
        run.lines[index] = original.replacing("\"dial_sequence\":1", with: "\"dial_sequence\":2")
        let replay = try run.replay()
        let divergence = try #require(replay.divergence)
        #expect(divergence.line == index + 1)
        #expect(divergence.expected == run.lines[index])
        #expect(divergence.actual == original)
        #expect(divergence.detail == "message.dial_sequence: recorded 2, now 1")
        #expect(replay.records == index - 1)
        #expect(!replay.isEqual)
        #expect(original.contains("\"t\":\(divergence.time / 1_000_000_000)."))
        #expect(original.contains("\"node\":\"\(divergence.node)\""))
    }

    @Test("an effect that was taken out, and one that was put in, are found")
    func missingEffect() throws {
        var run = try short()
        let index = try run.line(holding: "\"out\":\"send\"")
        let effect = run.lines.remove(at: index)
        let missing = try #require(try run.replay().divergence)
        #expect(missing.line == index + 1)
        #expect(missing.actual == effect)

        run = try short()
        let input = try run.line(holding: "\"in\":\"wake\"")
        let next = try #require(run.lines[(input + 1)...].firstIndex { !$0.contains("\"out\":") })
        run.lines.insert(effect, at: next)
        let extra = try #require(try run.replay().divergence)
        #expect(extra.line == next + 1)
        #expect(extra.expected == effect)
        #expect(extra.actual == nil)
    }

    @Test("a changed input shows in what follows from it")
    func changedInput() throws {
        var run = try short()
        let index = try run.line(holding: "\"in\":\"received\"", "\"kind\":\"hello\"")
        run.lines[index] = run.lines[index].replacing("\"version\":\(Hello.currentVersion)", with: "\"version\":99")
        let divergence = try #require(try run.replay().divergence)
        #expect(divergence.line > index)
        #expect(divergence.input == run.lines[index])
        #expect(divergence.actual?.contains("protocol-version") == true)
    }

    @Test("another generation of an admitted link, and another seed of a process, are found")
    func otherStart() throws {
        var run = try short()
        let admission = try run.line(holding: "\"admitted\":1,")
        run.lines[admission] = run.lines[admission].replacing("\"admitted\":1,", with: "\"admitted\":8,")
        #expect(try run.replay().divergence?.line == admission + 1)

        run = try short()
        let process = try run.line(holding: "\"process\":1")
        run.lines[process] = run.lines[process].replacing("\"seed\":\"0", with: "\"seed\":\"1")
        #expect(try run.replay().divergence != nil)
    }

    @Test("another value in the profile of the trace gives another run")
    func otherProfile() throws {
        var run = try short()
        #expect(run.lines[0].contains("interval: 2m"))
        run.lines[0] = run.lines[0].replacing("interval: 2m", with: "interval: 7s")
        #expect(try run.replay().divergence != nil)
    }

    @Test(
        "a trace names the timers of each tick, the wishes of discovery, and a replay whose tick is of another module")
    func timersAndWishes() throws {
        // Discovery looks again every two minutes.
        var run = try short(.seconds(130))
        let wakes = run.lines.filter { $0.contains("\"in\":\"wake\"") }
        #expect(!wakes.isEmpty && wakes.allSatisfy { $0.contains("\"fired\":[{\"module\":\"") })
        #expect(run.lines.contains { $0.contains("{\"module\":\"discovery masternode-priority\",\"timer\":\"") })
        #expect(run.lines.contains { $0.contains("\"kind\":\"wanted\",\"module\":\"discovery masternode-priority\"") })
        let place = try run.line(holding: "\"in\":\"wake\"", "{\"module\":\"links\"")
        run.lines[place] = run.lines[place].replacing("{\"module\":\"links\"", with: "{\"module\":\"liveness\"")
        let divergence = try #require(try run.replay().divergence)
        #expect(divergence.line == place + 1)
        #expect(divergence.expected?.contains("liveness") == true && divergence.actual?.contains("links") == true)
    }

    @Test("a change that no record shows is found by the digest")
    func otherDigest() throws {
        var run = try short()
        run.digest = (run.digest.hasPrefix("0") ? "1" : "0") + run.digest.dropFirst()
        let replay = try run.replay()
        #expect(replay.divergence == nil)
        #expect(!replay.isEqual)
    }

    // MARK: What cannot be replayed

    private func error(_ change: (inout TracedRun) throws -> Void) throws -> TraceError? {
        var run = try short()
        try change(&run)
        do throws(TraceError) {
            _ = try run.replay()
            return nil
        } catch {
            return error
        }
    }

    @Test("a profile with a module that this program lacks is refused with the profile's own diagnostics")
    func unknownModule() throws {
        let failure = try error { $0.lines[0] = $0.lines[0].replacing("use: single-link", with: "use: triple-link") }
        #expect(failure?.code == .cannotBuild)
        #expect(failure?.line == 1)
        #expect(failure?.message.contains("unknown module 'triple-link'") == true)
    }

    @Test("an input without a process, of an unknown node, or an effect before any input has its line")
    func outOfPlace() throws {
        let early = try error { $0.lines.remove(at: 1) }
        #expect(early?.code == .outOfPlace)
        #expect(early?.line == 2)
        let unknown = try error { $0.lines[1] = $0.lines[1].replacing("\"node\":\"", with: "\"node\":\"no-") }
        #expect(unknown?.code == .badField)
        #expect(unknown?.line == 2)
        let effect = try error { $0.lines.insert($0.lines[try $0.line(holding: "\"out\":")], at: 2) }
        #expect(effect?.code == .outOfPlace)
        #expect(effect?.line == 3)
    }

    @Test("damage among the effects is damage, not a divergence")
    func damagedEffect() throws {
        var place = 0
        let failure = try error {
            place = try $0.line(holding: "\"out\":\"send\"")
            $0.lines[place] = String($0.lines[place].dropLast(3))
        }
        #expect(failure?.code == .notJSON)
        #expect(failure?.line == place + 1)
    }
}
