/// A comparison as JSON, schema 1. Members that do not apply (an interval of a single seed, a percentile that too few
/// waits reached, a metric that no run has) are absent, never zero.
public enum JSONReport {
    /// Renders the document; it ends with a line feed. The same comparison gives the same bytes.
    public static func render(_ comparison: Comparison) -> String {
        var members: Members = [
            ("schema", .integer(1)),
            ("scenario", .string(comparison.scenario)),
            ("driver", .string(comparison.driver)),
            ("duration_seconds", .number(comparison.durationSeconds)),
            ("seeds", .array(comparison.seeds.map { .integer($0) })),
        ]
        if let planned = comparison.plannedSeeds {
            members += [("partial", .bool(true)), ("planned_seeds", .integer(UInt64(planned)))]
        }
        members += [
            ("reference", .string(comparison.reference)),
            ("level", .number(Comparison.level)),
            ("seeds_needed", .integer(UInt64(comparison.seedsNeeded))),
            ("profiles", .array(comparison.profiles.map(profile))),
            ("differences", .array(comparison.differences.map(difference))),
            ("winners", .array(comparison.winners.map(winner))),
            ("definitions", .array(comparison.metrics.map(definition))),
        ]
        return OrderedJSON.object(members).text() + "\n"
    }

    private typealias Members = [(key: String, value: OrderedJSON)]

    private static func profile(_ profile: ProfileSummary) -> OrderedJSON {
        var members: Members = [
            ("name", .string(profile.name)),
            ("path", .string(profile.path)),
            ("digest", .string(profile.digest)),
        ]
        if let original = profile.original { members.append(("same_as", .string(original))) }
        members.append(("metrics", .object(profile.metrics.map { ($0.metric.key, summary($0)) })))
        return .object(members)
    }

    private static func summary(_ summary: MetricSummary) -> OrderedJSON {
        var members: Members = [("median", .number(summary.median))]
        if summary.medianIsLowerBound { members.append(("median_is_lower_bound", .bool(true))) }
        members += optional("low", summary.interval?.low)
        members += optional("high", summary.interval?.high)
        members += optional("p5", summary.p5)
        members += optional("p50", summary.p50)
        members += optional("p99", summary.p99)
        members += optional("censored_share", summary.censoredShare)
        members.append(("samples", .integer(UInt64(summary.samples.count))))
        members.append(("runs", .integer(UInt64(summary.runs))))
        return .object(members)
    }

    private static func difference(_ difference: MetricDifference) -> OrderedJSON {
        var members: Members = [
            ("metric", .string(difference.metric.key)),
            ("profile", .string(difference.profile)),
            ("reference", .string(difference.reference)),
            ("difference", .number(difference.difference)),
        ]
        members += optional("low", difference.interval?.low)
        members += optional("high", difference.interval?.high)
        members += [
            ("p", .number(difference.pValue)),
            ("p_adjusted", .number(difference.adjustedPValue)),
            ("minimum_effect", .number(difference.minimumEffect)),
            ("verdict", .string(difference.verdict.rawValue)),
            ("pairs", .integer(UInt64(difference.pairs))),
        ]
        return .object(members)
    }

    private static func winner(_ winner: RowWinner) -> OrderedJSON {
        .object([
            ("metric", .string(winner.metric.key)),
            ("profile", .string(winner.profile)),
            ("p_adjusted", .number(winner.adjustedPValue)),
        ])
    }

    private static func definition(_ metric: Metric) -> OrderedJSON {
        .object([
            ("key", .string(metric.key)),
            ("title", .string(metric.title)),
            ("unit", .string(metric.unit.rawValue)),
            ("better", .string(metric.better.rawValue)),
            ("minimum_absolute", .number(metric.minimumEffect.absolute)),
            ("minimum_relative", .number(metric.minimumEffect.relative)),
            ("definition", .string(metric.definition)),
        ])
    }

    private static func optional(_ key: String, _ value: Double?) -> Members {
        value.map { [(key, .number($0))] } ?? []
    }
}
