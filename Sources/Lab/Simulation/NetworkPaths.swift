import Kernel

/// What happens to a segment between two hosts: latency, jitter, loss, and what is blocked.
///
/// Every draw is a function of the seed and of what it is for, so that the same pair has the same latency in every
/// profile that meets the seed, and no draw moves another.
struct NetworkPaths {
    let seed: UInt64
    let latency: ClosedRange<Int64>
    let jitter: Int64
    /// Lost segments in a million.
    let loss: UInt64
    /// Directed pairs whose segments all vanish; small, searched in order.
    private(set) var blocked: [BlockedPath] = []
    /// Hosts whose firewall drops incoming connection requests and lets everything else pass.
    private(set) var closedInbound: [Int] = []

    struct BlockedPath: Equatable {
        let from: Int
        let to: Int
    }

    /// One-way latency of a pair, the same both ways, in nanoseconds.
    func baseLatency(_ first: Int, _ second: Int) -> Int64 {
        let low = UInt64(min(first, second))
        let high = UInt64(max(first, second))
        var mixer = SplitMix64(state: seed ^ 0x6c61_7465_6e63_7900 ^ (low << 32 | high))
        return latency.lowerBound + Int64(mixer.next() % UInt64(latency.upperBound - latency.lowerBound + 1))
    }

    /// Nanoseconds that one segment over a pair's `base` latency takes, lost tries included: each costs a retransmission timeout.
    func delay(base: Int64, from: Int, connection: UInt64, segment: UInt64) -> Int64 {
        guard jitter > 0 || loss > 0 else { return base }
        var mixer = SplitMix64(state: seed ^ connection &* 0x9e37_79b9 ^ segment << 20 ^ UInt64(from))
        var delay = base
        if jitter > 0 { delay += Int64(mixer.next().multipliedFullWidth(by: UInt64(jitter)).high) }
        guard loss > 0 else { return delay }
        var timeout = 2 * base + 200_000_000
        while mixer.next() % 1_000_000 < loss {
            delay += timeout
            timeout *= 2
        }
        return delay
    }

    func isBlocked(from: Int, to: Int) -> Bool {
        !blocked.isEmpty && blocked.contains(BlockedPath(from: from, to: to))
    }

    func dropsRequests(to host: Int) -> Bool { !closedInbound.isEmpty && closedInbound.contains(host) }

    mutating func block(from: Int, to: Int) {
        if !isBlocked(from: from, to: to) { blocked.append(BlockedPath(from: from, to: to)) }
    }

    mutating func unblock(from: Int, to: Int) { blocked.removeAll { $0 == BlockedPath(from: from, to: to) } }

    mutating func closeInbound(_ host: Int) { closedInbound.append(host) }

    mutating func openInbound(_ host: Int) { closedInbound.removeAll { $0 == host } }
}
