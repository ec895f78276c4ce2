/// The tables and lists of the HTML report.
enum HTMLTables {
    static func profiles(_ comparison: Comparison) -> [Markup] {
        let rows = comparison.profiles.map { profile in
            let remark = ComparisonText(comparison).remark(profile).map { " (\($0))" } ?? ""
            return Markup(
                "tr",
                [
                    Markup("th", ["scope": "row"], profile.name + remark),
                    Markup("td", [Markup("code", profile.path)]),
                    Markup("td", [Markup("code", profile.digest)]),
                ]
            )
        }
        return [
            Markup("h2", "Profiles"),
            scrolling(
                id: "profiles",
                caption: "The profiles and the digests of what they came to",
                header: ["profile", "file", "digest"],
                numbers: 3,
                rows: rows
            ),
        ]
    }

    static func medians(_ comparison: Comparison) -> [Markup] {
        guard !comparison.metrics.isEmpty else { return [] }
        let rows = comparison.metrics.map { metric in
            Markup(
                "tr",
                [Markup("th", ["scope": "row"], metric.label)]
                    + comparison.profiles.map { cell(ReportCell(comparison, metric, $0)) }
            )
        }
        var caption = "Medians over the seeds with 95 % bootstrap intervals."
        if comparison.profiles.count > 1 {
            caption +=
                " Verdicts are against \(comparison.reference), paired by seed, beyond the minimum effect and "
                + "after Holm's correction; the winner of a row is better than every other profile."
        }
        caption += " ≥: more than half had not ended. \(NumberText.absent): not measured."
        if comparison.differences.contains(where: { $0.verdict == .noDifference }) { caption += " =: no difference." }
        if comparison.differences.contains(where: { $0.verdict == .undecided }) { caption += " ?: undecided." }
        return [
            Markup("h2", "All metrics"),
            scrolling(
                id: "medians",
                caption: caption,
                header: ["metric"] + comparison.profiles.map(\.name),
                numbers: 1,
                rows: rows
            ),
        ]
    }

    static func verdicts(_ text: ComparisonText) -> [Markup] {
        guard text.isContest else { return [] }
        let losses = text.losses
        var parts = [Markup("h2", ["id": "verdicts"], "Where \(text.comparison.reference) loses")]
        if losses.isEmpty {
            parts.append(Markup("p", "It loses no row."))
        } else {
            parts.append(Markup("ul", losses.map { Markup("li", $0) }))
        }
        if let advice = text.advice { parts.append(Markup("p", advice)) }
        return parts + [differences(text.comparison)]
    }

    static func definitions(_ comparison: Comparison) -> [Markup] {
        let rows = comparison.metrics.map { metric in
            Markup(
                "tr",
                [
                    Markup("th", ["scope": "row"], [Markup("code", metric.key)]),
                    Markup("td", metric.definition),
                    Markup("td", metric.better.rawValue),
                    Markup("td", ComparisonText.minimumEffect(metric)),
                ]
            )
        }
        return [
            Markup("h2", "Definitions"),
            scrolling(
                id: "definitions",
                caption: "What each metric counts, and the smallest difference that may name a winner",
                header: ["metric", "definition", "better", "minimum effect"],
                numbers: 4,
                rows: rows
            ),
        ]
    }

    /// A table that scrolls by itself where the page is too narrow, and that the keyboard can reach for that.
    ///
    /// - Parameters:
    ///   - numbers: the first column of numbers, which stand to the right.
    ///   - texts: columns behind it that are text all the same.
    static func scrolling(
        id: String, caption: String, header: [String], numbers: Int, texts: [Int] = [], rows: [Markup]
    ) -> Markup {
        let columns = header.enumerated().map { index, title in
            Markup("th", ["scope": "col", "class": index < numbers || texts.contains(index) ? "t" : "n"], title)
        }
        let table = Markup(
            "table",
            [
                Markup("caption", caption), Markup("thead", [Markup("tr", columns)]), Markup("tbody", rows),
            ]
        )
        return Markup(
            "div",
            ["class": "scroll", "id": id, "role": "region", "aria-label": caption, "tabindex": "0"],
            [table]
        )
    }

    private static func cell(_ cell: ReportCell?) -> Markup {
        guard let cell else { return Markup("td", ["class": "n"], NumberText.absent) }
        let winner = cell.isWinner ? " winner" : ""
        let verdict = cell.verdict == .better ? " better" : cell.verdict == .worse ? " worse" : ""
        var parts = [Markup(cell.value)]
        // Where nothing is won or lost, a sign is enough.
        let isSign = cell.verdict == .undecided || cell.verdict == .noDifference
        if isSign, let word = cell.verdict?.rawValue {
            parts.append(Markup("abbr", ["class": "faint", "title": word], " " + cell.sign))
        }
        if let interval = cell.interval { parts.append(Markup("small", interval)) }
        let words = [isSign ? nil : cell.verdict?.rawValue, cell.isWinner ? "wins the row" : nil].compactMap(\.self)
        if !words.isEmpty { parts.append(Markup("span", ["class": "word"], words.joined(separator: ", "))) }
        return Markup("td", ["class": "n" + verdict + winner], parts)
    }

    private static func differences(_ comparison: Comparison) -> Markup {
        let rows = comparison.differences.map { difference in
            let unit = difference.metric.unit
            let interval = difference.interval.map {
                "\(NumberText.value($0.low, unit)) to \(NumberText.value($0.high, unit))"
            }
            let cells = [
                NumberText.value(difference.difference, unit), interval ?? NumberText.absent,
                NumberText.fixed(difference.adjustedPValue, decimals: 4),
                NumberText.value(difference.minimumEffect, unit), "\(difference.pairs)", difference.verdict.rawValue,
            ]
            return Markup(
                "tr",
                [Markup("th", ["scope": "row"], difference.metric.label), Markup("td", difference.profile)]
                    + cells.map { Markup("td", ["class": "n"], $0) }
            )
        }
        let table = scrolling(
            id: "differences",
            caption: "Differences from \(comparison.reference), paired by seed",
            header: [
                "metric", "profile", "difference", "95 % interval", "p after Holm", "minimum effect", "pairs",
                "verdict",
            ],
            numbers: 2,
            rows: rows
        )
        return Markup("details", [Markup("summary", "All differences and their evidence"), table])
    }
}
