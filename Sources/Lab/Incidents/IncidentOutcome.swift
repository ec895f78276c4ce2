/// What the runs of a reproduced incident gave: the profile with the fault beside node.yaml, on the same seeds.
public struct IncidentOutcome: Sendable {
    let reproduction: Incident.Reproduction
    /// One point per seed that has the metric.
    let faulty: [RunPoint]
    let control: [RunPoint]
    let node: [RunPoint]
    private let seeds: Int

    /// - Parameters:
    ///   - faulty: runs of the profile with the fault.
    ///   - control: runs of the same profile without it; none where the whole profile is the fault.
    ///   - node: runs of node.yaml on the same seeds.
    public init(_ reproduction: Incident.Reproduction, faulty: [RunMetrics], control: [RunMetrics], node: [RunMetrics])
    {
        self.reproduction = reproduction
        let point = { (run: RunMetrics) in
            run[reproduction.metric].flatMap { RunPoint($0, shape: reproduction.metric.shape) }
        }
        self.faulty = faulty.compactMap(point)
        self.control = control.compactMap(point)
        self.node = node.compactMap(point)
        seeds = faulty.count
    }

    /// The fault showed on every seed.
    public var isReproduced: Bool {
        faulty.count == seeds && seeds > 0 && faulty.allSatisfy { reproduction.bound.isPassed(by: $0) }
    }

    /// Nothing else in the profile does it: without the fault it showed on no seed.
    public var isOwedToFault: Bool { !control.contains { reproduction.bound.isPassed(by: $0) } }

    /// node.yaml stayed on the good side on every seed.
    public var isHeldByNode: Bool {
        node.count == seeds && seeds > 0 && node.allSatisfy { !reproduction.bound.isPassed(by: $0) }
    }

    /// The median over the seeds lies where the arithmetic put it.
    public var isAsExpected: Bool { RunPoint.median(faulty).map { reproduction.expectation.contains($0) } ?? false }

    /// `144/h`: the median over the seeds.
    public var faultyText: String { text(faulty) }
    public var controlText: String { text(control) }
    public var nodeText: String { text(node) }

    /// `140 to 150/h`, `1000 s or more`.
    public var expectationText: String {
        let unit = reproduction.metric.unit
        let from = NumberText.value(reproduction.expectation.from, unit)
        guard let to = reproduction.expectation.to else {
            return NumberText.valueWithUnit(reproduction.expectation.from, unit) + " or more"
        }
        if to == reproduction.expectation.from { return NumberText.valueWithUnit(to, unit) }
        return "\(from) to \(NumberText.valueWithUnit(to, unit))"
    }

    private func text(_ points: [RunPoint]) -> String {
        guard let median = RunPoint.median(points) else { return NumberText.absent }
        return (median.isLowerBound ? "≥" : "") + NumberText.valueWithUnit(median.value, reproduction.metric.unit)
    }
}
