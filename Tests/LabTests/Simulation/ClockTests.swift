import Kernel
import Testing
import Wire

@testable import Lab

/// One host's wall clock is wrong.
struct ClockTests {
    private func found(_ outcome: TwoHosts.Outcome, _ host: String) -> [(offset: ClockOffset, isWrong: Bool)] {
        outcome.events(of: host).compactMap {
            if case .clockOffset(let offset, let isWrong) = $0.event { (offset, isWrong) } else { nil }
        }
    }

    private func hosts(_ fault: Scenario.Fault, styles: String = "handshake: signed") -> TwoHosts {
        var hosts = TwoHosts(links: "\(styles), direction: pair-hash", duration: .seconds(120), faults: [fault])
        hosts.network = { network in
            network.hosts += zip(["C", "D", "E", "F"], 3...).map { name, last in
                Scenario.NetworkModel.Host(
                    name: name, endpoint: Endpoint(ip: IPAddress(version4: 0xc000_0200 | last), port: 24_100)
                )
            }
        }
        return hosts
    }

    @Test("a clock that is 20 s ahead is told once, by its own node alone, within a tenth", arguments: [1, 2, 3])
    func ahead(seed: UInt64) throws {
        let fault = Scenario.Fault(at: .zero, kind: .clock(.index(0), by: .seconds(20), duration: nil))
        let outcome = try hosts(fault).run(seed: seed)
        let told = found(outcome, "A")
        #expect(told.count == 1)
        let first = try #require(told.first)
        #expect(first.isWrong)
        #expect(abs(first.offset.offset.seconds - 20) < 2)
        #expect(first.offset.peers >= 3)
        for host in ["B", "C", "D", "E", "F"] { #expect(found(outcome, host).isEmpty) }
    }

    @Test("a clock that is set wrong while links are up is told too, and told again when it is right")
    func setMeanwhile() throws {
        let fault = Scenario.Fault(
            at: .seconds(40), kind: .clock(.index(0), by: .seconds(-20), duration: .seconds(40)))
        var hosts = hosts(fault)
        hosts.liveness = "use: ping-pong, ping-pong: {interval: 5s}"
        let told = found(try hosts.run(), "A")
        #expect(told.map(\.isWrong) == [true, false])
        #expect(abs((told.first?.offset.offset.seconds ?? 0) + 20) < 2)
    }

    @Test("the dialler learns the other end's clock in every style of handshake", arguments: ["ack", "verdict"])
    func otherStyles(style: String) throws {
        let fault = Scenario.Fault(at: .zero, kind: .clock(.index(0), by: .seconds(20), duration: nil))
        var hosts = TwoHosts(
            links: "handshake: \(style), direction: lower-address, passive_wait: unset", duration: .seconds(60),
            faults: [fault]
        )
        hosts.warmUp = .seconds(5)
        let told = found(try hosts.run(), "A")
        #expect(told.count == 1)
        #expect(abs((told.first?.offset.offset.seconds ?? 0) - 20) < 0.1)
    }
}
