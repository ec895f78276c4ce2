/// Blocks over time: per profile, slots with and without a block, and forks.
struct BlockFigure {
    private static let top = 10.0
    private static let barHeight = 26.0

    let comparison: Comparison
    let histories: [ProfileHistory]
    let faults: [FaultMark]

    /// Nothing where no slot began in any run.
    var section: [Markup] {
        let drawn = histories.filter { $0.history.slots.contains { $0 > 0 } }
        guard !drawn.isEmpty else { return [] }
        let axis = Lane.axis(AxisScale(timeTo: comparison.durationSeconds), label: NumberText.clock)
        return [
            Markup("h2", ["id": "blocks"], "Blocks"),
            Markup(
                "p",
                "All runs. A slot is filled when any node made a block for it. The table above asks for more: it counts a "
                    + "block once at least two thirds of the nodes have reached its height."
            ),
            legend,
            Markup("figure", ["aria-label": "Slots filled and missed, and forks, over time"], drawn.map(row) + [axis]),
            table(drawn),
        ]
    }

    private func row(_ entry: ProfileHistory) -> Markup {
        let history = entry.history
        let most = Double(history.slots.max() ?? 1)
        var filled: [(below: Double, height: Double)] = []
        var missed: [(below: Double, height: Double)] = []
        for span in history.slots.indices {
            let unit = Self.barHeight / most
            let count = min(history.filledSlots[span], history.slots[span])
            filled.append((0, Double(count) * unit))
            missed.append((Double(count) * unit, Double(history.slots[span] - count) * unit))
        }
        let bars = Lane.stretched(
            top: Self.top, height: Self.barHeight,
            [("up", filled), ("missed", missed)].compactMap { name, heights in
                let data = Lane.bars(heights, base: Self.barHeight)
                return data.isEmpty ? nil : .shape("path", ["class": name, "d": data])
            }
        )
        var shapes = Lane.bands(faults, duration: comparison.durationSeconds) + [bars]
        for (span, count) in history.forks.enumerated() where count > 0 {
            let place = (Double(span) + 0.5) / Double(RunHistory.spanCount)
            shapes.append(.shape("use", ["href": "#fork", "x": Lane.percent(place), "y": "5"]))
        }
        let numbers = Self.numbers(history)
        let words = "\(numbers.filled) filled, \(numbers.missed) missed, \(numbers.forks) forks"
        return Lane.row(
            entry.profile, note: words, title: "\(entry.profile): \(words)", height: Int(Self.top + Self.barHeight),
            shapes
        )
    }

    /// A fork's mark; defined once a page.
    static let shape = Markup.shape(
        "path", ["id": "fork", "class": "fork", "d": "M-4-4H-2L0-1.5L2-4H4L.9 0V4h-1.8V0z"])

    private var legend: Markup {
        let items = [("up", "filled"), ("missed", "missed")].map { name, word in
            Markup(
                "li",
                [
                    Markup(
                        "svg", ["class": "icon", "width": "14", "height": "12", "aria-hidden": "true"],
                        [.shape("path", ["class": name, "d": "M.5.5h13v11h-13z"])]
                    ),
                    Markup(" \(word)"),
                ]
            )
        }
        return Markup(
            "ul", ["class": "legend"],
            items + [Markup("li", [EndReasonMarks.icon("fork"), Markup(" a second block at a height")])]
        )
    }

    private static func numbers(_ history: RunHistory) -> (filled: Int, missed: Int, forks: Int) {
        let slots = history.slots.reduce(0, +)
        let filled = min(history.filledSlots.reduce(0, +), slots)
        return (filled, slots - filled, history.forks.reduce(0, +))
    }

    private func table(_ drawn: [ProfileHistory]) -> Markup {
        let rows = drawn.map { entry in
            let numbers = Self.numbers(entry.history)
            return Markup(
                "tr",
                [Markup("th", ["scope": "row"], entry.profile)]
                    + [numbers.filled, numbers.missed, numbers.forks].map { Markup("td", ["class": "n"], "\($0)") }
            )
        }
        let table = HTMLTables.scrolling(
            id: "block-counts", caption: "Slots and forks, all runs",
            header: ["profile", "slots filled", "slots missed", "forks"], numbers: 1, rows: rows
        )
        return Markup("details", [Markup("summary", "The same in numbers"), table])
    }
}
