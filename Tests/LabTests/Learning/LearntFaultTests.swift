import Kernel
import Testing
import Wire

@testable import Lab

@Suite struct LearntFaultTests {
    private func faults(_ network: WrittenNetwork) throws -> [Scenario.Fault] { try network.scenario().faults }

    @Test("a restart is a kill when its peers lost their links, down until the new process started")
    func restart() throws {
        var network = WrittenNetwork()
        network.look(from: 0, until: 7_000)
        for peer in [0, 2] { network.nodes[peer].lose(1, at: 8_200, .endOfStream, by: .peer) }
        network.look(from: 9_000, until: 13_000, away: [1])
        network.nodes[0].fail(1, at: 10_000, .connectionRefused)
        network.nodes[1].restart(at: 14_000)
        for peer in [0, 2] { network.link(peer, 1, at: 14_500) }
        network.look(from: 15_000, until: 30_000)
        #expect(try faults(network) == [.kill(1, at: .milliseconds(38_200), down: .milliseconds(5_800))])
        #expect(try network.learn().churn.isEmpty)
    }

    @Test("a machine that fell silent has lost its power, from the moment when a peer last heard it")
    func powerLoss() throws {
        var network = WrittenNetwork()
        network.nodes[0].measure(1, sent: 10, heard: 6_900)
        network.nodes[2].measure(1, sent: 10, heard: 7_400)
        network.look(from: 0, until: 19_000, only: [0, 2])
        network.samples.insert(network.nodes[1].look(at: 5_000), at: 0)
        for peer in [0, 2] { network.nodes[peer].lose(1, at: 20_000 + Int64(peer), .timedOut) }
        network.nodes[1].restart(at: 60_000)
        for peer in [0, 2] { network.link(peer, 1, at: 61_000) }
        network.look(from: 61_000, until: 90_000)
        #expect(try faults(network) == [.powerLoss(of: 1, at: .milliseconds(37_400), for: .milliseconds(52_600))])
    }

    @Test("a restart of a node that nobody asks is seen by its peers' handshakes")
    func unaskedNode() throws {
        var network = WrittenNetwork()
        network.look(from: 0, until: 7_000, only: [0, 1])
        for peer in [0, 1] { network.nodes[peer].lose(2, at: 8_000, .endOfStream, by: .peer) }
        network.look(from: 9_000, until: 10_000, only: [0, 1])
        network.nodes[2].restart(at: 10_500)
        network.link(0, 2, at: 11_000)
        network.link(1, 2, at: 11_300)
        network.look(from: 12_000, until: 20_000, only: [0, 1])
        #expect(try faults(network) == [.kill(2, at: .seconds(38), down: .seconds(3))])
        #expect(try network.learn().faults.first?.comment.contains("by its handshake") == true)
    }

    @Test("a host that stays away is down to the end, and the file says that nobody can tell why")
    func staysAway() throws {
        var network = WrittenNetwork()
        network.look(from: 0, until: 7_000)
        for peer in [0, 2] { network.nodes[peer].lose(1, at: 8_000, .reset) }
        network.look(from: 9_000, until: 20_000, away: [1])
        #expect(try faults(network) == [.kill(1, at: .seconds(38), down: .seconds(12))])
        #expect(try network.learn().text.contains("nobody can tell from outside"))
    }

    @Test("a node that only does not answer questions is up as long as its peers are linked with it")
    func deafServer() throws {
        var network = WrittenNetwork()
        network.look(from: 0, until: 7_000)
        network.look(from: 8_000, until: 20_000, away: [1])
        #expect(try faults(network).isEmpty)
        #expect(try network.learn().remarks.contains { $0.contains("two did not answer at the end") })
    }

    @Test("a stall that every later look tells of is one stall, and the links that it cost are no outage")
    func stall() throws {
        var network = WrittenNetwork()
        network.look(from: 0, until: 4_000)
        network.nodes[2].loop.note(
            late: .milliseconds(4_200), wall: WallTime(milliseconds: WrittenNetwork.origin + 10_200)
        )
        network.part(0, 2, at: 9_500, .pingTimeout, .endOfStream)
        network.link(0, 2, at: 11_000)
        network.look(from: 12_000, until: 20_000)
        #expect(try faults(network) == [.stall(2, at: .seconds(36), for: .milliseconds(4_200))])
    }

