/// Distributions of link lifetime and detection time: a strip per profile on a common axis.
enum DistributionFigure {
    private static let width = 1_000.0
    private static let left = 250.0
    private static let right = 14.0
    private static let rowHeight = 34.0
    private static let bins = 120

    /// The metrics whose whole distribution is worth a picture.
    private static let metrics = [Metric.linkLifetime, .detection]

    static func section(_ comparison: Comparison) -> [Markup] {
        let drawn = metrics.filter { comparison.metrics.contains($0) }
        guard !drawn.isEmpty else { return [] }
        let note =
            "Heights are shares of a profile's samples. Filled: ended; outlined: had not ended (censored). "
            + "Strokes: 5 % and 50 % ended, by Kaplan–Meier."
        return [Markup("h2", "Distributions"), Markup("p", note)]
            + drawn.flatMap { [Markup("h3", $0.label), figure(comparison, $0), table(comparison, $0)] }
    }

    private static func figure(_ comparison: Comparison, _ metric: Metric) -> Markup {
        let rows = comparison.profiles.compactMap { profile in
            profile[metric].map { (name: profile.name, summary: $0) }
        }
        let all = rows.flatMap { $0.summary.samples.values + $0.summary.samples.censored }
        let scale = AxisScale(decadesFrom: all.min() ?? 0, to: all.max() ?? 1)
        var shapes: [Markup] = []
        for (index, row) in rows.enumerated() {
            let base = Double(index + 1) * rowHeight
            shapes.append(
                Markup("text", ["x": number(left - 8), "y": number(base - 6), "text-anchor": "end"], row.name)
            )
            shapes += strip(row.summary, scale, base: base)
        }
        let bottom = Double(rows.count) * rowHeight
        shapes += axis(scale, at: bottom)
        let label = "Distribution of \(metric.title.lowercased()) per profile; the table below has the percentiles."
        return Markup(
            "figure",
            [
                Markup(
                    "svg",
                    ["viewBox": "0 0 \(number(width)) \(number(bottom + 24))", "role": "img", "aria-label": label],
                    shapes
                )
            ]
        )
    }

    private static func strip(_ summary: MetricSummary, _ scale: AxisScale, base: Double) -> [Markup] {
        let ended = histogram(summary.samples.values, scale)
        let open = histogram(summary.samples.censored, scale)
        let tallest = max(zip(ended, open).map { $0 + $1 }.max() ?? 0, 1)
        let unit = (rowHeight - 8) / Double(tallest)
        let barWidth = (width - left - right) / Double(bins)
        var filled = ""
        var outlined = ""
        for bin in 0..<bins {
            let x = left + Double(bin) * barWidth
            let height = Double(ended[bin]) * unit
            if ended[bin] > 0 { filled += bar(x, base, barWidth, height) }
            if open[bin] > 0 { outlined += bar(x, base - height, barWidth, Double(open[bin]) * unit) }
        }
        var shapes = [
            Markup.shape("path", ["class": "axis", "d": "M\(number(left)) \(number(base))H\(number(width - right))"])
        ]
        if !filled.isEmpty { shapes.append(.shape("path", ["class": "up", "d": filled])) }
        if !outlined.isEmpty { shapes.append(.shape("path", ["class": "censored", "d": outlined])) }
        for quantile in [summary.p5, summary.p50].compactMap(\.self) {
            let x = left + scale.position(quantile) * (width - left - right)
            shapes.append(
                .shape("path", ["class": "mark", "d": "M\(number(x)) \(number(base + 3))v-\(number(rowHeight - 6))"]))
        }
        return shapes
    }

    private static func histogram(_ values: [Double], _ scale: AxisScale) -> [Int] {
        var counts = [Int](repeating: 0, count: bins)
        for value in values {
            counts[min(Int(scale.position(value) * Double(bins)), bins - 1)] += 1
        }
        return counts
    }

    private static func axis(_ scale: AxisScale, at y: Double) -> [Markup] {
        scale.ticks.enumerated().flatMap { index, tick -> [Markup] in
            let x = left + scale.position(tick) * (width - left - right)
            let attributes: KeyValuePairs = [
                "class": "faint", "x": number(x), "y": number(y + 18),
                "text-anchor": index == scale.ticks.count - 1 ? "end" : "middle",
            ]
            return [
                .shape("path", ["class": "axis", "d": "M\(number(x)) \(number(y))v5"]),
                Markup("text", attributes, NumberText.number(tick)),
            ]
        }
    }

    private static func table(_ comparison: Comparison, _ metric: Metric) -> Markup {
        let rows = comparison.profiles.compactMap { profile -> Markup? in
            guard let summary = profile[metric] else { return nil }
            let quantiles = [summary.p5, summary.p50, summary.p99].map { value in
                value.map { NumberText.value($0, metric.unit) } ?? "not reached"
            }
            let cells = quantiles + [NumberText.share(summary.censoredShare ?? 0), "\(summary.samples.count)"]
            return Markup(
                "tr",
                [Markup("th", ["scope": "row"], profile.name)] + cells.map { Markup("td", ["class": "n"], $0) }
            )
        }
        return HTMLTables.scrolling(
            id: "distribution-\(metric.key)",
            caption: "\(metric.label): Kaplan–Meier percentiles over all runs",
            header: ["profile", "p5", "p50", "p99", "not ended", "samples"],
            numbers: 1,
            rows: rows
        )
    }

    private static func bar(_ x: Double, _ base: Double, _ width: Double, _ height: Double) -> String {
        "M\(number(x)) \(number(base))v-\(number(height))h\(number(width - 0.5))v\(number(height))z"
    }

    private static func number(_ value: Double) -> String {
        let text = NumberText.fixed(value, decimals: 1)
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
}
