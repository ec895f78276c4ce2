/// What a profile costs: messages, bytes, wake-ups and log lines, a bar per profile from zero.
struct CostFigure {
    private static let metrics: [Metric] = [.messages, .bytes, .wakeups, .logLines, .cpu, .residentBytes]

    let comparison: Comparison

    var section: [Markup] {
        let drawn = Self.metrics.filter { comparison.metrics.contains($0) }
        guard !drawn.isEmpty else { return [] }
        return [
            Markup("h2", ["id": "cost"], "Cost"),
            Markup("p", "Medians over the seeds; the line is the 95 % interval. Every bar begins at zero."),
            Markup("div", ["class": "panels"], drawn.map(panel)),
        ]
    }

    private func panel(_ metric: Metric) -> Markup {
        let rows = comparison.profiles.compactMap { profile in profile[metric].map { (profile.name, $0) } }
        let most = rows.map { max($0.1.median, $0.1.interval?.high ?? 0) }.max() ?? 0
        let lanes = rows.map { name, summary in
            let share = { (value: Double) in most > 0 ? max(value, 0) / most : 0 }
            var shapes = [
                Markup.shape("rect", ["class": "groove", "width": "100%", "y": "3", "height": "10"]),
                .shape(
                    "rect",
                    [
                        "class": name == comparison.reference ? "cost own" : "cost", "y": "3", "height": "10",
                        "width": Lane.percent(share(summary.median)),
                    ]
                ),
            ]
            if let interval = summary.interval, interval.high > interval.low {
                shapes.append(
                    .shape(
                        "line",
                        [
                            "class": "mark", "x1": Lane.percent(share(interval.low)),
                            "x2": Lane.percent(share(interval.high)), "y1": "8", "y2": "8",
                        ]
                    )
                )
            }
            let value = NumberText.valueWithUnit(summary.median, metric.unit)
            return Lane.row(name, note: value, title: "\(name): \(value)", height: 16, shapes)
        }
        return Markup("figure", [Markup("figcaption", metric.label)] + lanes)
    }
}
