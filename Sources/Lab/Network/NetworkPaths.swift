import Kernel

/// What happens to a segment between two hosts: latency, jitter, loss, and what stands in the way.
///
/// Every draw is a function of the seed and of what it is for, so that the same pair has the same latency in every
/// profile that meets the seed, and no draw moves another.
struct NetworkPaths {
    let seed: UInt64
    let latency: ClosedRange<Int64>
    let jitter: Int64
    /// Lost segments in a million.
    let loss: UInt64
    /// Pairs of which the scenario says what lies between them.
    let measured: MeasuredPaths
    /// Directed pairs whose segments all vanish; small, searched in order. A path that two faults block stands twice.
    private(set) var blocked: [BlockedPath] = []
    /// Since when each of them is blocked, in nanoseconds.
    private var blockedSince: [Int64] = []
    /// Hosts whose firewall drops incoming connection requests and lets everything else pass.
    private(set) var closedInbound: [Int] = []
    /// Hosts behind an address translator.
    private(set) var translators: [Translator] = []
    /// Hosts whose segments, both ways, are slow or get lost.
    private(set) var weather: [Weather] = []
    /// Hosts behind a proxy that ends their peers' TCP connections and acknowledges in their name.
    private(set) var proxied: [Int] = []

    init(of network: Scenario.NetworkModel, seed: UInt64) {
        self.seed = seed
        latency = network.latency.lowerBound.nanoseconds...network.latency.upperBound.nanoseconds
        jitter = network.jitter.nanoseconds
        loss = UInt64(network.lossPerMillion)
        measured = MeasuredPaths(of: network)
    }

    /// Segments from one host to another vanish, or are answered in its name.
    struct BlockedPath: Equatable {
        let from: Int
        let to: Int
        var answer = BlockAnswer.silence
    }

    /// A host behind an address translator that forgets a connection which was idle for `idle` nanoseconds.
    struct Translator: Equatable {
        let host: Int
        let idle: Int64
    }

    /// What a host's segments suffer beyond what all do.
    struct Weather: Equatable {
        let host: Int
        let latency: Int64
        /// Lost segments in a million.
        let loss: UInt64
        /// When it is over, in nanoseconds; never for the greatest number.
        let until: Int64
    }

    /// One-way latency of a pair, the same both ways, in nanoseconds.
    func baseLatency(_ first: Int, _ second: Int) -> Int64 {
        if let path = measured[first, second] { return path.latency }
        let low = UInt64(min(first, second))
        let high = UInt64(max(first, second))
        var mixer = SplitMix64(state: seed ^ 0x6c61_7465_6e63_7900 ^ (low << 32 | high))
        return latency.lowerBound + Int64(mixer.next() % UInt64(latency.upperBound - latency.lowerBound + 1))
    }

    /// Nanoseconds that one segment over a pair's `base` latency takes that leaves at `departure`, lost tries included: each
    /// costs a retransmission timeout. A try suffers what its own moment brings: bad weather that is over by then no more.
    func delay(
        base: Int64, from: Int, to: Int, connection: UInt64, segment: UInt64, departure: Int64
    ) -> Int64 {
        if weather.isEmpty, jitter == 0, loss == 0, measured.isEmpty { return base }
        var draw = SegmentDraw(of: self, from: from, to: to, connection: connection, segment: segment)
        var conditions = conditions(base: base, from: from, to: to, at: departure)
        var waited: Int64 = 0
        var timeout = 2 * conditions.latency + 200_000_000
        while draw.isLost(conditions.loss) {
            waited += timeout
            timeout = min(2 * timeout, Retransmission.maximumTimeout)
            if !weather.isEmpty { conditions = self.conditions(base: base, from: from, to: to, at: departure + waited) }
        }
        return waited + conditions.latency + draw.jitter
    }

    /// The same for a segment that nobody sends again; nil where it gets lost.
    func tryDelay(
        base: Int64, from: Int, to: Int, connection: UInt64, segment: UInt64, departure: Int64
    ) -> Int64? {
        if weather.isEmpty, jitter == 0, loss == 0, measured.isEmpty { return base }
        var draw = SegmentDraw(of: self, from: from, to: to, connection: connection, segment: segment)
        let conditions = conditions(base: base, from: from, to: to, at: departure)
        return draw.isLost(conditions.loss) ? nil : conditions.latency + draw.jitter
    }

