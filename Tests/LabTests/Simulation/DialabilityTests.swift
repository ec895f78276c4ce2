import Kernel
import Testing
import Wire

@testable import Lab

/// Whole nodes that find out whether they can be dialled.
struct DialabilityTests {
    /// What each node told the outside, in order.
    private func verdicts(_ outcome: TwoHosts.Outcome, at host: String) -> [Dialability] {
        outcome.events(of: host).compactMap { if case .dialability(let word, _) = $0.event { word } else { nil } }
    }

    @Test("a node that dials and has its own door open is told so, one with the door closed is told that, too")
    func door() throws {
        for isClosed in [false, true] {
            let outcome = try TwoHosts(
                links: "handshake: signed, direction: lower-address", duration: .seconds(120),
                faults: isClosed ? [.closeInbound(0, at: .zero)] : []
            ).run()
            let words = verdicts(outcome, at: "A")
            #expect(words.map(\.reason) == [isClosed ? .connectTimeout : nil])
            #expect(words.first?.endpoint == Endpoint("192.0.2.1:24100"))
            #expect(verdicts(outcome, at: "B").map(\.reason) == [nil])
            #expect(outcome.ups(at: "A").count == 1 && outcome.ups(at: "B").count == 1)
            #expect(outcome.ends(at: "A").isEmpty && outcome.failures(at: "B").isEmpty)
        }
    }

    @Test("of six masternodes the one behind an address translator is told that it cannot be dialled, and no other")
    func translator() throws {
        var scenario = try StoryRun.scenario("catalogue/e7-behind-a-nat")
        scenario.duration = .seconds(180)
        var words: [(host: String, word: Dialability, peers: Int)] = []
        let simulation = Simulation(
            scenario, profile: try StoryRun.profile("node.yaml"), seed: 1,
            trace: { record in
                if case .effect(.observe(.dialability(let word, let peers))) = record.content {
                    words.append((record.host, word, peers))
                }
            }
        )
        let result = try simulation.run()
        #expect(result.verdict == .held)
        let hidden = words.filter { $0.host == "LW-Michigan" }
        #expect(hidden.map(\.word.reason) == [.connectTimeout] && hidden.first?.peers == 2)
        #expect(words.count { $0.word.reason == nil } == 5 && words.count == 6)
    }
}
