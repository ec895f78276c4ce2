import Kernel
import Testing
import Wire

@testable import Lab

@Suite struct LearntPathTests {
    @Test("latency and jitter give the mean and the deviation of TCP's round trip back, without its delayed answers")
    func latency() throws {
        var network = WrittenNetwork()
        network.nodes[0].measure(1, roundTrip: 24_000, variation: 900, least: 20_000, sent: 100, heard: 0)
        network.nodes[1].measure(0, roundTrip: 24_000, variation: 900, least: 20_400, sent: 100, heard: 0)
        network.look(from: 0, until: 5_000)
        let path = try #require(try network.scenario().network.paths.first { $0.first == 0 && $0.second == 1 })
        // Three deviations are 2.7 ms, the least is 4 ms below the mean: the smaller one. (24 - 2.7) / 2.
        #expect(path.jitter == .microseconds(2_700))
        #expect(path.latency == .microseconds(10_650))
    }

    @Test("loss is what was sent again of what was sent within the recording, both ways")
    func loss() throws {
        var network = WrittenNetwork()
        network.nodes[0].measure(1, sent: 1_000, again: 400, heard: 0)
        network.nodes[1].measure(0, sent: 2_000, again: 0, heard: 0)
        network.look(at: 0)
        network.nodes[0].measure(1, sent: 1_600, again: 403, heard: 0)
        network.nodes[1].measure(0, sent: 2_400, again: 0, heard: 0)
        network.look(at: 1_000)
        let path = try #require(try network.scenario().network.paths.first)
        #expect(path.lossPerMillion == 3_000)
        #expect(try network.learn().paths.first?.comment.contains("3 of 1000 segments were sent again") == true)
    }

    @Test("what is sent again to a host that is down is no loss of the way to it")
    func lossOfTheDead() throws {
        var network = WrittenNetwork()
        network.nodes[0].measure(1, sent: 100, heard: 0)
        network.look(from: 0, until: 1_000)
        network.nodes[0].measure(1, sent: 200, again: 1, heard: 1_000)
        network.look(from: 2_000, until: 3_000)
        // From here on the other machine is silent.
        network.nodes[0].measure(1, sent: 210, again: 9, heard: 4_000)
        network.look(from: 5_000, until: 9_000, away: [1])
        for peer in [0, 2] { network.nodes[peer].lose(1, at: 10_000, .timedOut) }
        network.nodes[1].restart(at: 20_000)
        for peer in [0, 2] { network.link(peer, 1, at: 20_500) }
        network.nodes[0].measure(1, sent: 5, heard: 21_000)
        network.look(from: 21_000, until: 23_000)
        #expect(try network.learn().paths.first?.comment.contains("1 of 100 segments") == true)
    }

    @Test("a link's count begins anew with every process: nothing is negative")
    func restartedCount() throws {
        var network = WrittenNetwork()
        network.nodes[0].measure(1, sent: 1_000, heard: 0)
        network.look(from: 0, until: 1_000)
        for peer in [1, 2] { network.nodes[peer].lose(0, at: 1_500, .endOfStream, by: .peer) }
        network.nodes[0].restart(at: 3_000)
        for peer in [1, 2] { network.link(0, peer, at: 3_500) }
        network.nodes[0].measure(1, sent: 10, heard: 4_000)
        network.look(at: 4_000)
        network.nodes[0].measure(1, sent: 60, heard: 4_000)
        network.look(at: 5_000)
        #expect(try network.learn().paths.first?.comment.contains("0 of 50 segments") == true)
    }

    @Test("a pair that nobody measured is a guess between the others, and named")
    func unmeasured() throws {
        var network = WrittenNetwork()
        network.nodes[0].measure(1, sent: 10, heard: 0)
        network.look(from: 0, until: 2_000)
        let learnt = try network.learn()
        #expect(learnt.paths.count == 1)
        #expect(learnt.remarks.contains { $0.contains("2 pairs") && $0.contains("one and three; two and three") })
        let scenario = try network.scenario()
        #expect(scenario.network.latency == scenario.network.paths[0].latency...scenario.network.paths[0].latency)
    }

    @Test("wall clocks that disagree make the scenario's offset, and small differences none")
    func offset() throws {
        var network = WrittenNetwork()
        network.nodes[0].ahead = 150
        network.look(from: 0, until: 2_000)
        #expect(try network.scenario().network.clockOffset == .zero)
        network.samples = []
        network.nodes[2].ahead = -900
        network.look(from: 0, until: 2_000)
        #expect(try network.scenario().network.clockOffset == .milliseconds(900))
    }
}
