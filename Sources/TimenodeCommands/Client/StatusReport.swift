import Kernel
import Profile

/// A node's status for people.
enum StatusReport {
    static func text(_ status: NodeStatus) -> String {
        """
        node         \(status.name ?? "not in the network file")
        identity     \(status.identity.hex)
        network      \(status.network)
        address      \(status.address)\(dialability(status))
        uptime       \(age(status.uptimeSeconds))
        version      \(status.version)
        height       \(status.height) (\(status.hash))
        masternodes  \(status.activeMasternodes) active, \(status.minimumMasternodes) needed for blocks
        peers        \(status.connectedPeers) connected
        links        \(status.counters.linksUp) came up, \(status.counters.linksLost) lost, \
        \(status.counters.refusals) dials refused, \(status.counters.dialsFailed) dials failed
        blocks       \(status.counters.blocksProduced) made, \(status.counters.ownSlotsSkipped) own slots skipped
        ready        \(readiness(status))

        """ + problems(status)
    }

    private static func readiness(_ status: NodeStatus) -> String {
        guard let readiness = status.readiness else { return "unknown" }
        guard !readiness.isReady else { return "yes" }
        return "no: " + readiness.reasons.map { "\($0.code.rawValue): \($0.text)" }.joined(separator: "; ")
    }

    /// One line for each thing that does not mend itself.
    private static func problems(_ status: NodeStatus) -> String {
        (status.problems ?? []).map { problem in
            let time = TimestampText.format(milliseconds: max(0, problem.at.milliseconds))
            return
                "problem      \(problem.code.rawValue), \(problem.count) times, last at \(time): \(problem.code.remedy)\n"
        }.joined()
    }

    private static func dialability(_ status: NodeStatus) -> String {
        guard let word = status.dialability else { return "" }
        let place = word.address == status.address ? "" : " at \(word.address)"
        guard let reason = word.reason else { return " (peers can dial it\(place))" }
        return " (peers cannot dial it\(place): \(reason.rawValue))"
    }

    static func table(_ peers: [PeerStatus]) -> String {
        var table = TextTable([
            "PEER", "ADDRESS", "STATE", "DIRECTION", "AGE", "RTT", "SMOOTHED", "DIALS", "UP", "LOST", "LAST END",
        ])
        for peer in peers {
            table.add([
                peer.name ?? peer.identity.map { "\($0)" } ?? "-", "\(peer.address)", peer.state.rawValue,
                peer.direction?.rawValue ?? "-", peer.ageSeconds.map(age) ?? "-",
                // The smoothed one holds every acknowledgement that the other host has put off, up to 40 ms each.
                peer.path.map { roundTrip($0.leastRoundTripMicroseconds) } ?? "-",
                peer.path.map { roundTrip($0.roundTripMicroseconds) } ?? "-", "\(peer.tallies.dials)",
                "\(peer.tallies.linksUp)",
                "\(peer.tallies.linksLost)", peer.last.last?.inWords ?? "-",
            ])
        }
        return table.text
    }

    /// Callers that have proven nothing, the latest ten networks of them; empty where there are none.
    static func callers(_ groups: [CallerGroup]) -> String {
        guard !groups.isEmpty else { return "" }
        var table = TextTable(["CALLERS WITHOUT PROOF", "ATTEMPTS", "LAST", "LAST ADDRESS", "MOSTLY"])
        for group in groups.prefix(10) {
            let time = TimestampText.format(milliseconds: max(0, group.lastAt.milliseconds))
            let most = group.ends.max { $0.count < $1.count }
            table.add([
                group.name, "\(group.attempts)", time, "\(group.lastAddress)",
                most.map { "\($0.outcome.rawValue): \($0.reason.rawValue)" } ?? "-",
            ])
        }
        let rest = groups.count - 10
        return "\n" + table.text + (rest > 0 ? "and \(rest) networks more\n" : "")
    }

    /// Two digits that count, or more: `0.05ms`, `3.1ms`, `87ms`.
    private static func roundTrip(_ microseconds: Int64) -> String {
        let hundredths = (microseconds + 5) / 10
        if hundredths >= 1_000 { return "\((hundredths + 50) / 100)ms" }
        if hundredths >= 100 { return "\(hundredths / 100).\(hundredths / 10 % 10)ms" }
        return "0.\(hundredths < 10 ? "0" : "")\(hundredths)ms"
    }

    /// Whole seconds: `1h2m3s`.
    private static func age(_ seconds: Double) -> String {
        DurationText.format(.seconds(Int64(min(max(0, seconds), 1e12))))
    }
}
