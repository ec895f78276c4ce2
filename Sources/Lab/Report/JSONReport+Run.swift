/// One run as JSON.
extension JSONReport {
    /// `{"seed":…,"digest":…,"verdict":…,"violations":[{"property":…,"seconds":…,"detail":…}],"events":…,
    /// "metrics":{KEY:{"values":[…],"censored":[…]}}}`, keys in catalogue order.
    public static func run(_ result: RunResult) -> String {
        let metrics = Metric.all.compactMap { metric -> String? in
            guard let samples = result.metrics[metric] else { return nil }
            let values = samples.values.map(number).joined(separator: ",")
            let censored = samples.censored.map(number).joined(separator: ",")
            return "\"\(metric.key)\":{\"values\":[\(values)],\"censored\":[\(censored)]}"
        }
        let violations = result.verdict.violations.map {
            "{\"property\":\"\($0.property.rawValue)\",\"seconds\":\(number($0.seconds)),"
                + "\"detail\":\(TextEscape.json($0.detail))}"
        }
        return "{\"seed\":\(result.seed),\"digest\":\"\(result.digest)\",\"verdict\":\"\(result.verdict.word)\","
            + "\"violations\":[\(violations.joined(separator: ","))],\"events\":\(result.events),"
            + "\"metrics\":{\(metrics.joined(separator: ","))}}\n"
    }

    private static func number(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : String(value)
    }
}
