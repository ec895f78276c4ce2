import Kernel
import Wire

/// The first of the two ends of a connection.
struct HalfEnd {
    let reason: Reason
    /// The other end's end adds nothing.
    let isCounted: Bool
}

extension Collector {
    /// Counts the end of a connection whose link was up at either end: once, when and why its first end ended it.
    ///
    /// The other end hears of it later, as `end-of-stream` or `reset`, which says nothing about the cause. A process
    /// that is gone gives no reason; its peers do when they notice.
    func noteFirstEnd(of link: LinkID, at host: Int, _ reason: Reason, _ simulation: borrowing Simulation) {
        let own = hostMeters[host].links.first { $0.link == link }
        // A place in the table of sockets may have a new connection by the time a stalled process hears of the old one.
        guard let socket = own?.socket ?? simulation.place(of: link, host) else { return }
        let connection = own?.connection ?? simulation.sockets[socket].connection
        let peer = own?.peer ?? simulation.sockets[socket ^ 1].host
        // Nobody was where the dial went.
        guard peer >= 0 else { return }
        let first = halfEnded.removeValue(forKey: connection)
        if let first, first.isCounted || own == nil { return }
        let isUpThere = hostMeters[peer].links.contains { $0.connection == connection }
        let counts = own != nil || isUpThere
        // The other end may come up on its own after this one has ended: an answer was on its way.
        if first == nil, simulation.sockets[socket ^ 1].link != nil {
            halfEnded[connection] = HalfEnd(reason: reason, isCounted: counts)
        }
        guard counts else { return }
        let reason = first?.reason ?? reason
        let now = simulation.now
        let hasAnother = hostMeters[host].links.contains { $0.peer == peer && $0.connection != connection }
        history.end(
            reason.rawValue, span: RunHistory.span(of: now, in: scenario.duration.nanoseconds),
            isStranding: !hasAnother
        )
        if collectsTimeline, let pair = pair(host, peer) {
            pairs[pair].ends.append(LinkEndMark(at: seconds(now), reason: reason.rawValue))
        }
    }

    /// The history of the whole run.
    func finishedHistory(at now: Int64) -> RunHistory {
        var history = history
        history.nodes = nodeCount
        let interval = max(scenario.network.slotInterval.nanoseconds, 1)
        let duration = scenario.duration.nanoseconds
        // Slots are counted as for the missed ones of the table: slot 0 runs while the nodes start.
        for slot in stride(from: interval, to: max(now, 1), by: Int(interval)) {
            history.slots[RunHistory.span(of: slot, in: duration)] += 1
        }
        for slot in blocks.slots where slot > 0 {
            let begins = Int64(clamping: slot).multipliedReportingOverflow(by: interval)
            guard !begins.overflow, begins.partialValue < now else { continue }
            history.filledSlots[RunHistory.span(of: begins.partialValue, in: duration)] += 1
        }
        for moment in blocks.forkedAt { history.forks[RunHistory.span(of: moment, in: duration)] += 1 }
        return history
    }
}
