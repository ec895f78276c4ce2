import Foundation
import Workloads

/// Whether strangers at 70 % of what the handshake can do cost masternodes a link or make blocks late.
func floodFigures(window: Double, rounds: Int, share: Double, identities: Int) async throws {
    let network = try await BlockTimes(slotMilliseconds: 100)
    let deadline = Date().addingTimeInterval(20)
    while !network.isWhole {
        guard Date() < deadline else { throw Failure("the masternodes are not linked after 20 s") }
        try await Task.sleep(for: .milliseconds(50))
    }
    let strangers = try Child(["strangers", "\(network.port)", "\(identities)"])
    strangers.say("5 0")
    let capacity = Double(try strangers.hear().split(separator: " ")[0]) ?? 0
    try await Task.sleep(for: .seconds(3))
    _ = network.take()
    var quiet: [[Double]] = []
    var flooded: [[Double]] = []
    var (lost, lostQuietly, up, failed) = (0, 0, 0.0, 0)
    for _ in 0..<rounds {
        try await Task.sleep(for: .seconds(window + 0.5))
        let calm = network.take()
        quiet.append(calm.lateness)
        lostQuietly += calm.lostLinks
        strangers.say("\(window) \(capacity * share)")
        let answer = try strangers.hear().split(separator: " ")
        let loud = network.take()
        flooded.append(loud.lateness)
        lost += loud.lostLinks
        up += (Double(answer[0]) ?? 0) / Double(rounds)
        failed += Int(answer[1]) ?? 0
    }
    strangers.end()
    await network.stop()
    report(quiet, flooded, window: window)
    print(
        String(
            format: "    strangers: %.0f links a second came up of %.0f aimed at (%.0f %% of %.0f); %d failed", up,
            capacity * share, share * 100, capacity, failed
        )
    )
    print("    links between masternodes lost: \(lost) under the flood, \(lostQuietly) without")
}

private func report(_ quiet: [[Double]], _ flooded: [[Double]], window: Double) {
    print(
        "flood: 4 masternodes in one process, a block every 100 ms, strangers from as many loopback addresses call one "
            + "of them; \(quiet.count) rounds of \(Int(window)) s without and \(Int(window)) s with them in turn"
    )
    for (name, rows) in [("without", quiet), ("with", flooded)] {
        let all = rows.flatMap { $0 }
        print(
            String(
                format:
                    "  flood/%@  %d acceptances, %.2f ms after the slot's beginning at p50, %.2f at p99, %.2f at most",
                name, all.count, percentile(all, 0.5), percentile(all, 0.99), all.max() ?? 0
            )
        )
    }
    let ratios = zip(quiet, flooded).map { percentile($1, 0.99) / percentile($0, 0.99) }
    print(
        String(
            format: "    p99 with them against p99 without, round by round: %.2f times as late (%.2f to %.2f)",
            median(ratios), ratios.min() ?? 0, ratios.max() ?? 0
        )
    )
}
