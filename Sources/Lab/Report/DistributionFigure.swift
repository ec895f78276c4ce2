/// Distributions of link lifetime and detection time: a strip per profile on a common axis.
enum DistributionFigure {
    private static let bins = 100
    private static let height = 34.0

    /// The metrics whose whole distribution is worth a picture.
    private static let metrics = [Metric.linkLifetime, .detection]

    static func section(_ comparison: Comparison) -> [Markup] {
        let drawn = metrics.filter { comparison.metrics.contains($0) }
        guard !drawn.isEmpty else { return [] }
        return [Markup("h2", ["id": "distributions"], "Distributions"), legend]
            + drawn.flatMap { [Markup("h3", $0.label), figure(comparison, $0), table(comparison, $0)] }
    }

    private static let legend = Markup(
        "ul", ["class": "legend"],
        [
            Markup("li", [sample("ended"), Markup(" ended")]),
            Markup("li", [sample("censored"), Markup(" had not ended when the run or the wait did (censored)")]),
            Markup("li", "Heights are shares of a profile's samples; strokes: 5 % and 50 % ended, by Kaplan–Meier."),
        ]
    )

    private static func sample(_ name: String) -> Markup {
        Markup(
            "svg", ["class": "icon", "width": "14", "height": "12", "aria-hidden": "true"],
            [.shape("path", ["class": name, "d": "M1 1h12v10h-12z"])]
        )
    }

    private static func figure(_ comparison: Comparison, _ metric: Metric) -> Markup {
        let rows = comparison.profiles.compactMap { profile in
            profile[metric].map { (name: profile.name, summary: $0) }
        }
        let all = rows.flatMap { $0.summary.samples.values + $0.summary.samples.censored }
        let scale = AxisScale(decadesFrom: all.min() ?? 0, to: all.max() ?? 1)
        let lanes = rows.map { row -> Markup in
            let summary = row.summary
            let open = NumberText.share(summary.censoredShare ?? 0)
            let median = summary.p50.map { "median \(NumberText.valueWithUnit($0, metric.unit))" } ?? "no median"
            let words = "\(median), \(open) not ended"
            return Lane.row(
                row.name, note: words, title: "\(row.name): \(words), \(summary.samples.count) samples",
                height: Int(height), strip(summary, scale)
            )
        }
        let axis = Lane.axis(scale) { NumberText.clock($0) }
        return Markup(
            "figure", ["aria-label": "Distribution of \(metric.title.lowercased()) per profile"], lanes + [axis])
    }

    private static func strip(_ summary: MetricSummary, _ scale: AxisScale) -> [Markup] {
        let ended = histogram(summary.samples.values, scale)
        let open = histogram(summary.samples.censored, scale)
        let tallest = max(zip(ended, open).map { $0 + $1 }.max() ?? 0, 1)
        let unit = (height - 6) / Double(tallest)
        let filled = Lane.bars(ended.map { (0, Double($0) * unit) }, base: height - 1)
        let outlined = Lane.bars(
            zip(ended, open).map { (Double($0) * unit, Double($1) * unit) }, base: height - 1, gap: 1.5)
        var paths: [Markup] = []
        if !filled.isEmpty { paths.append(.shape("path", ["class": "ended", "d": filled])) }
        if !outlined.isEmpty { paths.append(.shape("path", ["class": "censored", "d": outlined])) }
        let base = Lane.number(height - 0.5)
        var shapes = [
            Lane.stretched(height: height, paths),
            .shape("line", ["class": "axis", "x1": "0", "x2": "100%", "y1": base, "y2": base]),
        ]
        for quantile in [summary.p5, summary.p50].compactMap(\.self) {
            let place = Lane.percent(scale.position(quantile))
            shapes.append(.shape("line", ["class": "mark", "x1": place, "x2": place, "y1": "2", "y2": base]))
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
        let table = HTMLTables.scrolling(
            id: "distribution-\(metric.key)",
            caption: "\(metric.label): Kaplan–Meier percentiles over all runs",
            header: ["profile", "p5", "p50", "p99", "not ended", "samples"],
            numbers: 1,
            rows: rows
        )
        return Markup("details", [Markup("summary", "Percentiles"), table])
    }
}
