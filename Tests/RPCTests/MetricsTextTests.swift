import Testing
import Wire

@testable import Kernel
@testable import RPC

@Suite("The metrics page") struct MetricsTextTests {
    typealias Fixture = StatusFixture

    private func page() -> String {
        var ledger = StatusLedger(network: Fixture.network)
        let wall = WallTime(milliseconds: 0)
        for (number, reason) in Reason.allCases.enumerated() {
            let link = LinkID(number: UInt64(number + 1))
            ledger.record(.linkUp(link, Fixture.friend, Fixture.endpoint(2), .dialled), at: .zero, wall: wall)
            ledger.record(
                .linkEnded(link, Fixture.friend, Fixture.endpoint(2), reason, .us, wasUp: true, direction: .dialled),
                at: .zero, wall: wall
            )
        }
        ledger.record(.messageDropped(nil, .liveness, .notUp), at: .zero, wall: wall)
        ledger.record(.blockRejected(nil, .tooDeep), at: .zero, wall: wall)
        return MetricsText.of(Fixture.status(ledger: ledger, loop: LoopStatus()))
    }

    @Test("each reason has a series of its own, with who decided", arguments: Reason.allCases)
    func reasons(_ reason: Reason) {
        let line = #"timenode_link_ends_total{outcome="lost",reason="\#(reason.rawValue)",ended_by="us"} 1"#
        #expect(page().split(separator: "\n").contains { $0 == line })
    }

    @Test("drops and objections have theirs")
    func drops() {
        let lines = page().split(separator: "\n")
        #expect(lines.contains(#"timenode_messages_dropped_total{channel="liveness",reason="not-up"} 1"#))
        #expect(lines.contains(#"timenode_objections_total{to="block",reason="too-deep"} 1"#))
        #expect(lines.contains(#"timenode_peers{state="down"} 2"#))
        #expect(lines.contains("timenode_links_up_total \(Reason.allCases.count)"))
    }

    @Test("whether others can dial the node is a gauge once they have said", arguments: [nil, Reason.connectTimeout])
    func dialable(_ reason: Reason?) {
        #expect(!page().contains("timenode_dialable"))
        var ledger = StatusLedger(network: Fixture.network)
        let word = Dialability(endpoint: Fixture.endpoint(1), reason: reason)
        ledger.record(.dialability(word, peers: 2), at: .zero, wall: WallTime(milliseconds: 0))
        let lines = MetricsText.of(Fixture.status(ledger: ledger)).split(separator: "\n")
        #expect(lines.contains(reason == nil ? "timenode_dialable 1" : "timenode_dialable 0"))
    }

    @Test("it is what Prometheus reads: each family once, announced before its samples, each series once")
    func format() throws {
        let text = page()
        #expect(text.hasSuffix("\n"))
        var (families, series): ([String], [Substring]) = ([], [])
        var lines = text.split(separator: "\n").makeIterator()
        while let line = lines.next() {
            if line.hasPrefix("# HELP ") {
                let name = String(line.split(separator: " ")[2])
                #expect(!families.contains(name))
                families.append(name)
                let type = lines.next()
                let isCounter = name.hasSuffix("_total")
                #expect(type == "# TYPE \(name) \(isCounter ? "counter" : "gauge")")
                continue
            }
            let sample = try #require(
                line.wholeMatch(of: /([a-z_]+)(\{([a-z_]+="[^"\\]*",?)+\})? [0-9.]+/), "\(line)"
            )
            #expect(String(sample.1) == families.last)
            let key = line.prefix { $0 != " " }
            #expect(!series.contains(key))
            series.append(key)
        }
        #expect(families.count > 15)
    }

    @Test("a network's name cannot break out of its label")
    func escaping() {
        var network = Fixture.network
        network.name = "a\"b\\c\nd"
        let status = NodeStatus(
            identity: Fixture.own, address: Fixture.endpoint(1), version: "1", network: network,
            chain: ChainStatus(height: 0, hash: .genesis, activeMasternodes: 1), links: [],
            ledger: StatusLedger(network: network), now: .zero
        )
        #expect(MetricsText.of(status).contains(#"network="a\"b\\c\nd""#))
    }
}
