import Foundation
import Kernel
import Testing
import Wire

@testable import Lab

@Suite struct LearntTextTests {
    private func eventful() -> WrittenNetwork {
        var network = WrittenNetwork()
        for (observer, peer) in [(0, 1), (0, 2), (1, 2)] { network.nodes[observer].measure(peer, sent: 10, heard: 0) }
        network.look(from: 0, until: 7_000)
        for peer in [0, 2] { network.nodes[peer].lose(1, at: 8_200, .endOfStream, by: .peer) }
        network.look(from: 9_000, until: 13_000, away: [1])
        network.nodes[1].restart(at: 14_000)
        for peer in [0, 2] { network.link(peer, 1, at: 14_500) }
        network.look(from: 15_000, until: 30_000)
        return network
    }

    @Test("the same looks give the same file, in whatever order they come, also when they were kept and read again")
    func deterministic() throws {
        var network = eventful()
        let text = try network.learn().text
        network.samples.reverse()
        // Looks at one moment have the order of the nodes.
        network.samples.sort { ($0.atMilliseconds, $0.place) < ($1.atMilliseconds, $1.place) }
        #expect(try network.learn().text == text)
        let encoder = JSONEncoder()
        let decoder = JSONDecoder()
        network.samples = try network.samples.map { try decoder.decode(StatusSample.self, from: encoder.encode($0)) }
        #expect(try network.learn().text == text)
    }

    @Test("the file says what it was learnt from, in lines that fit")
    func text() throws {
        let text = try eventful().learn().text
        #expect(text.contains("from 87 looks at 3 nodes over 30s"))
        #expect(
            text.contains(
                "  # two was started again by its own account; it went when 2 links to it ended (end-of-stream)."))
        #expect(text.contains("  - {at: 38s200ms, kill: {node: two, down: 5s800ms}}"))
        #expect(text.contains("duration: 1m54s"))
        #expect(text.split(separator: "\n").filter { $0.contains("#") }.allSatisfy { $0.count <= 120 })
    }

    @Test("names from outside are text, whatever is in them")
    func names() throws {
        let names = ["all", "a\n- {at: 1s}: \"#", "7"]
        var network = WrittenNetwork(network: WrittenNetwork.view(names: names))
        network.look(from: 0, until: 3_000)
        for peer in [1, 2] { network.nodes[peer].lose(0, at: 3_500, .endOfStream, by: .peer) }
        network.nodes[0].restart(at: 4_000)
        for peer in [1, 2] { network.link(peer, 0, at: 4_200) }
        network.look(from: 5_000, until: 9_000)
        let scenario = try network.scenario()
        #expect(scenario.network.hosts.map(\.name) == ["all-host0", names[1], "7-host2"])
        #expect(scenario.faults == [.kill(0, at: .milliseconds(33_500), down: .milliseconds(500))])
    }

    @Test("looks at nothing, at two networks, and at a network of one are errors that say what to do")
    func errors() throws {
        var network = WrittenNetwork()
        #expect(throws: MeasurementError.self) { try network.learn() }
        network.look(at: 0, away: [0, 1, 2])
        let silent = #expect(throws: MeasurementError.self) { try network.learn() }
        #expect(silent?.code == .noSamples && silent?.message.contains("cannot connect") == true)
        network.look(at: 1_000)
        let other = WrittenNetwork(network: WrittenNetwork.view("elsewhere"))
        network.samples.append(other.nodes[0].look(at: 2_000))
        let mixed = #expect(throws: MeasurementError.self) { try network.learn() }
        #expect(mixed?.code == .anotherNetwork && mixed?.message.contains("elsewhere") == true)
        var lonely = WrittenNetwork(network: WrittenNetwork.view(names: ["one"]))
        lonely.look(at: 0, only: [0])
        let single = #expect(throws: MeasurementError.self) { try lonely.learn() }
        #expect(single?.code == .tooFewHosts && single?.help.isEmpty == false)
    }

    @Test("what a node cannot tell any more is remarked upon")
    func forgotten() throws {
        var network = WrittenNetwork()
        network.look(at: 0)
        for second in Int64(1)...40 {
            network.part(0, 1, at: second * 100, .duplicate, by: .us)
            network.link(0, 1, at: second * 100 + 50)
        }
        network.look(at: 5_000)
        #expect(try network.learn().remarks.contains { $0.contains("48 links were lost that no look told of") })
    }

    @Test("two hosts of one address get two in the file, which says so")
    func sharedAddress() throws {
        var facts = Measurements(network: "n", slotInterval: .seconds(1), minimumMasternodes: 1)
        for number in 0..<2 {
            facts.hosts.append(
                Measurements.Host(
                    identity: WrittenNetwork.identity(number), name: "n\(number)",
                    endpoint: Endpoint(ip: IPAddress(version4: 0x7f00_0001), port: UInt16(9_000 + number))
                )
            )
        }
        let learnt = ScenarioLearner.learn(facts)
        let scenario = try #require(Scenario.load(text: learnt.text, name: "shared").value)
        #expect(scenario.network.hosts[0].endpoint != scenario.network.hosts[1].endpoint)
        #expect(learnt.text.contains("# At 127.0.0.1:9001, an address that it shares with a host above."))
        // Of nothing measured nothing is claimed.
        #expect(learnt.text.contains("A guess: no round trip was measured"))
    }
}
