/// What one run measured for one metric.
public struct Samples: Sendable, Hashable {
    /// Completed observations, in the metric's unit: one for a figure, many for waits.
    public var values: [Double]
    /// Waits that had not ended when the run did, by their age then.
    public var censored: [Double]

    /// Makes samples from completed and censored observations.
    public init(values: [Double], censored: [Double] = []) {
        self.values = values
        self.censored = censored
    }

    /// Completed and censored observations together.
    public var count: Int { values.count + censored.count }

    /// No observation at all: the same as an absent metric.
    public var isEmpty: Bool { values.isEmpty && censored.isEmpty }

    /// Appends another run's observations.
    public mutating func append(_ other: Samples) {
        values += other.values
        censored += other.censored
    }
}

/// The figures of one run. A metric that the run could not have is absent, never zero.
public struct RunMetrics: Sendable, Hashable {
    private struct Entry: Sendable, Hashable {
        var metric: Metric
        var samples: Samples
    }

    /// The seed that the run was drawn from.
    public var seed: UInt64
    private var entries: [Entry] = []

    /// Makes a run without figures.
    public init(seed: UInt64) {
        self.seed = seed
    }

    /// The samples of a metric. Setting `nil`, or samples without an observation, removes it; an observation that is
    /// not finite is left out.
    public subscript(metric: Metric) -> Samples? {
        get {
            entries.first { $0.metric == metric }?.samples
        }
        set {
            entries.removeAll { $0.metric == metric }
            guard let newValue else { return }
            let finite = Samples(
                values: newValue.values.filter(\.isFinite),
                censored: newValue.censored.filter(\.isFinite)
            )
            if !finite.isEmpty {
                entries.append(Entry(metric: metric, samples: finite))
            }
        }
    }

    /// Records the one figure of a metric.
    public mutating func record(_ metric: Metric, _ value: Double) {
        self[metric] = Samples(values: [value])
    }

    /// The metrics that the run has, in the catalogue's order.
    public var metrics: [Metric] {
        Metric.all.filter { metric in entries.contains { $0.metric == metric } }
    }
}
