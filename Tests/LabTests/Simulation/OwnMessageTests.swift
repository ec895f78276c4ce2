import Kernel
import Testing
import Wire

@testable import Lab

/// A module that does not ship has what those have that do: traces, replays and costs of its own messages.
struct OwnMessageTests {
    private var hosts: TwoHosts {
        TwoHosts(workload: ["whisper"], registry: Registry.lab + [Whisper.descriptor], duration: .seconds(20))
    }

    @Test("a trace says in words what the module's messages are, and replays to the same digest")
    func traced() throws {
        let run = try hosts.traced()
        for words in [
            "\"about\":{\"module\":\"whisper\",\"name\":\"words\",\"words\":\"one two three\"}",
            "\"about\":{\"module\":\"whisper\",\"name\":\"heard\",\"count\":3}",
        ] {
            #expect(run.lines.contains { $0.contains("\"in\":\"received\"") && $0.contains(words) }, "\(words)")
            #expect(run.lines.contains { $0.contains("\"out\":\"send\"") && $0.contains(words) }, "\(words)")
        }
        for interval in [nil, 1] {
            let replay = try run.replay(resumeEvery: interval)
            #expect(replay.divergence == nil)
            #expect(replay.isEqual)
        }
    }

    @Test("another byte of the module's message is another digest, and a replay finds it")
    func changed() throws {
        var run = try hosts.traced()
        // "one" becomes "ona" in the bytes that the receiver reads.
        let place = try run.line(holding: "\"in\":\"received\"", "\"name\":\"words\"", "6f6e65")
        run.lines[place] = run.lines[place].replacing("6f6e65", with: "6f6e61")
        #expect(try run.replay().isEqual == false)
    }

    @Test("the simulator charges what the module declares: for three words three times the cost of a block")
    func charged() throws {
        func wait(_ cost: ServiceCost) throws -> Double {
            var hosts = hosts
            hosts.network = { $0.service = cost }
            let outcome = try hosts.run()
            let said = try #require(outcome.effects(of: "A").first { $0.effect.said?.kind == .words })
            let heard = try #require(outcome.inputs(of: "A").first { $0.input.told?.kind == .heard })
            return heard.at - said.at
        }
        let free = try wait(ServiceCost())
        #expect(abs(try wait(ServiceCost(block: .milliseconds(200))) - free - 0.6) < 0.01)
        #expect(abs(try wait(ServiceCost(exchange: .milliseconds(200))) - free) < 0.01)
    }
}

extension Effect {
    fileprivate var said: WhisperMessage? { if case .send(_, let message) = self { message.whisper } else { nil } }
}

extension Input {
    fileprivate var told: WhisperMessage? { if case .received(_, let message) = self { message.whisper } else { nil } }
}
