/// One entry of the incident catalogue: what broke in a real network, by what mechanism, and where it stands here.
public struct Incident: Sendable {
    /// `A5`: a letter for the subject and a number.
    public var id: String
    /// What happened, in a sentence.
    public var title: String
    /// How it came about, constants included.
    public var mechanism: String
    public var status: Status

    /// Where an incident stands.
    public enum Status: Sendable {
        /// A shipped scenario shows it, on a profile that had the fault.
        case reproduced(Reproduction)
        /// A type keeps it from happening, and a test says so.
        case impossible(Impossibility)
        /// The model or the modules lack something.
        case notModelled(why: String, needs: String)
    }

    /// Why something cannot happen here.
    public struct Impossibility: Sendable {
        /// The type, and what about it rules the fault out.
        public var type: String
        public var because: String
        /// The name of the test that would fail.
        public var test: String
    }

    /// How to see it happen.
    public struct Reproduction: Sendable {
        /// The scenario's name.
        public var scenario: String
        /// The path of the profile.
        public var profile: String
        /// What is changed in it to make room for the fault, such as another fault that is put out of the way.
        public var surroundings: [String]
        /// What is changed in it to have the fault; empty where the profile has it as it stands. Without these it does
        /// not show.
        public var fault: [String]
        public var metric: Metric
        public var bound: Bound
        public var expectation: Expectation
        /// False where node.yaml fails as well: a finding of its own.
        public var isHeldByNode: Bool
        /// What is changed in node.yaml before it is compared, such as a module that it does not use by itself.
        public var nodeChanges: [String]
        /// What the run said that the expectation did not.
        public var finding: String?
    }

    /// What was worked out before the run.
    public struct Expectation: Sendable {
        public var from: Double
        /// Nil: no upper end, as with a wait that outlasts the run.
        public var to: Double?
        /// The arithmetic.
        public var because: String

        func contains(_ point: RunPoint) -> Bool {
            guard let to else { return point.value >= from }
            return !point.isLowerBound && (from...to).contains(point.value)
        }
    }

    /// Beyond which value of the metric a profile has the fault.
    public enum Bound: Sendable {
        case above(Double)
        case below(Double)

        func isPassed(by point: RunPoint) -> Bool {
            switch self {
            case .above(let limit): point.value > limit
            case .below(let limit): point.value < limit && !point.isLowerBound
            }
        }
    }
}
