extension Claim.Statement {
    /// Judges the statement by a profile's medians.
    ///
    /// - Parameters:
    ///   - profile: the profile that the statement is about; `nil` if it did not take part.
    ///   - baseline: the profile from before the fix, for claims of a reduction.
    public func outcome(for profile: ProfileSummary?, baseline: ProfileSummary?) -> ClaimOutcome {
        switch evidence {
        case .notMeasurable(let reason):
            return .notMeasurable(reason)
        case .measures(let measures):
            guard let profile else { return .notMeasurable("the profile did not take part") }
            return Self.combine(measures.map { $0.outcome(for: profile, baseline: baseline) })
        }
    }

    /// One failure fails the statement; short of that, one gap leaves it open.
    private static func combine(_ outcomes: [ClaimOutcome]) -> ClaimOutcome {
        var held: [String] = []
        var failed: [String] = []
        var open: [String] = []
        for outcome in outcomes {
            switch outcome {
            case .held(let text): held.append(text)
            case .notHeld(let text): failed.append(text)
            case .notMeasurable(let text): open.append(text)
            }
        }
        if !failed.isEmpty { return .notHeld(failed.joined(separator: "; ")) }
        if !open.isEmpty || held.isEmpty { return .notMeasurable(open.joined(separator: "; ")) }
        return .held(held.joined(separator: "; "))
    }
}

extension Claim.Measure {
    func outcome(for profile: ProfileSummary, baseline: ProfileSummary?) -> ClaimOutcome {
        guard let summary = profile[metric] else {
            return .notMeasurable("no run has `\(metric.key)`")
        }
        if case .reducedBy(let share) = expectation {
            return reduction(share, summary, baseline?[metric])
        }
        let measured = "\(ComparisonText.median(summary)) (\(metric.title.lowercased()))"
        switch holds(summary.point) {
        case true?: return .held(measured)
        case false?: return .notHeld(measured)
        case nil: return .notMeasurable("the run was too short: measured \(measured)")
        }
    }

    /// Whether the expectation holds; `nil` where all that is known is that the value lies beyond a bound that does
    /// not decide it.
    private func holds(_ point: RunPoint) -> Bool? {
        switch expectation {
        case .unlimited: return point.isLowerBound
        case .atLeast(let bound): return lower(bound, point)
        case .atMost(let bound): return upper(point.value <= bound, point)
        case .below(let bound): return upper(point.value < bound, point)
        case .between(let low, let high): return range(point, low, high)
        case .wholeBetween(let low, let high):
            return range(RunPoint(value: point.value.rounded(), isLowerBound: point.isLowerBound), low, high)
        case .about(let value): return range(point, value / 2, value * 2)
        case .reducedBy: return nil
        }
    }

    private func lower(_ bound: Double, _ point: RunPoint) -> Bool? {
        if point.value >= bound { return true }
        return point.isLowerBound ? nil : false
    }

    private func upper(_ isBelow: Bool, _ point: RunPoint) -> Bool? {
        if !isBelow { return false }
        return point.isLowerBound ? nil : true
    }

    private func range(_ point: RunPoint, _ low: Double, _ high: Double) -> Bool? {
        if point.value > high { return false }
        if point.isLowerBound { return nil }
        return point.value >= low
    }

    private func reduction(_ share: Double, _ summary: MetricSummary, _ baseline: MetricSummary?) -> ClaimOutcome {
        guard let baseline else { return .notMeasurable("no `\(metric.key)` from before the fix to compare with") }
        let change =
            "\(ComparisonText.median(baseline)) before, \(ComparisonText.median(summary)) "
            + "(\(metric.title.lowercased()))"
        guard baseline.median > 0 else { return .notMeasurable("nothing to reduce: \(change)") }
        let reduced = 1 - summary.median / baseline.median
        let direction = reduced < 0 ? "a rise" : "a fall"
        let measured = "\(direction) of \(NumberText.share(reduced.magnitude)), \(change)"
        return reduced >= share ? .held(measured) : .notHeld(measured)
    }
}
