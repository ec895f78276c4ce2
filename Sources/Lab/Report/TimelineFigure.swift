/// Link timelines: a strip per pair, drawn by state, with the ends of its links, over the faults of the plan.
struct TimelineFigure {
    /// Pairs that are drawn at once; those beyond are behind a click.
    static let shownPairs = 21
    /// Pairs that are drawn at all.
    static let drawnPairs = 120
    private static let levelHeight = 9.0
    private static let barHeight = 12.0

    let timelines: [LinkTimeline]
    let marks: EndReasonMarks

    var section: [Markup] {
        guard !timelines.isEmpty else { return [] }
        let order = pairOrder
        var parts = [
            Markup("h2", ["id": "timelines"], "Link timelines"),
            Markup("p", "The first seed, pair by pair. \(orderNote(order.count))"), legend,
        ]
        if !marks.reasons.isEmpty { parts.append(marks.legend) }
        for (index, timeline) in timelines.enumerated() {
            parts.append(Markup("h3", ["id": "timeline-\(index + 1)"], timeline.profile))
            parts.append(figure(timeline, order))
            parts.append(shares(timeline, index))
        }
        return parts
    }

    // MARK: Which pairs

    /// Names of the pairs: as they are where they are few, else those first that lose most links in any profile.
    private var pairOrder: [String] {
        var names: [String] = []
        var ends: [Int] = []
        // Every profile of a comparison has the same pairs, in the same order but for those that never met.
        for timeline in timelines {
            var place = 0
            for pair in timeline.pairs {
                while place < names.count, names[place] != pair.name { place += 1 }
                if place == names.count {
                    place = names.firstIndex(of: pair.name) ?? names.count
                    if place == names.count {
                        names.append(pair.name)
                        ends.append(0)
                    }
                }
                ends[place] += pair.ends.count
            }
        }
        guard names.count > Self.shownPairs else { return names }
        return names.indices.sorted { (ends[$1], $0) < (ends[$0], $1) }.prefix(Self.drawnPairs).map { names[$0] }
    }

    private func orderNote(_ count: Int) -> String {
        let all = timelines.map(\.pairs.count).max() ?? 0
        guard all > Self.shownPairs else { return "Point at a row for its figures; they are in the tables, too." }
        return all > count
            ? "The \(count) of \(all) pairs that lose most links are drawn, the worst first."
            : "The pairs that lose most links come first."
    }

    // MARK: Drawing

    private func figure(_ timeline: LinkTimeline, _ order: [String]) -> Markup {
        let scale = AxisScale(timeTo: timeline.duration)
        let places = timeline.pairs.sorted { $0.name < $1.name }
        let pairs = order.compactMap { name in Self.find(name, in: places) }
        let shown = marks.marks.filter { mark in
            timeline.pairs.contains { $0.ends.contains { marks.mark($0.reason) == mark } }
        }
        let rows = pairs.map { row($0, timeline, scale, shown) }
        let axis = Lane.axis(scale, label: NumberText.clock)
        var parts = faultLabels(timeline, scale) + Array(rows.prefix(Self.shownPairs)) + [axis]
        let rest = Array(rows.dropFirst(Self.shownPairs))
        if !rest.isEmpty {
            parts.append(
                Markup(
                    "details",
                    [Markup("summary", "\(rest.count) more \(rest.count == 1 ? "pair" : "pairs")")] + rest + [axis])
            )
        }
        let label = "Link states of \(timeline.profile) over \(NumberText.clock(timeline.duration))"
        let figure = Markup("figure", ["class": "timeline", "aria-label": label], parts)
        guard timelines.count > 1, let quiet = Self.quiet(timeline) else { return figure }
        return Markup("details", [Markup("summary", quiet), figure])
    }

