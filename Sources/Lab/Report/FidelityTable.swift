/// The same scenario in the simulator and on the real kernel, metric by metric.
package struct FidelityTable: Sendable {
    /// Times within this share of the real figure agree …
    package static let share = 0.1
    /// … or within one tick of the kernel's timer (250 a second), in seconds.
    package static let tick = 0.004

    package let scenario: String
    package let summary: String
    package let profile: String
    /// How often it was run for real, and in the simulator.
    package let runs: (real: Int, simulated: Int)
    package let rows: [Row]

    /// One side of a row: medians of each run's figure, and the range of those.
    package struct Figure: Sendable, Hashable {
        package var median: Double
        package var low: Double
        package var high: Double
        /// More than half of the waits had not ended: the figure lies at or beyond the value.
        package var isLowerBound: Bool
    }

    /// A metric that both worlds have.
    package struct Row: Sendable, Hashable {
        package let metric: Metric
        /// What `simulated` and `real` count: a rate per hour is shown as the count of a run.
        package let title: String
        package let simulated: Figure
        package let real: Figure
        /// The largest difference of the medians that counts as the same.
        package let tolerance: Double

        /// Simulated less real.
        package var difference: Double { simulated.median - real.median }
        /// As a share of the real figure; nil where that is 0.
        package var deviation: Double? { real.median == 0 ? nil : difference / real.median }

        /// Two waits that neither world saw the end of agree.
        package var isWithin: Bool {
            if simulated.isLowerBound != real.isLowerBound { return false }
            if simulated.isLowerBound { return true }
            // A tolerance is met to the last bit: the sum of a few roundings must not decide.
            return difference.magnitude <= tolerance + 1e-9
        }
    }

    /// - Parameters:
    ///   - hours: the length of a run.
    ///   - nodes: how many there are: with it, rates per hour and node become counts of a run.
    package init(
        scenario: String, summary: String, profile: String, hours: Double, nodes: Int, simulated: [RunMetrics],
        real: [RunMetrics]
    ) {
        self.scenario = scenario
        self.summary = summary
        self.profile = profile
        runs = (real.count, simulated.count)
        rows = Metric.all.compactMap { metric in
            let factor = Self.countFactor(metric, hours: hours, nodes: nodes)
            guard let left = Self.figure(metric, simulated, factor), let right = Self.figure(metric, real, factor)
            else { return nil }
            return Row(
                metric: metric, title: factor == 1 ? metric.label : Self.countTitle(metric), simulated: left,
                real: right, tolerance: Self.tolerance(metric, real: right.median)
            )
        }
    }

    package subscript(metric: Metric) -> Row? { rows.first { $0.metric == metric } }

    private static func figure(_ metric: Metric, _ runs: [RunMetrics], _ factor: Double) -> Figure? {
        let points = runs.compactMap { run in run[metric].flatMap { RunPoint($0, shape: metric.shape) } }
        let values = points.map(\.value)
        guard let median = RunPoint.median(points), let low = values.min(), let high = values.max() else { return nil }
        return Figure(
            median: median.value * factor, low: low * factor, high: high * factor, isLowerBound: median.isLowerBound
        )
    }

    private static func countFactor(_ metric: Metric, hours: Double, nodes: Int) -> Double {
        guard metric.unit == .perHour else { return 1 }
        return metric.key.hasSuffix("_per_node") ? hours * Double(nodes) : hours
    }

    /// Of "Dials per node", "Dials, all nodes".
    private static func countTitle(_ metric: Metric) -> String {
        let title = metric.title
        return title.hasSuffix(" per node") ? "\(title.dropLast(9)), all nodes" : title
    }

    private static func tolerance(_ metric: Metric, real: Double) -> Double {
        switch metric.unit {
        case .seconds: max(share * real.magnitude, tick)
        // Counts have to be equal; medians of an even number of runs may fall between two.
        case .perHour, .bytes: 0
        case .count: metric == .connectedPeers ? metric.minimumEffect.absolute : 0
        case .ratio, .percent: metric.minimumEffect.absolute
        }
    }
}