    /// One-way latency without jitter, in nanoseconds, and lost segments in a million, at a moment to come.
    private func conditions(base: Int64, from: Int, to: Int, at moment: Int64) -> (latency: Int64, loss: UInt64) {
        var conditions = (latency: base, loss: measured[from, to]?.loss ?? loss)
        for cloud in weather where (cloud.host == from || cloud.host == to) && cloud.until > moment {
            conditions.latency += cloud.latency
            conditions.loss = min(999_999, conditions.loss + cloud.loss)
        }
        return conditions
    }

    /// The longest that a segment which is not lost can take now, one way.
    func longest(base: Int64, from: Int, to: Int) -> Int64 {
        var longest = base + (measured[from, to]?.jitter ?? jitter)
        for cloud in weather where cloud.host == from || cloud.host == to { longest += cloud.latency }
        return longest
    }

    /// What is drawn for one segment.
    private struct SegmentDraw {
        /// Nanoseconds on top of the latency.
        let jitter: Int64
        private var mixer: SplitMix64

        init(of paths: NetworkPaths, from: Int, to: Int, connection: UInt64, segment: UInt64) {
            mixer = SplitMix64(state: paths.seed ^ connection &* 0x9e37_79b9 ^ segment << 20 ^ UInt64(from))
            let most = paths.measured[from, to]?.jitter ?? paths.jitter
            jitter = most > 0 ? Int64(mixer.next().multipliedFullWidth(by: UInt64(most)).high) : 0
        }

        mutating func isLost(_ loss: UInt64) -> Bool { loss > 0 && mixer.next() % 1_000_000 < loss }
    }

    func isBlocked(from: Int, to: Int) -> Bool {
        !blocked.isEmpty && blocked.contains { $0.from == from && $0.to == to }
    }

    /// Since when a path is blocked; nil where it is open.
    func blockedSince(from: Int, to: Int) -> Int64? {
        if blocked.isEmpty { return nil }
        return zip(blocked, blockedSince).lazy.filter { $0.0.from == from && $0.0.to == to }.map(\.1).min()
    }

    /// How a blocked path answers; nil where it is open.
    func answer(from: Int, to: Int) -> BlockAnswer? {
        blocked.isEmpty ? nil : blocked.first { $0.from == from && $0.to == to }?.answer
    }

    func dropsRequests(to host: Int) -> Bool {
        (!closedInbound.isEmpty && closedInbound.contains(host)) || isTranslated(host)
    }

    func isProxied(_ host: Int) -> Bool { !proxied.isEmpty && proxied.contains(host) }

    private func isTranslated(_ host: Int) -> Bool {
        !translators.isEmpty && translators.contains { $0.host == host }
    }

    @inline(__always) var hasTranslators: Bool { !translators.isEmpty }

    /// How long a connection between two hosts may be idle before a translator on its way forgets it, in nanoseconds; nil
    /// where there is none.
    func mappingLife(_ first: Int, _ second: Int) -> Int64? {
        if translators.isEmpty { return nil }
        return translators.filter { $0.host == first || $0.host == second }.map(\.idle).min()
    }

    mutating func block(_ path: BlockedPath, at now: Int64) {
        blocked.append(path)
        blockedSince.append(now)
    }

    mutating func unblock(_ path: BlockedPath) {
        guard let index = blocked.firstIndex(of: path) else { return }
        blocked.remove(at: index)
        blockedSince.remove(at: index)
    }

    mutating func closeInbound(_ host: Int) { closedInbound.append(host) }

    mutating func openInbound(_ host: Int) { Self.removeOne(host, from: &closedInbound) }

    mutating func add(_ translator: Translator) { translators.append(translator) }

    mutating func remove(_ translator: Translator) { Self.removeOne(translator, from: &translators) }

    mutating func add(_ cloud: Weather) { weather.append(cloud) }

    mutating func remove(_ cloud: Weather) { Self.removeOne(cloud, from: &weather) }

    mutating func addProxy(_ host: Int) { proxied.append(host) }

    mutating func removeProxy(_ host: Int) { Self.removeOne(host, from: &proxied) }

    /// Two faults may do the same thing at once; the end of one is not the end of the other.
    private static func removeOne<Element: Equatable>(_ element: Element, from list: inout [Element]) {
        if let index = list.firstIndex(of: element) { list.remove(at: index) }
    }
}

/// What becomes of a segment that a filter does not let through.
public enum BlockAnswer: String, Sendable, Hashable, CaseIterable {
    /// Nothing; the sender never learns.
    case silence
    /// An RST in the receiver's name.
    case reset
    /// An ICMP message: a dial fails at once, an open connection goes on trying.
    case unreachable
}
