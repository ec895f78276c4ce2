import Kernel

extension ObservedRun {
    /// Looks at every pair again, and at the wait for recovery.
    func reviewAll(at now: Int64) {
        for pair in books.pairs.indices { review(pair, at: now) }
        reviewRecovery(at: now)
    }

    private func review(_ index: Int, at now: Int64) {
        let (first, second) = (books.pairs[index].first, books.pairs[index].second)
        let forth = reviewLinks(of: first, with: second, at: now)
        let back = reviewLinks(of: second, with: first, at: now)
        let isUseful = canDeliver(first, second) && canDeliver(second, first)
        let state: TimelineState =
            if forth + back == 0 { .down } else if !isUseful { .zombie } else if forth > 1, back > 1 { .double } else {
                .up
            }
        if forth > 0, back > 0, !books.pairs[index].wasLinked {
            books.pairs[index].wasLinked = true
            books.linkedPairs += 1
        }
        books.pairs[index].change(
            to: state, isUseful: isUseful, at: now,
            countingFrom: max(books.warmUp, books.waits.lastStart ?? .max)
        )
        if books.waits.meshAt == nil, books.waits.lastStart != nil, books.linkedPairs == books.pairs.count {
            books.waits.meshAt = now
        }
    }

    /// Runs the zombie clock of one host's links with a peer.
    /// - Returns: how many there are.
    private func reviewLinks(of host: Int, with peer: Int, at now: Int64) -> Int {
        var count = 0
        for index in books.hostMeters[host].links.indices where books.hostMeters[host].links[index].peer == peer {
            count += 1
            let link = books.hostMeters[host].links[index]
            let isUseful = delivers(link.socket)
            if isUseful, let since = link.uselessSince {
                books.tally.zombie += now - since
                books.hostMeters[host].links[index].uselessSince = nil
            } else if !isUseful, link.uselessSince == nil {
                books.hostMeters[host].links[index].uselessSince = now
            }
        }
        return count
    }

    /// A node with several links to a peer is taken to use one that works, if one does: reports do not say which.
    private func canDeliver(_ from: Int, _ to: Int) -> Bool {
        books.hostMeters[from].isAlive
            && books.hostMeters[from].links.contains { $0.peer == to && delivers($0.socket) }
    }

    private func reviewRecovery(at now: Int64) {
        guard let since = books.waits.recoverySince else { return }
        let isWhole = books.pairs.allSatisfy {
            $0.isUseful || !books.hostMeters[$0.first].isHealthy || !books.hostMeters[$0.second].isHealthy
        }
        guard isWhole else { return }
        books.waits.recoveries.append(books.seconds(now - since))
        books.waits.recoverySince = nil
    }

    // MARK: Figures

    /// Closes the books. What such a run cannot have (messages, bytes, wake-ups) is left out.
    ///
    /// - Parameter now: the end of the run.
    package func finish(seed: UInt64, at now: Int64) -> RunMetrics {
        reviewAll(at: now)
        for host in books.hostMeters.indices { books.hostMeters[host].account(until: now, warmUp: books.warmUp) }
        var metrics = RunMetrics(seed: seed)
        let hours = books.seconds(now) / 3600
        let perNodeHour = 1 / (hours * Double(books.hostMeters.count))
        books.recordLinks(&metrics, now, perNodeHour: perNodeHour, hours: hours)
        books.recordWaits(&metrics, now)
        books.recordBlocks(&metrics, now, heights: heights)
        metrics.record(.logLines, Double(books.tally.logLines) * perNodeHour)
        return metrics
    }

    /// Each pair's history, where it was asked for.
    package func timeline(at now: Int64) -> [PairTimeline] {
        books.pairs.indices.compactMap { index in
            books.pairs[index].finish(at: now)
            guard !books.pairs[index].spans.isEmpty else { return nil }
            let hosts = scenario.network.hosts
            let name = "\(hosts[books.pairs[index].first].name)–\(hosts[books.pairs[index].second].name)"
            return PairTimeline(name: name, spans: books.pairs[index].spans)
        }
    }
}
