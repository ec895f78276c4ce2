/// What the evidence says about a difference.
public enum DifferenceVerdict: String, Sendable, Hashable {
    /// Beyond the minimum effect, after Holm's correction, on the better side of the reference.
    case better
    /// The same on the worse side.
    case worse
    /// The same for a metric of which neither direction is the better one.
    case different
    /// The whole interval lies within the minimum effect.
    case noDifference = "no difference"
    /// Neither can be said: more seeds are needed.
    case undecided
}

/// A profile against the reference, paired by seed.
public struct MetricDifference: Sendable, Hashable {
    /// What is compared.
    public var metric: Metric
    /// The name of the profile.
    public var profile: String
    /// The name of the reference.
    public var reference: String
    /// The median over seeds of profile minus reference, in the metric's unit.
    public var difference: Double
    /// The 95 % paired bootstrap interval of the difference; `nil` with a single pair.
    public var interval: Interval?
    /// The two-sided p-value of the sign-flip test.
    public var pValue: Double
    /// The p-value after Holm's correction over the differences of the table.
    public var adjustedPValue: Double
    /// The smallest difference that may count here, in the metric's unit.
    public var minimumEffect: Double
    /// What follows from all of that.
    public var verdict: DifferenceVerdict
    /// Seeds in which both have the metric.
    public var pairs: Int
}

/// The profile that is better than every other one in a row of the table.
public struct RowWinner: Sendable, Hashable {
    /// The row.
    public var metric: Metric
    /// The winning profile's name.
    public var profile: String
    /// The largest p-value against any other profile, after Holm's correction over the rows.
    public var adjustedPValue: Double
}
