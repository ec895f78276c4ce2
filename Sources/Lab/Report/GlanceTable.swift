/// The head of the page: which profile loses links, when, and why.
struct GlanceTable {
    private static let stripHeight = 34.0

    let comparison: Comparison
    let histories: [ProfileHistory]
    let marks: EndReasonMarks
    /// The plan of the first seed.
    let faults: [FaultMark]
    /// The page has a timeline of each profile.
    let linksToTimelines: Bool

    /// Nothing where no run left a history.
    var section: [Markup] {
        guard !histories.isEmpty else { return [] }
        let most = histories.map { rate($0.history) }.max() ?? 0
        let rows = histories.enumerated().map { index, history in row(history, index, most: most) }
        let table = HTMLTables.scrolling(
            id: "glance",
            caption: caption,
            header: ["profile", "link ends per node and hour", "pairs can talk", "when", "why"],
            numbers: 1,
            texts: [3, 4],
            rows: rows + (hasEnds ? [axisRow] : [])
        )
        return summary + [table] + (hasEnds ? [marks.legend] : [])
    }

    private var hasEnds: Bool { histories.contains { $0.history.endCount > 0 } }

    private var caption: String {
        var text = "Ends of links that were up, all runs, each counted once under the reason of the end that ended it"
        text += " first. When: the run from left to right, each row to its own height"
        return text + (faults.isEmpty ? "." : "; bands are faults (of the first seed).")
    }

    // MARK: In words

    private var summary: [Markup] {
        let losing = histories.filter { $0.history.endCount > 0 }
            .sorted { rate($0.history) > rate($1.history) }
        let quiet = histories.count - losing.count
        let plan =
            faults.isEmpty
            ? "No fault was injected."
            : "Faults: \(faults.prefix(4).map(Lane.describe).joined(separator: "; "))"
                + (faults.count > 4 ? "; and \(faults.count - 4) more." : ".")
        guard !losing.isEmpty else {
            let subject = histories.count == 1 ? "Under this profile" : "Under all \(histories.count) profiles"
            return [Markup("p", ["class": "lead"], "\(subject) every link that came up stayed up. \(plan)")]
        }
        var parts: [Markup] = []
        if quiet > 0 {
            parts.append(Markup("Links ended under \(losing.count) of \(histories.count) profiles: "))
        } else {
            parts.append(Markup(histories.count == 1 ? "Links ended: " : "Links ended under every profile: "))
        }
        for (index, history) in losing.prefix(3).enumerated() {
            if index > 0 { parts.append(Markup("; ")) }
            parts += phrase(history)
        }
        if losing.count > 3 { parts.append(Markup("; and \(losing.count - 3) with fewer")) }
        parts.append(Markup(". " + (quiet > 0 ? "Under the others every link stayed up. " : "") + plan))
        return [Markup("p", ["class": "lead"], parts)]
    }

    /// `quick-win (149 per node and hour, 50 % replaced, from 1 min on)`.
    private func phrase(_ entry: ProfileHistory) -> [Markup] {
        guard let top = entry.history.rankedEnds.first else { return [Markup("b", entry.profile)] }
        let share = Double(top.count) / Double(max(entry.history.endCount, 1))
        return [
            Markup("b", entry.profile),
            Markup(
                " (\(NumberText.number(rate(entry.history))) per node and hour, "
                    + "\(NumberText.share(share)) "),
            Markup("b", top.reason),
            Markup(", \(period(entry.history)))"),
        ]
    }

    /// When ends happened, to the span: `4 min to 1 h`.
    private func period(_ history: RunHistory) -> String {
        let sums = totals(history)
        guard let first = sums.firstIndex(where: { $0 > 0 }), let last = sums.lastIndex(where: { $0 > 0 }) else {
            return NumberText.absent
        }
        let length = comparison.durationSeconds / Double(RunHistory.spanCount)
        let from = Double(first) * length
        let to = Double(last + 1) * length
        return "\(NumberText.moment(from)) to \(NumberText.moment(to))"
    }

    // MARK: Rows

    private func row(_ entry: ProfileHistory, _ index: Int, most: Double) -> Markup {
        let history = entry.history
        let isReference = entry.profile == comparison.reference && comparison.profiles.count > 1
        let name = [
            linksToTimelines
                ? Markup("a", ["href": "#timeline-\(index + 1)"], entry.profile) : Markup(entry.profile)
        ]
        let number = rate(history)
        return Markup(
            "tr", ["class": history.endCount == 0 ? "quiet" : "losing"],
            [
                Markup("th", ["scope": "row"], name + (isReference ? [Markup("small", "reference")] : [])),
                Markup("td", ["class": "n rate"], [Markup(NumberText.number(number)), meter(number, of: most)]),
                Markup("td", ["class": "n"], availability(entry.profile)),
                Markup("td", ["class": "when"], [when(entry)]),
                Markup("td", ["class": "why"], why(history)),
            ]
        )
    }

