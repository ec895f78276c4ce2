/// One row of a comparison: what is measured, in which unit, which way is better, and how large a difference has
/// to be before it may name a winner.
///
/// The catalogue is closed: ``all`` lists every metric in display order, and each has a name in code
/// (``linkLifetime``), so that a misspelt key does not compile.
public struct Metric: Sendable, Hashable {
    /// What a value of the metric counts.
    public enum Unit: String, Sendable, Hashable {
        case seconds
        case perHour = "per_hour"
        case ratio
        case count
        case bytes
        case percent

        /// The short form behind a title; empty where the number speaks for itself.
        public var suffix: String {
            switch self {
            case .seconds: "s"
            case .perHour: "/h"
            case .ratio, .count: ""
            case .bytes: "B"
            case .percent: "%"
            }
        }
    }

    /// Which direction is the better one; `neither` never names a winner.
    public enum Better: String, Sendable, Hashable {
        case lower
        case higher
        case neither
    }

    /// What the samples of one run are.
    public enum Shape: String, Sendable, Hashable {
        /// One figure for the whole run.
        case figure
        /// Many waits for an event, some of which may still last at the end of the run (censored).
        case timeToEvent = "time_to_event"
    }

    /// The smallest difference that may name a winner: the larger of the two parts.
    public struct MinimumEffect: Sendable, Hashable {
        /// In the metric's own unit.
        public var absolute: Double
        /// As a share of the value that is compared against, 0…1.
        public var relative: Double

        /// Makes an effect from both of its parts.
        public init(absolute: Double, relative: Double) {
            self.absolute = absolute
            self.relative = relative
        }

        /// The threshold in the metric's unit when the other side has the value `base`.
        public func threshold(against base: Double) -> Double {
            max(absolute, relative * base.magnitude)
        }
    }

    /// The stable name in JSON, for example `link_lifetime_seconds`.
    public let key: String
    /// The unit of every value.
    public let unit: Unit
    /// Which direction is the better one.
    public let better: Better
    /// One figure a run, or many waits.
    public let shape: Shape
    /// A short title without the unit.
    public let title: String
    /// What exactly is counted, in one line.
    public let definition: String
    /// The smallest difference that may name a winner.
    public let minimumEffect: MinimumEffect

    init(
        _ key: String,
        _ title: String,
        _ unit: Unit,
        _ better: Better,
        shape: Shape = .figure,
        absolute: Double,
        relative: Double,
        _ definition: String
    ) {
        self.key = key
        self.unit = unit
        self.better = better
        self.shape = shape
        self.title = title
        self.definition = definition
        minimumEffect = MinimumEffect(absolute: absolute, relative: relative)
    }

    /// The title with its unit, as a table shows it: `Link lifetime, s`.
    public var label: String {
        unit.suffix.isEmpty ? title : "\(title), \(unit.suffix)"
    }

    /// The metric of a key, or `nil` where the catalogue has none.
    public static func named(_ key: String) -> Metric? {
        all.first { $0.key == key }
    }

    /// Metrics are the same when their keys are.
    public static func == (left: Metric, right: Metric) -> Bool {
        left.key == right.key
    }

    /// Hashes the key.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(key)
    }
}
