/// One run as JSON.
extension JSONReport {
    /// `{"seed":…,"digest":…,"events":…,"metrics":{KEY:{"values":[…],"censored":[…]}}}`, keys in catalogue order.
    public static func run(_ result: RunResult) -> String {
        let metrics = Metric.all.compactMap { metric -> String? in
            guard let samples = result.metrics[metric] else { return nil }
            let values = samples.values.map(number).joined(separator: ",")
            let censored = samples.censored.map(number).joined(separator: ",")
            return "\"\(metric.key)\":{\"values\":[\(values)],\"censored\":[\(censored)]}"
        }
        return "{\"seed\":\(result.seed),\"digest\":\"\(result.digest)\",\"events\":\(result.events),"
            + "\"metrics\":{\(metrics.joined(separator: ","))}}\n"
    }

    private static func number(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : String(value)
    }
}
