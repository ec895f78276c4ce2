/// Link timelines as inline SVG: a row per pair, coloured by state, over the faults of the plan.
enum TimelineFigure {
    private static let width = 1_000.0
    private static let left = 170.0
    private static let right = 14.0
    private static let rowHeight = 18.0
    private static let barHeight = 12.0
    private static let labelHeight = 14.0

    /// Fills that differ by more than colour. Browsers drop patterns of elements that are not rendered, hence an
    /// image without size instead of a hidden one.
    static let patterns = Markup(
        "svg",
        ["class": "patterns", "width": "0", "height": "0", "aria-hidden": "true", "focusable": "false"],
        [
            Markup(
                "defs",
                [
                    pattern("zombie-hatch", "--zombie", "M0 5L5 0"),
                    pattern("double-dots", "--double", "M1 2.5h2"),
                ]
            )
        ]
    )

    static func section(_ timelines: [LinkTimeline]) -> [Markup] {
        guard !timelines.isEmpty else { return [] }
        var parts = [Markup("h2", "Link timelines"), legend]
        for timeline in timelines {
            parts.append(Markup("h3", timeline.profile))
            parts.append(figure(timeline))
            parts.append(shares(timeline))
        }
        return parts
    }

    private static let legend = Markup(
        "figure",
        [
            Markup(
                "svg",
                ["viewBox": "0 0 1000 20", "role": "img", "aria-label": "legend of the states"],
                TimelineState.allCases.enumerated().flatMap { index, state in
                    let x = Double(index) * 230 + 4
                    return [
                        .shape("path", ["class": state.rawValue, "d": bar(state, from: x, to: x + 30, top: 4)]),
                        Markup("text", ["x": number(x + 36), "y": "14"], meaning(state)),
                    ]
                }
            )
        ]
    )

    private static func figure(_ timeline: LinkTimeline) -> Markup {
        let scale = AxisScale(timeTo: timeline.duration)
        let lanes = min(timeline.faults.count, 3)
        let top = Double(lanes) * labelHeight + 4
        let bottom = top + Double(timeline.pairs.count) * rowHeight
        var shapes = faults(timeline, scale, lanes: max(lanes, 1), bottom: bottom)
        for (row, pair) in timeline.pairs.enumerated() {
            let y = top + Double(row) * rowHeight
            shapes.append(
                Markup("text", ["x": number(left - 8), "y": number(y + 11), "text-anchor": "end"], pair.name)
            )
            shapes += paths(pair, scale, top: y + 2)
        }
        shapes += axis(scale, at: bottom + 2)
        let label =
            "Link states of \(timeline.profile) over \(NumberText.clock(timeline.duration)); "
            + "the table below has the shares."
        return Markup(
            "figure",
            [
                Markup(
                    "svg",
                    ["viewBox": "0 0 \(number(width)) \(number(bottom + 22))", "role": "img", "aria-label": label],
                    shapes
                )
            ]
        )
    }

    /// One path per state keeps a day of two-minute links small; spans that would be drawn on the same tenth of a
    /// unit as the one before are drawn once.
    private static func paths(_ pair: PairTimeline, _ scale: AxisScale, top: Double) -> [Markup] {
        TimelineState.allCases.compactMap { state in
            var data = ""
            var previous = ""
            for span in pair.spans where span.state == state && span.end >= span.start {
                let from = x(span.start, scale)
                let piece = bar(state, from: from, to: max(x(span.end, scale), from + 0.4), top: top)
                if piece != previous { data += piece }
                previous = piece
            }
            return data.isEmpty ? nil : .shape("path", ["class": state.rawValue, "d": data])
        }
    }

    private static func faults(
        _ timeline: LinkTimeline,
        _ scale: AxisScale,
        lanes: Int,
        bottom: Double
    ) -> [Markup] {
        timeline.faults.enumerated().flatMap { index, fault -> [Markup] in
            let from = x(fault.start, scale)
            let to = max(x(fault.end ?? timeline.duration, scale), from + 1)
            let y = Double(index % lanes) * labelHeight
            // A label near the right edge runs to the left of its place.
            let isLate = from > width * 0.75
            return [
                Markup(
                    "rect",
                    [
                        "class": "fault", "x": number(from), "y": number(y), "width": number(to - from),
                        "height": number(bottom - y),
                    ],
                    [Markup("title", "\(fault.label), \(period(fault))")]
                ),
                Markup(
                    "text",
                    [
                        "class": "faint", "x": number(isLate ? from - 3 : from + 3), "y": number(y + 11),
                        "text-anchor": isLate ? "end" : "start",
                    ],
                    fault.label
                ),
            ]
        }
    }

