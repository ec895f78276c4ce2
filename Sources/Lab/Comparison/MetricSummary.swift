/// One cell of the table: a metric of one profile over all seeds.
public struct MetricSummary: Sendable, Hashable {
    /// What is summarised.
    public var metric: Metric
    /// The median over seeds of each run's figure; of its Kaplan–Meier median where the metric is a wait.
    public var median: Double
    /// More than half had not ended when the run did: the median lies at or beyond the value.
    public var medianIsLowerBound: Bool
    /// The 95 % bootstrap interval of the median over seeds; `nil` with a single seed.
    public var interval: Interval?
    /// The 5th percentile: over all observations of all runs for waits, else over the seeds.
    public var p5: Double?
    /// The 50th percentile, as `p5`; `nil` for waits of which too few ended.
    public var p50: Double?
    /// The 99th percentile, as `p5`; `nil` for waits of which too few ended.
    public var p99: Double?
    /// The share of waits that had not ended, 0…1; `nil` for figures.
    public var censoredShare: Double?
    /// All observations of all runs.
    public var samples: Samples
    /// Runs that have the metric.
    public var runs: Int

    /// Summarises the runs that have the metric; `nil` if none has.
    init?(_ metric: Metric, runs: [RunMetrics]) {
        var pooled = Samples(values: [])
        var points: [RunPoint] = []
        for run in runs {
            guard let samples = run[metric], let point = RunPoint(samples, shape: metric.shape) else { continue }
            pooled.append(samples)
            points.append(point)
        }
        guard let median = RunPoint.median(points) else { return nil }
        self.metric = metric
        self.median = median.value
        medianIsLowerBound = median.isLowerBound
        interval = Bootstrap.medianInterval(points.map(\.value))
        samples = pooled
        self.runs = points.count
        switch metric.shape {
        case .figure:
            let values = points.map(\.value).sorted()
            p5 = Quantiles.quantile(sorted: values, 0.05)
            p50 = Quantiles.quantile(sorted: values, 0.5)
            p99 = Quantiles.quantile(sorted: values, 0.99)
            censoredShare = nil
        case .timeToEvent:
            let estimate = KaplanMeier(pooled)
            p5 = estimate.quantile(0.05)
            p50 = estimate.quantile(0.5)
            p99 = estimate.quantile(0.99)
            censoredShare = estimate.censoredShare
        }
    }

    var point: RunPoint { RunPoint(value: median, isLowerBound: medianIsLowerBound) }
}

/// One profile's side of a comparison.
public struct ProfileSummary: Sendable, Hashable {
    /// The name that tables show.
    public var name: String
    /// Where the profile was read.
    public var path: String
    /// The digest of the effective profile.
    public var digest: String
    /// A summary per metric that a run has, in the catalogue's order.
    public var metrics: [MetricSummary]
    /// The name of the first profile with the same effective values, if there is one before this one: the two differ in
    /// nothing that a run depends on.
    public var original: String?

    /// The summary of a metric; `nil` where no run has it.
    public subscript(metric: Metric) -> MetricSummary? {
        metrics.first { $0.metric == metric }
    }
}