    private func meter(_ value: Double, of most: Double) -> Markup {
        let width = most > 0 ? value / most : 0
        return Markup(
            "svg", ["class": "meter", "width": "100%", "height": "6", "aria-hidden": "true"],
            [
                .shape("rect", ["class": "groove", "width": "100%", "height": "6", "rx": "1"]),
                .shape("rect", ["class": "loss", "width": Lane.percent(width), "height": "6", "rx": "1"]),
            ]
        )
    }

    private func availability(_ profile: String) -> String {
        guard let summary = comparison[profile: profile]?[.pairAvailability] else { return NumberText.absent }
        // 99.97 % must not read as all of the time.
        let percent = summary.median * 100
        let text = NumberText.fixed(percent, decimals: 1)
        return percent < 100 && text == "100.0" ? ">99.9 %" : "\(Lane.number(percent)) %"
    }

    private func when(_ entry: ProfileHistory) -> Markup {
        let height = Self.stripHeight
        let most = Double(totals(entry.history).max() ?? 0)
        var below = [Double](repeating: 0, count: RunHistory.spanCount)
        var shapes = Lane.bands(faults, duration: comparison.durationSeconds)
        var paths: [Markup] = []
        for mark in marks.marks where most > 0 {
            var bars: [(below: Double, height: Double)] = []
            for span in 0..<RunHistory.spanCount {
                let count = entry.history.ends.reduce(0) {
                    marks.mark($1.reason) == mark && span < $1.bySpan.count ? $0 + $1.bySpan[span] : $0
                }
                let unit = Double(count) / most * (height - 2)
                bars.append((below[span], unit))
                below[span] += unit
            }
            let data = Lane.bars(bars, base: height - 1)
            if !data.isEmpty { paths.append(.shape("path", ["class": mark, "d": data])) }
        }
        shapes.append(Lane.stretched(height: height, paths))
        shapes.append(
            .shape(
                "line", ["class": "axis", "x1": "0", "x2": "100%", "y1": "\(height - 0.5)", "y2": "\(height - 0.5)"])
        )
        let title =
            entry.history.endCount == 0
            ? "no link ended" : "\(entry.history.endCount) ends in all runs, \(period(entry.history))"
        return Lane.strip(title, Int(height), shapes)
    }

    private func why(_ history: RunHistory) -> [Markup] {
        let all = history.endCount
        guard all > 0 else { return [Markup("span", ["class": "faint"], "no link ended")] }
        var lines = history.rankedEnds.prefix(2).map { ends in
            Markup(
                "div",
                [
                    EndReasonMarks.icon(marks.mark(ends.reason)), Markup(" "), Markup("b", ends.reason),
                    Markup(" \(NumberText.share(Double(ends.count) / Double(all)))"),
                ]
            )
        }
        let rest = history.ends.count - lines.count
        let lonely = Double(history.strandingCount) / Double(all)
        let more = rest > 0 ? "and \(rest) more; " : ""
        lines.append(Markup("small", more + "\(NumberText.share(lonely)) left a node without a link to that peer"))
        return lines
    }

    private var axisRow: Markup {
        let scale = AxisScale(timeTo: comparison.durationSeconds, steps: 6)
        return Markup(
            "tr", ["class": "axis-row"],
            [
                Markup("td", ["colspan": "3"], ""),
                Markup("td", ["class": "when"], [Lane.axisStrip(scale, label: NumberText.clock)]),
                Markup("td", ""),
            ]
        )
    }

    // MARK: Figures

    private func totals(_ history: RunHistory) -> [Int] {
        (0..<RunHistory.spanCount).map { span in
            history.ends.reduce(0) { span < $1.bySpan.count ? $0 + $1.bySpan[span] : $0 }
        }
    }

    /// As the table's rates: a link's end counts once for its pair, over all nodes.
    private func rate(_ history: RunHistory) -> Double {
        let hours = comparison.durationSeconds / 3_600 * Double(comparison.seeds.count) * Double(max(history.nodes, 1))
        return hours > 0 ? Double(history.endCount) / hours : 0
    }
}
