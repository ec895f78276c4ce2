import Testing

@testable import Lab

@Suite struct MetricTests {
    @Test("the catalogue has the keys of the specification, in display order")
    func keys() {
        #expect(
            Metric.all.map(\.key) == [
                "link_lifetime_seconds", "reconnects_per_hour_per_node", "reconnects_per_hour_per_pair_median",
                "reconnects_per_hour_per_pair_max", "dials_per_hour_per_node", "dials_per_node_max",
                "dials_per_node_deviation", "handshake_success_ratio",
                "duplicate_closes_per_hour_per_node", "connected_peers", "connected_peers_minimum", "mesh_seconds",
                "pair_availability_ratio", "useful_reply_ratio", "detection_seconds", "detection_never_ratio",
                "false_disconnects_per_hour_per_node", "zombie_link_seconds", "recovery_seconds",
                "restarts_per_hour_per_node", "blocks_produced", "missed_slot_ratio", "block_success_ratio", "forks",
                "finality_seconds", "messages_per_hour_per_node",
                "bytes_per_hour_per_node", "wakeups_per_hour_per_node", "log_lines_per_hour_per_node",
                "held_connections_max", "loop_wait_seconds_max", "cpu_percent", "resident_bytes",
            ]
        )
    }

    @Test("a key finds its metric, and another key finds none")
    func named() {
        #expect(Metric.all.allSatisfy { Metric.named($0.key) == $0 })
        #expect(Metric.named("link_lifetime") == nil)
    }

    @Test("every metric says what it counts on one line and has a minimum effect")
    func complete() {
        for metric in Metric.all {
            #expect(!metric.title.isEmpty && metric.label.count <= 36)
            #expect(!metric.definition.isEmpty && !metric.definition.contains("\n"))
            #expect(metric.minimumEffect.absolute > 0 && (0..<1).contains(metric.minimumEffect.relative))
        }
    }

    @Test("a run keeps what it was given in the catalogue's order, and nothing that is not a number")
    func runMetrics() {
        var run = RunMetrics(seed: 7)
        run.record(.forks, 0)
        run[.linkLifetime] = Samples(values: [1, .infinity], censored: [.nan, 2])
        run[.detection] = Samples(values: [.nan])
        #expect(run.metrics == [.linkLifetime, .forks])
        #expect(run[.linkLifetime] == Samples(values: [1], censored: [2]))
        run[.forks] = nil
        #expect(run[.forks] == nil && run[.cpu] == nil)
    }
}