    @Test("two hosts that lost each other while both were there have a broken path until their next link")
    func outage() throws {
        var network = WrittenNetwork()
        network.nodes[0].measure(1, sent: 10, heard: 10_000)
        network.nodes[1].measure(0, sent: 10, heard: 9_000)
        network.look(from: 0, until: 20_000)
        network.nodes[0].lose(1, at: 25_000, .timedOut)
        network.nodes[1].lose(0, at: 27_000, .pingTimeout)
        network.nodes[0].fail(1, at: 30_000, .connectTimeout)
        network.link(0, 1, at: 40_000)
        network.look(from: 41_000, until: 50_000)
        let found = try faults(network)
        #expect(found.count == 1)
        #expect(found.first?.at == .seconds(40))
        #expect(
            found.first?.kind
                == .drop(from: .index(0), to: .index(1), bothWays: true, duration: .seconds(30), answer: .silence))
    }

    @Test("two hosts that nobody saw linked although one tried are cut off from each other from the start")
    func neverLinked() throws {
        var network = WrittenNetwork()
        network.nodes[0].lose(1, at: -40_000, .timedOut)
        network.nodes[1].lose(0, at: -40_000, .timedOut)
        network.look(from: 0, until: 3_000)
        network.nodes[0].fail(1, at: 3_500, .connectTimeout)
        network.look(from: 4_000, until: 9_000)
        let found = try faults(network)
        #expect(found.map(\.at) == [.zero])
        #expect(
            found.first?.kind == .drop(from: .index(0), to: .index(1), bothWays: true, duration: nil, answer: .silence))
    }

    @Test("a reset between two that live is one reset, though both ends tell of it")
    func reset() throws {
        var network = WrittenNetwork()
        network.look(from: 0, until: 4_000)
        network.part(1, 2, at: 5_000, .reset)
        network.link(1, 2, at: 5_400)
        network.look(from: 6_000, until: 9_000)
        #expect(try faults(network) == [Scenario.Fault(at: .seconds(35), kind: .reset(.index(1), .index(2)))])
    }

    @Test("what policies did to their links is told and made no fault of")
    func churn() throws {
        var network = WrittenNetwork()
        network.look(from: 0, until: 1_000)
        for second in Int64(2)...5 {
            network.part(0, 1, at: second * 1_000, .duplicate, .endOfStream, by: .us)
            network.link(0, 1, at: second * 1_000 + 500)
        }
        network.look(from: 6_000, until: 9_000)
        let learnt = try network.learn()
        #expect(learnt.faults.isEmpty)
        #expect(learnt.churn == ["one and two: 4 × duplicate at one, 4 × end-of-stream at two"])
    }

    @Test("what ended before the first look is no part of the recording")
    func history() throws {
        var network = WrittenNetwork()
        network.part(0, 1, at: -20_000, .timedOut)
        network.link(0, 1, at: -10_000)
        network.look(from: 0, until: 9_000)
        #expect(try faults(network).isEmpty)
    }

    @Test("a wall clock that jumps and comes back, and a machine that slept, are told apart")
    func clocks() throws {
        var network = WrittenNetwork()
        network.look(from: 0, until: 3_000)
        network.nodes[0].ahead = 7_000
        network.nodes[1].slept = 5_000
        network.look(from: 9_000, until: 12_000)
        network.nodes[0].ahead = 0
        network.look(from: 13_000, until: 16_000)
        let found = try faults(network)
        #expect(found.count == 2)
        #expect(
            found.contains(
                Scenario.Fault(at: .seconds(39), kind: .clock(.index(0), by: .seconds(7), duration: .seconds(4)))))
        #expect(
            found.contains(Scenario.Fault(at: .milliseconds(33_500), kind: .suspend(.index(1), duration: .seconds(5)))))
    }

    @Test("a masternode that was never seen is without power, or without a process where its kernel refuses")
    func neverSeen() throws {
        var network = WrittenNetwork()
        for peer in [0, 1] { network.nodes[peer].lose(2, at: -40_000, .endOfStream) }
        network.look(at: 0, only: [0, 1])
        network.nodes[0].fail(2, at: 500, .connectionRefused)
        network.look(from: 1_000, until: 5_000, only: [0, 1])
        #expect(try faults(network) == [.kill(2, at: .zero, down: .seconds(86_400))])
        network.nodes[1].fail(2, at: 5_500, .connectTimeout)
        network.look(at: 6_000, only: [0, 1])
        #expect(try faults(network) == [.powerLoss(of: 2, at: .zero)])
    }

    @Test("a masternode that nobody tried to reach, or that answered, is no fault")
    func unknown() throws {
        var network = WrittenNetwork()
        for peer in [0, 1] { network.nodes[peer].lose(2, at: -40_000, .endOfStream) }
        network.look(from: 0, until: 5_000, only: [0, 1])
        #expect(try faults(network).isEmpty)
        #expect(try network.learn().remarks.contains { $0.hasPrefix("Nothing is known of three") })
        network.nodes[0].fail(2, at: 5_500, .tooManyLinks)
        network.look(at: 6_000, only: [0, 1])
        #expect(try faults(network).isEmpty)
        #expect(try network.learn().remarks.contains { $0.hasPrefix("three answered, yet no node") })
    }

    @Test("a node that starts within the recording starts then")
    func start() throws {
        var network = WrittenNetwork()
        for peer in [0, 1] { network.nodes[peer].lose(2, at: -40_000, .endOfStream) }
        network.look(from: 0, until: 3_000, away: [2])
        network.nodes[2].restart(at: 4_000)
        for peer in [0, 1] { network.link(peer, 2, at: 4_300) }
        network.look(from: 5_000, until: 9_000)
        let scenario = try network.scenario()
        #expect(scenario.faults.isEmpty)
        #expect(scenario.startAt == [nil, nil, .seconds(34)])
    }
}
