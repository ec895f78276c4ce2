import Kernel

extension Scenario.NetworkModel {
    /// What lies between two hosts, where a scenario knows it; the same both ways.
    public struct Path: Sendable, Hashable {
        /// The two hosts by number.
        public var first: Int
        public var second: Int
        /// One-way.
        public var latency: Duration
        /// Added to each segment, drawn below it; nil for the network's.
        public var jitter: Duration?
        /// Lost segments in a million; nil for the network's.
        public var lossPerMillion: Int?

        public init(first: Int, second: Int, latency: Duration, jitter: Duration? = nil, lossPerMillion: Int? = nil) {
            self.first = first
            self.second = second
            self.latency = latency
            self.jitter = jitter
            self.lossPerMillion = lossPerMillion
        }
    }

    /// Jitter between two hosts.
    package func jitter(_ first: Int, _ second: Int) -> Duration { path(first, second)?.jitter ?? jitter }

    /// Lost segments in a million between two hosts.
    package func lossPerMillion(_ first: Int, _ second: Int) -> Int {
        path(first, second)?.lossPerMillion ?? lossPerMillion
    }

    /// The least and the most one-way latency that a pair can have.
    package var latencyRange: ClosedRange<Duration> {
        let latencies = paths.map(\.latency)
        return min(
            latency.lowerBound, latencies.min() ?? latency.lowerBound)...max(
                latency.upperBound, latencies.max() ?? latency.upperBound)
    }

    private func path(_ first: Int, _ second: Int) -> Path? {
        paths.first { ($0.first == first && $0.second == second) || ($0.first == second && $0.second == first) }
    }
}

/// Look-up of what a scenario says of pairs.
struct MeasuredPaths {
    /// Nanoseconds, and lost segments in a million.
    struct Figures {
        var latency: Int64
        var jitter: Int64
        var loss: UInt64
    }

    /// Sorted; the figures of each stand at its place.
    private let keys: [UInt64]
    private let figures: [Figures]

    init(of network: Scenario.NetworkModel) {
        let sorted = network.paths.map { (key: Self.key($0.first, $0.second), path: $0) }.sorted { $0.key < $1.key }
        keys = sorted.map(\.key)
        figures = sorted.map { _, path in
            Figures(
                latency: path.latency.nanoseconds, jitter: (path.jitter ?? network.jitter).nanoseconds,
                loss: UInt64(path.lossPerMillion ?? network.lossPerMillion)
            )
        }
    }

    var isEmpty: Bool { keys.isEmpty }

    subscript(_ first: Int, _ second: Int) -> Figures? {
        if keys.isEmpty { return nil }
        let key = Self.key(first, second)
        var low = 0
        var high = keys.count
        while low < high {
            let middle = (low + high) / 2
            if keys[middle] < key { low = middle + 1 } else { high = middle }
        }
        return low < keys.count && keys[low] == key ? figures[low] : nil
    }

    private static func key(_ first: Int, _ second: Int) -> UInt64 {
        UInt64(min(first, second)) << 32 | UInt64(max(first, second))
    }
}