    private static func axis(_ scale: AxisScale, at y: Double) -> [Markup] {
        let last = scale.ticks.count - 1
        return scale.ticks.enumerated().flatMap { index, tick -> [Markup] in
            let place = x(tick, scale)
            let line = Markup.shape("path", ["class": "axis", "d": "M\(number(place)) \(number(y))v4"])
            // The end of the run rarely falls on a step: its label gives way where they would touch.
            let isCrowded = index == last - 1 && x(scale.ticks[last], scale) - place < 45
            if isCrowded { return [line] }
            let anchor = index == last ? "end" : "middle"
            let attributes: KeyValuePairs = [
                "class": "faint", "x": number(place), "y": number(y + 15), "text-anchor": anchor,
            ]
            return [line, Markup("text", attributes, NumberText.clock(tick))]
        }
    }

    /// The same facts for those who cannot see the picture.
    private static func shares(_ timeline: LinkTimeline) -> Markup {
        let rows = timeline.pairs.map { pair in
            let cells = TimelineState.allCases.map { state in
                timeline.duration > 0
                    ? NumberText.share(pair.seconds(in: state) / timeline.duration) : NumberText.absent
            }
            return Markup(
                "tr",
                [Markup("th", ["scope": "row"], pair.name)]
                    + (cells + ["\(max(pair.spans.count - 1, 0))"]).map { Markup("td", ["class": "n"], $0) }
            )
        }
        let header = Markup(
            "tr",
            [Markup("th", ["scope": "col"], "pair")]
                + (TimelineState.allCases.map(\.rawValue) + ["changes"]).map {
                    Markup("th", ["scope": "col", "class": "n"], $0)
                }
        )
        let table = Markup("table", [Markup("thead", [header]), Markup("tbody", rows)])
        let plan = timeline.faults.map { Markup("li", "\($0.label), \(period($0))") }
        let faults = plan.isEmpty ? [] : [Markup("p", "Fault plan"), Markup("ul", plan)]
        return Markup(
            "details", [Markup("summary", "Shares of time and fault plan of \(timeline.profile)"), table] + faults)
    }

    private static func period(_ fault: FaultMark) -> String {
        guard let end = fault.end else { return "from \(NumberText.clock(fault.start)) on" }
        return "\(NumberText.clock(fault.start)) to \(NumberText.clock(end))"
    }

    private static func meaning(_ state: TimelineState) -> String {
        switch state {
        case .down: "down: no link"
        case .up: "up: one link that delivers"
        case .zombie: "zombie: up, nothing is delivered"
        case .double: "double: more than one link"
        }
    }

    private static func pattern(_ id: String, _ color: String, _ path: String) -> Markup {
        Markup(
            "pattern",
            ["id": id, "width": "5", "height": "5", "patternUnits": "userSpaceOnUse"],
            [
                .shape("rect", ["width": "5", "height": "5", "style": "fill:var(\(color))"]),
                .shape("path", ["d": path, "style": "stroke:var(--page);stroke-width:1.2"]),
            ]
        )
    }

    /// A state without a link is a thin line: the difference survives a print without colours.
    private static func bar(_ state: TimelineState, from: Double, to: Double, top: Double) -> String {
        let height = state == .down ? 3 : barHeight
        let length = number(to - from)
        return "M\(number(from)) \(number(top + barHeight - height))h\(length)v\(number(height))h-\(length)z"
    }

    private static func x(_ seconds: Double, _ scale: AxisScale) -> Double {
        left + scale.position(seconds) * (width - left - right)
    }

    private static func number(_ value: Double) -> String {
        let text = NumberText.fixed(value, decimals: 1)
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
}
