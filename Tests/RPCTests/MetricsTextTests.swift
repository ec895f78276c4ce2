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

    @Test(
        "a network's name cannot break out of its label",
        arguments: [
            ("a\"b\\c\nd", #"a\"b\\c\nd"#),
            // One character for people, and two for whoever reads the page.
            ("a\r\nb", #"a \nb"#), ("a\"\u{301}b", "a\\\"\u{301}b"), ("a\\\u{301}b", "a\\\\\u{301}b"),
            ("a\n\u{301}", "a\\n\u{301}"),
        ]
    )
    func escaping(name: String, label: String) {
        let text = MetricsText.of(Fixture.status(of: name))
        #expect(text.unicodeScalars.contains("network=\"\(label)\"}".unicodeScalars))
        #expect(!text.unicodeScalars.contains("\r"))
        let lines = { (text: String) in text.unicodeScalars.count { $0 == "\n" } }
        #expect(lines(text) == lines(MetricsText.of(Fixture.status(of: "plain"))))
    }

    @Test("readiness, its reasons and what does not mend itself have series")
    func readiness() {
        var ledger = StatusLedger(network: Fixture.network)
        ledger.record(
            .linkEnded(
                LinkID(number: 1), Fixture.friend, Fixture.endpoint(2), .identityInUse, .peer, wasUp: false,
                direction: .dialled
            ),
            at: .zero, wall: Fixture.wall
        )
        let lines = MetricsText.of(Fixture.status(ledger: ledger, active: 1)).split(separator: "\n")
        #expect(lines.contains("timenode_ready 0"))
        #expect(lines.contains(#"timenode_not_ready{reason="too-few-masternodes"} 1"#))
        #expect(lines.contains(#"timenode_not_ready{reason="before-genesis"} 0"#))
        #expect(lines.contains(#"timenode_problems_total{code="identity-in-use"} 1"#))
        #expect(MetricsText.of(Fixture.status()).contains("\ntimenode_last_block_age_seconds 0.25\n"))
    }
}
