/// Something that was claimed about a network before and after a fix, and how to tell whether it is so.
public struct Claim: Sendable, Hashable {
    /// What a measured median has to be like for a claim to hold.
    public enum Expectation: Sendable, Hashable {
        case atLeast(Double)
        case atMost(Double)
        case below(Double)
        case between(Double, Double)
        /// The nearest whole number lies in the range: for means of things that are counted.
        case wholeBetween(Double, Double)
        /// Within a factor of two: for a bare number that was claimed without a tolerance.
        case about(Double)
        /// More than half had not ended when the run did.
        case unlimited
        /// At least this share (0…1) less than the profile from before the fix.
        case reducedBy(Double)
    }

    /// A metric and what it has to be like.
    public struct Measure: Sendable, Hashable {
        /// Whose median is judged.
        public var metric: Metric
        /// What it is judged by.
        public var expectation: Expectation

        /// Makes a measure.
        public init(_ metric: Metric, _ expectation: Expectation) {
            self.metric = metric
            self.expectation = expectation
        }
    }

    /// How a statement can be tested.
    public enum Evidence: Sendable, Hashable {
        /// All of these have to hold.
        case measures([Measure])
        /// Nothing here measures it, for this reason.
        case notMeasurable(String)
    }

    /// A claim as it was made, and its test.
    public struct Statement: Sendable, Hashable {
        /// The claim.
        public var text: String
        /// Its test.
        public var evidence: Evidence

        /// Makes a statement that measures can test.
        public init(_ text: String, _ measures: Measure...) {
            self.text = text
            evidence = .measures(measures)
        }

        /// Makes a statement that nothing here can test.
        public init(_ text: String, notMeasurable reason: String) {
            self.text = text
            evidence = .notMeasurable(reason)
        }
    }

    /// What the claim is about.
    public var subject: String
    /// What was claimed of the time before the fix; `nil` where nothing was.
    public var before: Statement?
    /// What was promised for the time after it.
    public var after: Statement
    /// What is wrong with the claim whatever is measured.
    public var note: String?

    /// Makes a claim.
    public init(_ subject: String, before: Statement? = nil, after: Statement, note: String? = nil) {
        self.subject = subject
        self.before = before
        self.after = after
        self.note = note
    }
}

/// What became of a statement.
public enum ClaimOutcome: Sendable, Hashable, CustomStringConvertible {
    /// It holds; the measured values.
    case held(String)
    /// It does not; the measured values.
    case notHeld(String)
    /// It cannot be told; why.
    case notMeasurable(String)

    /// The sentence of the table.
    public var description: String {
        switch self {
        case .held(let measured): "held: measured \(measured)"
        case .notHeld(let measured): "not held: measured \(measured)"
        case .notMeasurable(let reason): "cannot be measured here (\(reason))"
        }
    }
}