    /// In words, where nothing happened that a picture would show: every pair got one link and kept it.
    private static func quiet(_ timeline: LinkTimeline) -> String? {
        var latest = 0.0
        for pair in timeline.pairs {
            guard let last = pair.spans.last, last.state == .up, pair.ends.isEmpty, pair.spans.count <= 3 else {
                return nil
            }
            // While a link comes up, one end has it a moment before the other.
            guard pair.spans.dropLast().allSatisfy({ $0.state == .down || $0.end - $0.start < 1 }) else { return nil }
            latest = max(latest, last.start)
        }
        guard !timeline.pairs.isEmpty, timeline.faults.isEmpty else { return nil }
        let moment = NumberText.number(latest)
        return "Every pair kept its first link to the end; the last one came up at \(moment) s. Show the pairs"
    }

    private static func find(_ name: String, in sorted: [PairTimeline]) -> PairTimeline? {
        var low = 0
        var high = sorted.count
        while low < high {
            let middle = (low + high) / 2
            if sorted[middle].name < name { low = middle + 1 } else { high = middle }
        }
        return low < sorted.count && sorted[low].name == name ? sorted[low] : nil
    }

    private func row(_ pair: PairTimeline, _ timeline: LinkTimeline, _ scale: AxisScale, _ shown: [String]) -> Markup {
        let states = TimelineState.allCases.compactMap { state -> Markup? in
            let data = Self.data(pair, state, scale)
            return data.isEmpty ? nil : .shape("path", ["class": state.rawValue, "d": data])
        }
        // Two reasons often come at one moment: their marks stand one above the other.
        let barTop = Self.levelHeight * Double(min(shown.count, 2)) + 1
        let bars = Lane.stretched(top: barTop, height: Self.barHeight, states)
        let shapes = Lane.bands(timeline.faults, duration: timeline.duration) + [bars] + uses(pair, scale, shown)
        let title = Self.words(pair, timeline.duration)
        return Lane.row(pair.name, title: title, height: Int(barTop + Self.barHeight), shapes)
    }

    /// One path per state keeps a day of two-minute links small; spans that would be drawn on the same tenth of a
    /// unit as the one before are drawn once.
    private static func data(_ pair: PairTimeline, _ state: TimelineState, _ scale: AxisScale) -> String {
        var data = ""
        var previous = ""
        for span in pair.spans where span.state == state && span.end >= span.start {
            let from = scale.position(span.start) * Lane.units
            let piece = bar(state, from: from, to: max(scale.position(span.end) * Lane.units, from + 0.4))
            if piece != previous { data += piece }
            previous = piece
        }
        return data
    }

    /// States differ by shape, too: a full bar, a low bar, two thin bars, a line.
    private static func bar(_ state: TimelineState, from: Double, to: Double) -> String {
        let strips: [(top: Double, height: Double)] =
            switch state {
            case .down: [(barHeight - 2, 2)]
            case .up: [(0, barHeight)]
            case .zombie: [(barHeight / 2, barHeight / 2)]
            case .double: [(0, 5), (7, 5)]
            }
        let length = Lane.number(to - from)
        return strips.map {
            "M\(Lane.number(from)) \(Lane.number($0.top))h\(length)v\(Lane.number($0.height))h-\(length)z"
        }.joined()
    }

    /// A mark per end; of one reason not more than there is room for.
    private func uses(_ pair: PairTimeline, _ scale: AxisScale, _ shown: [String]) -> [Markup] {
        var drawn: [String] = []
        var last: [Double] = []
        var shapes: [Markup] = []
        for end in pair.ends {
            let mark = marks.mark(end.reason)
            let place = scale.position(end.at)
            if let index = drawn.firstIndex(of: mark) {
                if place - last[index] < 0.006 { continue }
                last[index] = place
            } else {
                drawn.append(mark)
                last.append(place)
            }
            let level = (shown.firstIndex(of: mark) ?? 0) % 2
            let y = Lane.number((Double(level) + 0.5) * Self.levelHeight)
            shapes.append(.shape("use", ["href": "#\(mark)", "x": Lane.percent(place), "y": y]))
        }
        return shapes
    }

