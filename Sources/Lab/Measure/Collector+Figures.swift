import Kernel

extension Collector {
    /// Closes the books and makes the run's figures. What a run cannot have is left out.
    func finish(at now: Int64, simulation: borrowing Simulation) -> RunMetrics {
        allChanged(in: simulation)
        for host in hostMeters.indices { hostMeters[host].account(until: now, warmUp: warmUp) }
        var metrics = RunMetrics(seed: simulation.seed)
        let hours = seconds(now) / 3600
        let nodes = Double(nodeCount)
        recordLinks(&metrics, now, perNodeHour: 1 / (hours * nodes), hours: hours)
        recordWaits(&metrics, now)
        let members = simulation.hosts.filter { !$0.isStranger }
        recordBlocks(&metrics, now, heights: members.map { $0.node?.chainStatus.height ?? 0 })
        let cost = 1 / (hours * nodes)
        metrics.record(.messages, Double(simulation.cost.messages) * cost)
        metrics.record(.bytes, Double(simulation.cost.bytes) * cost)
        metrics.record(.wakeups, Double(simulation.cost.wakeups) * cost)
        metrics.record(.logLines, Double(tally.logLines) * cost)
        metrics.record(.heldConnections, Double(tally.mostHeld))
        if scenario.network.service != nil { metrics.record(.loopWait, seconds(tally.longestWait)) }
        if scenario.supervisor != nil { metrics.record(.restarts, Double(tally.restarts) * cost) }
        return metrics
    }

    func timeline(of simulation: borrowing Simulation) -> [PairTimeline] {
        pairs.indices.compactMap { index in
            pairs[index].finish(at: simulation.now)
            guard !pairs[index].spans.isEmpty else { return nil }
            let names = (simulation.hosts[pairs[index].first].name, simulation.hosts[pairs[index].second].name)
            return PairTimeline(name: "\(names.0)–\(names.1)", spans: pairs[index].spans, ends: pairs[index].ends)
        }
    }

    func recordLinks(_ metrics: inout RunMetrics, _ now: Int64, perNodeHour: Double, hours: Double) {
        let alive = hostMeters.flatMap(\.links).filter(\.isDialler).map { seconds(now - $0.upAt) }
        metrics[.linkLifetime] = Samples(values: tally.lifetimes, censored: alive)
        // A reconnect is counted once, at the dialler, and both nodes of the pair live with it.
        let reconnects = pairs.map { Double($0.reconnects) }
        metrics.record(.reconnects, reconnects.reduce(0, +) * perNodeHour)
        if let median = Quantiles.median(reconnects), let most = reconnects.max() {
            metrics.record(.reconnectsPerPairMedian, median / hours)
            metrics.record(.reconnectsPerPairMaximum, most / hours)
        }
        recordDials(&metrics, perNodeHour: perNodeHour)
        if tally.handshakesBegun > 0 {
            metrics.record(.handshakeSuccess, Double(tally.handshakesCompleted) / Double(tally.handshakesBegun))
        }
        metrics.record(.duplicateCloses, Double(tally.duplicateCloses) * perNodeHour)
        let meters = hostMeters.filter { $0.aliveTime > 0 && !$0.isStranger }
        if !meters.isEmpty {
            let mean = meters.reduce(0) { $0 + $1.peerTime / Double($1.aliveTime) } / Double(meters.count)
            metrics.record(.connectedPeers, mean)
            metrics.record(.connectedPeersMinimum, Double(meters.compactMap(\.leastPeers).min() ?? 0))
        }
        let from = max(warmUp, waits.lastStart ?? now)
        if now > from, !pairs.isEmpty {
            let useful = pairs.reduce(0.0) { $0 + Double($1.usefulTime) }
            metrics.record(.pairAvailability, useful / (Double(now - from) * Double(pairs.count)))
        }
        if let ratio = tally.requests.ratio(at: now) { metrics.record(.usefulReplies, ratio) }
        metrics.record(.falseDisconnects, Double(tally.falseDisconnects) * perNodeHour)
        let useless = hostMeters.flatMap(\.links).compactMap(\.uselessSince).reduce(0) { $0 + now - $1 }
        metrics.record(.zombieLink, seconds(tally.zombie + useless))
    }

    /// How many dials there were, and how evenly they fell on the nodes.
    private func recordDials(_ metrics: inout RunMetrics, perNodeHour: Double) {
        let dials = hostMeters.filter { !$0.isStranger }.map { Double($0.dials) }
        guard let most = dials.max() else { return }
        let sum = dials.reduce(0, +)
        let mean = sum / Double(dials.count)
        let squares = dials.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        metrics.record(.dials, sum * perNodeHour)
        metrics.record(.dialsMaximum, most)
        metrics.record(.dialsDeviation, (squares / Double(dials.count)).squareRoot())
    }

    func recordWaits(_ metrics: inout RunMetrics, _ now: Int64) {
        if let start = waits.lastStart {
            metrics[.mesh] =
                waits.meshAt.map { Samples(values: [seconds($0 - start)]) }
                ?? Samples(values: [], censored: [seconds(now - start)])
        }
        let open = waits.missed + waits.detections.map { seconds(now - $0.since) }
        let all = waits.detected.count + open.count
        if all > 0 {
            metrics[.detection] = Samples(values: waits.detected, censored: open)
            metrics.record(.detectionNever, Double(open.count) / Double(all))
        }
        let unrecovered = waits.recoverySince.map { [seconds(now - $0)] } ?? []
        metrics[.recovery] = Samples(values: waits.recoveries, censored: unrecovered)
    }

    /// - Parameter heights: of the chain that each host held at the end.
    func recordBlocks(_ metrics: inout RunMetrics, _ now: Int64, heights: [UInt64]) {
        // Slot 0 runs when the nodes start, and a slot that begins with the end of the run has had no time.
        let slots = max(0, now - 1) / scenario.network.slotInterval.nanoseconds
        guard slots > 0 else { return }
        let sorted = heights.sorted(by: >)
        let height = sorted[(2 * sorted.count + 2) / 3 - 1]
        metrics.record(.blocksProduced, Double(height))
        metrics.record(.blockSuccess, min(1, Double(height) / Double(slots)))
        metrics.record(.missedSlots, max(0, 1 - Double(height) / Double(slots)))
        metrics.record(.forks, Double(blocks.forks))
    }
}
