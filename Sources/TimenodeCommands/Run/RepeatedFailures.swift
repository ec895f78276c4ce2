import Kernel
import Wire

/// Keeps a peer that stays away, or that turns this node away, from filling the log: of failed dials in a row for one
/// reason, the 1st, 2nd, 4th, 8th and so on are told at their level, the others only at `debug`. The why-ledger has them
/// all.
struct RepeatedFailures: Sendable {
    /// Beyond this many addresses everything is forgotten, which costs a few lines more.
    static let limit = 1_024

    private struct Series {
        var reason: Reason
        var count: Int
    }

    var network: NetworkView
    /// Look-up only.
    private var series: [Endpoint: Series] = [:]

    init(network: NetworkView) {
        self.network = network
    }

    /// How many failures in a row this event is, and whether it is one to tell; nil for any other event.
    mutating func note(_ event: Event) -> (count: Int, isTold: Bool)? {
        switch event {
        case .dialFailed(_, let endpoint, let reason),
            .linkEnded(_, _, let endpoint, let reason, _, wasUp: false, direction: .dialled):
            if series.count >= Self.limit, series[endpoint] == nil { series = [:] }
            var current = series[endpoint] ?? Series(reason: reason, count: 0)
            if current.reason != reason { current = Series(reason: reason, count: 0) }
            current.count += 1
            series[endpoint] = current
            return (current.count, current.count & (current.count - 1) == 0)
        case .linkUp(_, let identity, let remote, _):
            series[network.masternode(identity)?.endpoint ?? remote] = nil
            return nil
        default: return nil
        }
    }
}
