import Kernel
import Wire

// Two ways in which the field's detector differed from a good one, each behind an option.

/// The pings of one link in the running span.
struct PingCount: Codable, Sendable {
    var spanBegan: Instant
    var count: Int
}

extension PingPong {
    /// Whether a link's other end is a masternode of the network file.
    func isMasternode(_ link: Link, _ context: borrowing Context) -> Bool {
        guard let peer = link.peer else { return false }
        return context.network.masternodes.contains { $0.identity == peer }
    }

    /// Counts a ping that came. True when it is one too many by `ping_limit`: the limit, and three forgiven ones.
    mutating func isTooMany(_ link: LinkID, _ now: Instant) -> Bool {
        guard let limit = options.pingLimit else { return false }
        var pings = state.received[link] ?? PingCount(spanBegan: now, count: 0)
        if now - pings.spanBegan >= PingPongOptions.limitSpan { pings = PingCount(spanBegan: now, count: 0) }
        pings.count += 1
        state.received[link] = pings
        return pings.count >= limit + PingPongOptions.forgivenPings
    }
}