    private func faultLabels(_ timeline: LinkTimeline, _ scale: AxisScale) -> [Markup] {
        guard !timeline.faults.isEmpty else { return [] }
        let lanes = min(timeline.faults.count, 3)
        let shapes = timeline.faults.prefix(24).enumerated().map { index, fault -> Markup in
            let place = scale.position(fault.start)
            // A label near the right edge ends at its place.
            return Markup(
                "text",
                [
                    "class": "tick", "x": Lane.percent(place), "y": "\((index % lanes) * 14 + 11)",
                    "text-anchor": place > 0.6 ? "end" : "start",
                ],
                fault.label
            )
        }
        let strip = Markup(
            "svg", ["class": "strip", "width": "100%", "height": "\(lanes * 14 + 2)", "aria-hidden": "true"], shapes
        )
        return [Markup("div", ["class": "lane"], [Markup("div", ["class": "name faint"], "faults"), strip])]
    }

    // MARK: In words

    /// `a–b: up 97 %, down 3 %; 29 ends: 29 replaced`.
    private static func words(_ pair: PairTimeline, _ duration: Double) -> String {
        let states = TimelineState.allCases.compactMap { state -> String? in
            let seconds = pair.seconds(in: state)
            return seconds > 0 && duration > 0 ? "\(state.rawValue) \(NumberText.share(seconds / duration))" : nil
        }
        var history = RunHistory()
        for end in pair.ends { history.end(end.reason, span: 0, isStranding: false) }
        let ends = history.rankedEnds.map { "\($0.count) \($0.reason)" }.joined(separator: ", ")
        let count = pair.ends.count
        return "\(pair.name): \(states.joined(separator: ", "))"
            + (count > 0 ? "; \(count) \(count == 1 ? "end" : "ends"): \(ends)" : "; no end")
    }

    private var legend: Markup {
        let items = TimelineState.allCases.map { state in
            Markup(
                "li",
                [
                    Markup(
                        "svg", ["class": "icon", "width": "26", "height": "12", "aria-hidden": "true"],
                        [.shape("path", ["class": state.rawValue, "d": Self.bar(state, from: 0, to: 26)])]
                    ),
                    Markup(" "), Markup("b", state.rawValue), Markup(": \(Self.meaning(state))"),
                ]
            )
        }
        return Markup("ul", ["class": "legend"], items)
    }

    private static func meaning(_ state: TimelineState) -> String {
        switch state {
        case .down: "no link"
        case .up: "one link that delivers"
        case .zombie: "up, nothing is delivered"
        case .double: "more than one link"
        }
    }

    /// The same facts for those who cannot see the picture.
    private func shares(_ timeline: LinkTimeline, _ index: Int) -> Markup {
        let rows = timeline.pairs.prefix(Self.drawnPairs * 4).map { pair in
            let cells = TimelineState.allCases.map { state in
                timeline.duration > 0
                    ? NumberText.share(pair.seconds(in: state) / timeline.duration) : NumberText.absent
            }
            return Markup(
                "tr",
                [Markup("th", ["scope": "row"], pair.name)]
                    + (cells + ["\(pair.ends.count)"]).map { Markup("td", ["class": "n"], $0) }
            )
        }
        let table = HTMLTables.scrolling(
            id: "shares-\(index + 1)", caption: "Shares of time of \(timeline.profile), first seed",
            header: ["pair"] + TimelineState.allCases.map(\.rawValue) + ["link ends"], numbers: 1, rows: Array(rows)
        )
        let plan = timeline.faults.map { Markup("li", Lane.describe($0)) }
        let faults = plan.isEmpty ? [] : [Markup("p", "Fault plan"), Markup("ul", plan)]
        return Markup(
            "details",
            [Markup("summary", "Shares of time\(plan.isEmpty ? "" : " and fault plan") of \(timeline.profile)"), table]
                + faults
        )
    }
}
